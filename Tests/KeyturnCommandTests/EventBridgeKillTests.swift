import Foundation
import GRDB
import Glibc
import KeyturnFixtures
import KeyturnSimulation
import Synchronization
import Testing

/// A bus on loopback that takes PutEvents as EventBridge does: an entry at a time, sometimes not, and sometimes its
/// answer gets lost.
private final class Bus: Sendable {
    /// What is on the bus.
    struct Entry: Hashable, Sendable {
        /// The event's id, or what a label's event says in its place: EventBridge's shape has none for it.
        let key: String
        let secret: String
        /// All of it.
        let text: String
    }

    private struct State {
        var random: SeededRandom
        var entries: [Entry] = []
        var faults = 0
    }

    private let state: Mutex<State>

    init(seed: UInt64) { state = Mutex(State(random: SeededRandom(seed: seed))) }

    var entries: [Entry] { state.withLock { $0.entries } }
    /// How often it failed.
    var faults: Int { state.withLock { $0.faults } }

    func answer(_ request: HTTPServerRequest) -> [HTTPServer.Step] {
        state.withLock { state in
            let fate = Int.random(in: 0..<20, using: &state.random)
            if fate < 3 { state.faults += 1 }
            // Not taken at all.
            if fate == 0 { return [.send(HTTPServer.reply(500, body: #"{"__type":"InternalFailure"}"#))] }
            let body = try? JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any]
            var results: [String] = []
            for (index, given) in (body?["Entries"] as? [[String: Any]] ?? []).enumerated() {
                // All but the first are taken.
                if fate == 1, index == 0 {
                    results.append(#"{"ErrorCode":"ThrottlingException","ErrorMessage":"slow down"}"#)
                    continue
                }
                state.entries.append(Self.entry(given))
                results.append(#"{"EventId":"\#(state.entries.count)"}"#)
            }
            // Taken, and the client does not hear of it.
            if fate == 2 { return [.reset] }
            let failed = results.count { $0.contains("ErrorCode") }
            return [
                .send(
                    HTTPServer.reply(
                        200, body: #"{"FailedEntryCount":\#(failed),"Entries":[\#(results.joined(separator: ","))]}"#))
            ]
        }
    }

    private static func entry(_ given: [String: Any]) -> Entry {
        let text = given["Detail"] as? String ?? ""
        let detail = (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any] ?? [:]
        let whole = "\(given["Time"] ?? "") \(given["DetailType"] ?? "") \(text)"
        if let id = detail["eventID"] as? String {
            let secret = (detail["serviceEventDetails"] as? [String: Any])?["secretId"] as? String
            return Entry(key: id, secret: secret ?? "", text: whole)
        }
        let key = ["name", "labelUpdated", "versionId"].map { detail[$0] as? String ?? "" }.joined(separator: " ")
        return Entry(key: key, secret: (given["Resources"] as? [String])?.first ?? "", text: whole)
    }
}

@Suite(
    "EventBridge and a daemon that is killed", .enabled(if: Availability.postgresOrRequired), .timeLimit(.minutes(5)))
struct EventBridgeKillTests {
    private static let kills = 30

    /// The events of the store, in order, keyed as they are on the bus.
    private func stored(_ keyturn: Keyturn) throws -> [(secret: String, key: String)] {
        try keyturn.openStore().read { db in
            try Row.fetchAll(db, sql: "SELECT event_id, arn, name, version_id, detail FROM outbox ORDER BY sequence")
                .map {
                    row in
                    let detail = try JSONSerialization.jsonObject(with: Data((row["detail"] as String).utf8))
                    let update = (detail as? [String: Any])?["labelUpdated"] as? [String: Any]
                    let text = (update?["_0"] as? [String: Any])?["text"] as? String
                    guard let label = text else { return (row["arn"], row["event_id"]) }
                    return (row["arn"], "\(row["name"] as String) \(label) \(row["version_id"] as String? ?? "")")
                }
        }
    }

    private func spawnDaemon(_ keyturn: Keyturn) throws -> SpawnedProcess {
        try spawn(
            Keyturn.binary, ["serve", "--config", keyturn.configuration],
            environment: ["AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "not a secret"])
    }

    @Test(
        "30 kills while three secrets rotate: each secret's events are on the bus in order, none is missing, and one that is there twice is the same",
        arguments: [20_261_124] as [UInt64])
    func kills(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let bus = Bus(seed: seed)
        let server = try HTTPServer { bus.answer($0) }
        let world = try ScheduledWorld(secrets: 3)
        let keyturn = world.keyturn
        try keyturn.configure(
            sinks: false, level: "info",
            more: """
                api: { listen: "127.0.0.1:\(world.port)" }
                scheduler: { pollInterval: 50ms }
                """,
            moreSinks:
                #"{ type: eventbridge, region: eu-central-1, bus: rotations, endpoint: "http://127.0.0.1:\#(server.port)" }"#
        )
        for _ in 0..<Self.kills {
            try world.makeDue()
            let daemon = try spawnDaemon(keyturn)
            usleep(useconds_t(Int.random(in: 100..<900, using: &random)) * 1_000)
            daemon.send(signal: SIGKILL)
            _ = try daemon.wait(timeout: .seconds(10))
        }
        try world.makeDue()
        let daemon = try spawnDaemon(keyturn)
        let isDone = waitUntil(timeout: .seconds(60), every: .milliseconds(100)) {
            guard let events = try? stored(keyturn) else { return false }
            let told = Set(bus.entries.map(\.key))
            return events.allSatisfy { told.contains($0.key) }
                && world.users.allSatisfy { (try? world.works($0)) ?? false }
        }
        #expect(isDone, "seed \(seed): \(daemon.error)")
        daemon.send(signal: SIGTERM)
        #expect(try daemon.wait(timeout: .seconds(20)).status == 0)
        try compare(stored(keyturn), bus, seed: seed)
        for user in world.users { #expect(try world.works(user), "seed \(seed)") }
    }

    private func compare(_ events: [(secret: String, key: String)], _ bus: Bus, seed: UInt64) throws {
        let entries = bus.entries
        var first: [String: Bus.Entry] = [:]
        var order: [String: [String]] = [:]
        for entry in entries {
            if let before = first.updateValue(entry, forKey: entry.key) {
                #expect(before == entry, "seed \(seed): one that comes again is the same")
            } else {
                order[entry.secret, default: []].append(entry.key)
            }
        }
        let expected = Dictionary(grouping: events, by: \.secret).mapValues { $0.map(\.key) }
        #expect(Set(order.keys) == Set(expected.keys), "seed \(seed)")
        for (secret, keys) in expected {
            #expect(Set(keys).count == keys.count, "seed \(seed): the test tells its events apart")
            #expect(order[secret] == keys, "seed \(seed), \(secret)")
        }
        // Otherwise nothing was tried.
        #expect(
            events.count > 40 && entries.count > events.count && bus.faults > 3,
            "seed \(seed): \(events.count) events, \(entries.count) entries, \(bus.faults) faults")
    }
}
