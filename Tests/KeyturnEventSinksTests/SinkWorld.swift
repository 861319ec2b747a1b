import Foundation
import KeyturnCore
import KeyturnFixtures
import KeyturnHTTP
import Testing

extension SecretBytes {
    convenience init(_ text: String) {
        var bytes = Array(text.utf8)
        self.init(taking: &bytes)
    }
}

extension EventSink {
    func error(_ events: [SequencedEvent]) async -> EventSinkError? {
        do {
            try await deliver(events)
            return nil
        } catch { return error }
    }
}

extension SequencedEvent {
    /// An event of the numbered secret; the number of the event is in its id.
    static func numbered(_ number: Int, secret: Int, message: String? = nil) throws -> SequencedEvent {
        let detail: RotationEvent.Detail
        if let message {
            detail = .rotationFailed(
                RecordedFailure(step: .setSecret, code: .permissionDenied, message: message, remedy: "r", at: moment))
        } else {
            detail = .rotationStarted(trigger: .schedule)
        }
        return SequencedEvent(
            sequence: Int64(number),
            event: RotationEvent(
                id: EventID("event-\(number)"),
                secret: SecretID(arn: "arn:aws:secretsmanager:local:000000000000:secret:s\(secret)-AbCdEf"),
                name: try SecretName("s\(secret)"), version: nil, at: moment, detail: detail))
    }
}
