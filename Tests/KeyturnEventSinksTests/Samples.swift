import Foundation
import KeyturnCore
import Testing

/// 2026-01-02T03:04:05.678Z.
let moment = UTCInstant(millisecondsSinceEpoch: 1_767_323_045_678)

let secret = SecretID(arn: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:prod/orders-AbCdEf")

/// One case of every kind of event, under the name of its golden file.
struct EventSample: Sendable, CustomTestStringConvertible {
    let name: String
    let detail: RotationEvent.Detail
    var hasVersion = true

    var testDescription: String { name }

    func event() throws -> RotationEvent {
        RotationEvent(
            id: EventID("6a7e8feb-b491-4cf7-a9f1-bf3703467718"), secret: secret, name: try SecretName("prod/orders"),
            version: hasVersion ? try VersionID("7ac47c8c-f328-423b-9698-6926dd1f293e") : nil, at: moment,
            detail: detail)
    }

    static func all() throws -> [EventSample] {
        let failure = RecordedFailure(
            step: .setSecret, code: .permissionDenied, message: "role \"keyturn\" may not alter \"app\"",
            remedy: "GRANT app TO keyturn WITH ADMIN OPTION", at: moment)
        return [
            EventSample(name: "rotation-started-by-request", detail: .rotationStarted(trigger: .request)),
            EventSample(name: "rotation-started-by-schedule", detail: .rotationStarted(trigger: .schedule)),
            EventSample(
                name: "rotation-succeeded",
                detail: .rotationSucceeded(
                    previous: try VersionID("00000000-f328-423b-9698-6926dd1f293e"), gapMilliseconds: 12)),
            EventSample(
                name: "rotation-succeeded-first", detail: .rotationSucceeded(previous: nil, gapMilliseconds: nil)),
            EventSample(name: "rotation-failed", detail: .rotationFailed(failure)),
            EventSample(name: "rotation-abandoned", detail: .rotationAbandoned),
            EventSample(name: "label-updated", detail: .labelUpdated(.current)),
            EventSample(name: "label-updated-custom", detail: .labelUpdated(try StagingLabel("\"blue/grün\""))),
            EventSample(
                name: "deletion-scheduled",
                detail: .deletionScheduled(at: moment.advanced(by: .seconds(7 * 86_400))), hasVersion: false),
            EventSample(name: "deletion-cancelled", detail: .deletionCancelled, hasVersion: false),
            EventSample(name: "deleted", detail: .deleted, hasVersion: false),
        ]
    }

    func sequenced(_ sequence: Int64) throws -> SequencedEvent {
        SequencedEvent(sequence: sequence, event: try event())
    }
}
