import Foundation
import KeyturnCore
import KeyturnEventSinks
import Testing

@Suite("EventBridgeEnvelope") struct EventBridgeEnvelopeTests {
    @Test("every kind of event is written as its golden file says", arguments: try EventSample.all())
    func golden(sample: EventSample) throws {
        let line = try EventBridgeEnvelope(try sample.event(), source: "keyturn.rotation").jsonLine()
        let file = Self.goldenDirectory.appendingPathComponent(sample.name + ".json")
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try Data((line + "\n").utf8).write(to: file)
        }
        #expect(line + "\n" == String(decoding: try Data(contentsOf: file), as: UTF8.self))
    }

    @Test("no golden file is left over")
    func goldenFiles() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.goldenDirectory.path)
        #expect(try files.sorted() == EventSample.all().map { $0.name + ".json" }.sorted())
    }

    @Test("an envelope is one line of JSON with EventBridge's fields", arguments: try EventSample.all())
    func envelope(sample: EventSample) throws {
        let line = try EventBridgeEnvelope(try sample.event(), source: "com.example.\"secrets\"").jsonLine()
        #expect(!line.contains("\n") && !line.contains("\r"))
        let object = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        let names: Set = [
            "version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail",
        ]
        #expect(Set(object.keys) == names)
        #expect(object["source"] as? String == "com.example.\"secrets\"")
        #expect(object["account"] as? String == "123456789012" && object["region"] as? String == "eu-central-1")
        #expect(object["time"] as? String == "2026-01-02T03:04:05Z", "whole seconds, rounded down")
        let detail = try #require(object["detail"] as? [String: Any])
        if case .labelUpdated(let label) = sample.detail {
            #expect(detail["labelUpdated"] as? String == label.text)
            #expect(object["resources"] as? [String] == [secret.arn])
        } else {
            let data = try #require(detail["additionalEventData"] as? [String: Any])
            #expect(
                data["SecretId"] as? String == secret.arn && detail["eventID"] as? String == object["id"] as? String)
            #expect((object["resources"] as? [String])?.isEmpty == true)
        }
    }

    @Test("a rotation's request id is AWS's: the secret and the attempt's token")
    func requestID() throws {
        for sample in try EventSample.all() where sample.name.hasPrefix("rotation-") {
            let line = try EventBridgeEnvelope(try sample.event(), source: "s").jsonLine()
            #expect(line.contains("\"requestID\":\"Rotation-\(secret.arn)-7ac47c8c-f328-423b-9698-6926dd1f293e\""))
        }
    }

    @Test("no field has a name under which AWS keeps a secret back", arguments: try EventSample.all())
    func noSecrets(sample: EventSample) throws {
        let line = try EventBridgeEnvelope(try sample.event(), source: "s").jsonLine().lowercased()
        for name in ["secretstring", "secretbinary", "rotationtoken", "password", "ciphertext", "record"] {
            #expect(!line.contains(name), "\(name) in \(line)")
        }
    }

    @Test("a line break or a control character in a message does not break the line")
    func controlCharacters() throws {
        let failure = RecordedFailure(
            step: .testSecret, code: .targetFailed, message: "one\ntwo\r\u{2028}\u{0}\u{7f}", remedy: "\\", at: moment)
        let sample = EventSample(name: "odd", detail: .rotationFailed(failure))
        let line = try EventBridgeEnvelope(try sample.event(), source: "s").jsonLine()
        #expect(!line.utf8.contains { $0 < 0x20 })
        let object = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        let detail = try #require(object["detail"] as? [String: Any])
        #expect(detail["errorMessage"] as? String == failure.message + " during testSecret step")
    }

    private static let goldenDirectory = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Golden")
}
