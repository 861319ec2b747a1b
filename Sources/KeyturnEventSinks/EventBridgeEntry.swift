import Foundation
import KeyturnCore

/// One entry of a PutEvents request, with what it stands for.
struct EventBridgeEntry: Sendable {
    /// What is sent. AWS: "PutEventsRequestEntry", EventBridge API reference.
    struct Fields: Encodable, Sendable {
        let time: Int64
        let source: String
        let detailType: String
        let detail: String
        let resources: [String]
        let eventBusName: String

        private enum CodingKeys: String, CodingKey {
            case time = "Time"
            case source = "Source"
            case detailType = "DetailType"
            case detail = "Detail"
            case resources = "Resources"
            case eventBusName = "EventBusName"
        }

        /// AWS: "Calculating PutEvents event entry size": 14 bytes for the time, and the rest in UTF-8.
        var byteCount: Int {
            14 + ([source, detailType, detail] + resources).reduce(0) { $0 + $1.utf8.count }
        }
    }

    let id: EventID
    let secret: SecretID
    let fields: Fields
    /// Whether it stands in for an event that no bus takes.
    let isStandIn: Bool

    /// The event itself.
    init(_ event: RotationEvent, source: String, bus: String) throws {
        let envelope = EventBridgeEnvelope(event, source: source)
        id = event.id
        secret = event.secret
        isStandIn = false
        fields = Fields(
            time: event.at.millisecondsSinceEpoch / 1000, source: envelope.source, detailType: envelope.detailType,
            detail: try envelope.detailJSON(), resources: envelope.resources, eventBusName: bus)
    }

    /// What is sent in the place of an event that was refused for what it says.
    private struct StandInDetail: Encodable {
        let eventID: String
        let refusedDetailType: String
        let errorCode: String
    }

    private init(for entry: EventBridgeEntry, code: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let detail = StandInDetail(
            eventID: entry.id.text, refusedDetailType: entry.fields.detailType, errorCode: String(code.prefix(64)))
        id = entry.id
        secret = entry.secret
        isStandIn = true
        fields = Fields(
            time: entry.fields.time, source: entry.fields.source, detailType: "Keyturn Event Refused",
            detail: String(decoding: try encoder.encode(detail), as: UTF8.self), resources: [entry.secret.arn],
            eventBusName: entry.fields.eventBusName)
    }

    /// The entry that says that this one was refused, and why.
    func standIn(for code: String) throws(EventSinkError) -> EventBridgeEntry {
        do { return try EventBridgeEntry(for: self, code: code) } catch {
            throw EventSinkError("event \(id) can't be written as JSON", remedy: "report this")
        }
    }
}
