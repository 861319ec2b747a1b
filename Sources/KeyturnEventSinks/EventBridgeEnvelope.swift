import Foundation
public import KeyturnCore

/// An event in the shape in which EventBridge delivers Secrets Manager's own, so that rules written for AWS match.
///
/// AWS: "Match AWS Secrets Manager events with Amazon EventBridge"; the service events' shape is that of CloudTrail.
/// `source` is the operator's: names that begin with `aws.` belong to AWS.
public struct EventBridgeEnvelope: Encodable, Sendable {
    private let version = "0"
    private let id: String
    let detailType: String
    let source: String
    private let account: String
    private let time: String
    private let region: String
    let resources: [String]
    private let detail: Detail

    private enum CodingKeys: String, CodingKey {
        case version, id, source, account, time, region, resources, detail
        case detailType = "detail-type"
    }

    /// Writes the envelope's keys as EventBridge spells them.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(version, forKey: .version)
        try container.encode(id, forKey: .id)
        try container.encode(detailType, forKey: .detailType)
        try container.encode(source, forKey: .source)
        try container.encode(account, forKey: .account)
        try container.encode(time, forKey: .time)
        try container.encode(region, forKey: .region)
        try container.encode(resources, forKey: .resources)
        try detail.encode(to: container.superEncoder(forKey: .detail))
    }

    /// Wraps an event.
    public init(_ event: RotationEvent, source: String) {
        id = event.id.text
        self.source = source
        account = event.secret.account
        region = event.secret.region
        time = event.at.wholeSeconds
        if case .labelUpdated(let label) = event.detail {
            detailType = "Secret Label Updated"
            resources = [event.secret.arn]
            detail = .label(
                LabelDetail(name: event.name.text, labelUpdated: label.text, versionId: event.version?.text))
        } else {
            detailType = "AWS Service Event via CloudTrail"
            resources = []
            detail = .service(ServiceDetail(event))
        }
    }

    /// One line of JSON in UTF-8, with its keys in order and no line break in it.
    public func jsonLine() throws -> String {
        String(decoding: try line(), as: UTF8.self)
    }

    func line() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }

    /// The `detail` alone, as an object in JSON.
    func detailJSON() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(detail), as: UTF8.self)
    }

    private enum Detail: Encodable {
        case label(LabelDetail)
        case service(ServiceDetail)

        func encode(to encoder: any Encoder) throws {
            switch self {
            case .label(let detail): try detail.encode(to: encoder)
            case .service(let detail): try detail.encode(to: encoder)
            }
        }
    }

    private struct LabelDetail: Encodable {
        let name: String
        let labelUpdated: String
        let versionId: String?
    }
}

/// The `detail` of a service event.
struct ServiceDetail: Encodable {
    private let eventVersion = "1.08"
    private let userIdentity: UserIdentity
    private let eventTime: String
    private let eventSource = "secretsmanager.amazonaws.com"
    private let eventName: String
    private let awsRegion: String
    private let errorMessage: String?
    private let additionalEventData: AdditionalData
    private let serviceEventDetails: ServiceEventDetails
    private let requestID: String
    private let eventID: String
    private let readOnly = false
    private let eventType = "AwsServiceEvent"
    private let managementEvent = true
    private let recipientAccountId: String
    private let eventCategory = "Management"

    private struct UserIdentity: Encodable {
        let accountId: String
        let invokedBy = "keyturn"
    }

    private struct ServiceEventDetails: Encodable { let secretId: String }

    /// AWS's `SecretId`, and what AWS does not tell.
    private struct AdditionalData: Encodable {
        let secretID: String
        var versionID: String?
        var previousVersionID: String?
        var gapMilliseconds: Int64?
        var trigger: String?
        var step: String?
        var code: String?
        var next: String?
        var deletionDate: String?
        var windowStart: String?
        var windowEnd: String?

        /// Takes what a failure says beside its message.
        /// - Returns: The message.
        mutating func note(_ failure: RecordedFailure) -> String {
            step = failure.step.rawValue
            code = failure.code.rawValue
            next = failure.remedy
            return "\(failure.message) during \(failure.step.rawValue) step"
        }

        private enum CodingKeys: String, CodingKey {
            case secretID = "SecretId"
            case versionID = "VersionId"
            case previousVersionID = "PreviousVersionId"
            case gapMilliseconds = "GapMilliseconds"
            case trigger = "Trigger"
            case step = "Step"
            case code = "Code"
            case next = "Next"
            case deletionDate = "DeletionDate"
            case windowStart = "WindowStart"
            case windowEnd = "WindowEnd"
        }
    }

    init(_ event: RotationEvent) {
        var data = AdditionalData(secretID: event.secret.arn, versionID: event.version?.text)
        var message: String?
        switch event.detail {
        case .rotationStarted(let trigger):
            eventName = "RotationStarted"
            data.trigger = trigger.rawValue
        case .rotationSucceeded(let previous, let gap):
            eventName = "RotationSucceeded"
            data.previousVersionID = previous?.text
            data.gapMilliseconds = gap
        case .rotationFailed(let failure):
            eventName = "RotationFailed"
            message = data.note(failure)
        case .rotationAbandoned: eventName = "RotationAbandoned"
        case .testRotationStarted: eventName = "TestRotationStarted"
        case .testRotationSucceeded: eventName = "TestRotationSucceeded"
        case .testRotationFailed(let failure):
            eventName = "TestRotationFailed"
            message = data.note(failure)
        case .windowMissed(let start, let end):
            eventName = "RotationWindowMissed"
            data.windowStart = start.description
            data.windowEnd = end.description
        case .labelUpdated: eventName = "SecretLabelUpdated"
        case .deletionScheduled(let date):
            eventName = "StartSecretVersionDelete"
            data.deletionDate = date.description
        case .deletionCancelled: eventName = "CancelSecretVersionDelete"
        case .deleted: eventName = "EndSecretVersionDelete"
        }
        userIdentity = UserIdentity(accountId: event.secret.account)
        eventTime = event.at.wholeSeconds
        awsRegion = event.secret.region
        errorMessage = message
        additionalEventData = data
        serviceEventDetails = ServiceEventDetails(secretId: event.secret.arn)
        let family = event.detail.isOfTest ? "TestRotation" : "Rotation"
        requestID = event.version.map { "\(family)-\(event.secret)-\($0)" } ?? "SecretVersionDelete-\(event.secret)"
        eventID = event.id.text
        recipientAccountId = event.secret.account
    }
}

extension RotationEvent.Detail {
    /// Whether it is about a test of a rotation and not about a rotation.
    fileprivate var isOfTest: Bool {
        switch self {
        case .testRotationStarted, .testRotationSucceeded, .testRotationFailed: true
        case .rotationStarted, .rotationSucceeded, .rotationFailed, .rotationAbandoned, .windowMissed, .labelUpdated,
            .deletionScheduled, .deletionCancelled, .deleted:
            false
        }
    }
}
