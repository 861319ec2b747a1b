import Foundation
import GRDB
import KeyturnFixtures
import Synchronization
import Testing

@Suite("Events over HTTP", .timeLimit(.minutes(5)))
struct RemoteSinkTests {
    private static let key = "0123456789abcdef0123456789abcdef"

    private func webhook(_ server: HTTPServer, more: String = "") throws -> EventsWorld {
        let world = try EventsWorld("sinks: []")
        try Data("\(Self.key)\n".utf8).write(to: URL(fileURLWithPath: world.keyturn.directory + "/hook.key"))
        try world.configure(
            #"sinks: [ { type: webhook, url: "http://127.0.0.1:\#(server.port)/hook?token=hidden", secretFile: hook.key\#(more) } ]"#
        )
        return world
    }

    private func signature(_ time: String, _ body: [UInt8]) throws -> String {
        let result = try KeyturnFixtures.run(
            "openssl", ["dgst", "-sha256", "-hmac", Self.key], input: Data("\(time).".utf8) + Data(body))
        return result.output.split(separator: " ").last.map { $0.trimmingCharacters(in: .newlines) } ?? ""
    }

    @Test("a webhook gets each event once, in order, signed with the key of the file")
    func webhook() throws {
        let server = try HTTPServer.plain()
        let world = try webhook(server)
        for name in ["one", "two"] { try world.addSecret(name) }
        let requests = server.requests
        #expect(requests.map { String(decoding: $0.body, as: UTF8.self).contains(#""name":"one""#) } == [true, false])
        for request in requests {
            let parts = try #require(request["Keyturn-Signature"]).split(separator: ",").map {
                $0.split(separator: "=")[1]
            }
            #expect(try signature(String(parts[0]), request.body) == parts[1])
            let event = try JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any]
            #expect(event?["id"] as? String == request["Keyturn-Event-Id"])
        }
        let status = try world.keyturn.run("status", "--output", "json")
        #expect(!status.output.contains("hidden") && !status.output.contains(Self.key))
    }

    @Test("events that a webhook refuses wait in the store, and hold up neither commands nor other sinks")
    func refused() throws {
        let isWell = Mutex(false)
        let server = try HTTPServer { _ in [.send(HTTPServer.reply(isWell.withLock { $0 } ? 204 : 503))] }
        let world = try webhook(server, more: " }, { type: file, path: events.jsonl")
        let made = try world.keyturn.run("secret", "create", "one", input: "x")
        #expect(
            made.status == 0 && made.error.contains("webhook:http://127.0.0.1:\(server.port)/hook"), "\(made.error)")
        #expect(!made.error.contains("hidden"))
        #expect(try world.names() == ["one"])
        func waiting() throws -> [Int] {
            let sinks = try world.keyturn.json("status")["sinks"] as? [[String: Any]]
            return (sinks ?? []).map { $0["waiting"] as? Int ?? -1 }
        }
        #expect(try waiting() == [1, 0])
        isWell.withLock { $0 = true }
        try world.addSecret("two")
        #expect(try waiting() == [0, 0])
        #expect(
            server.requests.suffix(2).map { String(decoding: $0.body, as: UTF8.self).contains("one") } == [true, false])
    }

    @Test("EventBridge gets events signed with the key of the environment, else of the credentials file")
    func eventBridge() throws {
        let server = try HTTPServer { request in
            let body = String(decoding: request.body, as: UTF8.self)
            let entries = body.components(separatedBy: #""DetailType""#).count - 1
            let taken = [String](repeating: #"{"EventId":"e"}"#, count: entries).joined(separator: ",")
            return [.send(HTTPServer.reply(200, body: #"{"FailedEntryCount":0,"Entries":[\#(taken)]}"#))]
        }
        let world = try EventsWorld(
            #"sinks: [ { type: eventbridge, region: eu-central-1, bus: rotations, endpoint: "http://127.0.0.1:\#(server.port)" } ]"#
        )
        let home = world.keyturn.directory
        func create(_ name: String, _ environment: [String: String]) throws -> String {
            try KeyturnFixtures.run(
                Keyturn.binary, ["secret", "create", name, "--config", world.keyturn.configuration],
                input: Data("x".utf8),
                environment: environment.merging(["HOME": home]) { $1 }
            ).error
        }
        #expect(try create("one", [:]).contains("AWS_ACCESS_KEY_ID is not set"))
        #expect(server.requests.isEmpty)
        let keys = ["AWS_ACCESS_KEY_ID": "AKIDENVIRONMENT", "AWS_SECRET_ACCESS_KEY": "topsecret"]
        #expect(try !create("two", keys).contains("topsecret"))
        #expect(server.requests.count == 1)
        let first = try #require(server.requests.first)
        #expect(first["Authorization"]?.contains("Credential=AKIDENVIRONMENT/") ?? false)
        #expect(first["X-Amz-Target"] == "AWSEvents.PutEvents")
        #expect(String(decoding: first.body, as: UTF8.self).contains(#""EventBusName":"rotations""#))
        let file =
            "[default]\naws_access_key_id=AKIDDEFAULT\naws_secret_access_key=x\n[night]\n"
            + "aws_access_key_id = AKIDNIGHT\naws_secret_access_key = topsecret\naws_session_token = tok\n"
        try Data(file.utf8).write(to: URL(fileURLWithPath: home + "/credentials"))
        _ = try create(
            "three", ["AWS_SHARED_CREDENTIALS_FILE": home + "/credentials", "AWS_PROFILE": "night"])
        let last = try #require(server.requests.last)
        #expect(last["Authorization"]?.contains("Credential=AKIDNIGHT/") ?? false)
        #expect(last["X-Amz-Security-Token"] == "tok")
    }

    @Test("a sink's progress stands under the name that status shows")
    func names() throws {
        let server = try HTTPServer.plain(#"{"FailedEntryCount":0,"Entries":[{"EventId":"e"}]}"#)
        let world = try webhook(
            server,
            more:
                #" }, { type: file, path: a.jsonl }, { type: eventbridge, region: local, endpoint: "http://127.0.0.1:\#(server.port)" "#
        )
        let result = try KeyturnFixtures.run(
            Keyturn.binary, ["secret", "create", "one", "--config", world.keyturn.configuration], input: Data("x".utf8),
            environment: ["AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "x"])
        #expect(result.status == 0, "\(result.error)")
        let shown = (try world.keyturn.json("status")["sinks"] as? [[String: Any]])?.compactMap {
            $0["name"] as? String
        }
        let kept = try world.keyturn.openStore().read { db in
            try String.fetchAll(db, sql: "SELECT sink FROM sink_cursors WHERE sequence > 0")
        }
        #expect(Set(kept) == Set(shown ?? []) && kept.count == 3, "\(kept) \(shown ?? [])")
    }

    @Test(
        "a sink that can't be used is refused with its place, and nothing is made",
        arguments: [
            (#"{ type: webhook, url: "http://hooks.example/x", secretFile: k }"#, "events.sinks[0].url is http"),
            (#"{ type: webhook, url: "https://user:pw@hooks.example/x", secretFile: k }"#, "events.sinks[0].url"),
            (#"{ type: webhook, url: "https://hooks.example/x" }"#, "events.sinks[0].secretFile is missing"),
            (#"{ type: webhook, url: "https://hooks.example/x", secretFile: nowhere }"#, "can't be opened"),
            (#"{ type: webhook, url: "https://hooks.example/x", secretFile: short }"#, "fewer than 16 bytes"),
            (#"{ type: webhok, url: "https://hooks.example/x" }"#, "did you mean webhook?"),
            (#"{ type: webhook, urll: "https://hooks.example/x" }"#, "did you mean url?"),
            (#"{ type: eventbridge }"#, "events.sinks[0].region is missing"),
            (#"{ type: eventbridge, region: "Not A Region" }"#, "events.sinks[0].region"),
            (#"{ type: eventbridge, region: local, endpoint: "http://elsewhere.example" }"#, "is http"),
            (#"{ type: eventbridge, region: local, caFile: nowhere }"#, "caFile"),
        ])
    func badSinks(_ sink: String, _ problem: String) throws {
        let world = try EventsWorld("sinks: []")
        try Data("short\n".utf8).write(to: URL(fileURLWithPath: world.keyturn.directory + "/short"))
        try world.configure("sinks: [ \(sink) ]")
        let result = try world.keyturn.run("secret", "create", "one", input: "x")
        #expect(result.status == 78 && result.error.contains(problem), "\(result.error)")
        #expect(!result.error.contains("pw@"))
        try world.configure("sinks: []")
        #expect(try world.places().isEmpty)
    }
}
