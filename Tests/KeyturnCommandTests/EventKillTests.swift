import Foundation
import GRDB
import Glibc
import KeyturnFixtures
import KeyturnSimulation
import Testing

@Suite("Events of a daemon that is killed", .enabled(if: Availability.postgresOrRequired), .timeLimit(.minutes(10)))
struct EventKillTests {
    /// How often the daemon is killed for each seed.
    private static let kills = 12

    /// Where a daemon dies: after a while, or at a point of a delivery.
    private enum Death {
        case after(milliseconds: Int)
        case at(point: String)

        init(using random: inout SeededRandom) {
            let points = [
                "before:sink.deliver", "after:sink.deliver", "before:store.advanceCursor", "after:store.claimCursor",
            ]
            guard Bool.random(using: &random), let point = points.randomElement(using: &random) else {
                self = .after(milliseconds: Int.random(in: 5..<600, using: &random))
                return
            }
            self = .at(point: "kill@\(point)#\(Int.random(in: 1...6, using: &random))")
        }
    }

    /// An event as the store has it, read past the program: a command would deliver.
    private struct Stored: Equatable {
        let id: String
        let isSuccess: Bool
    }

    private func stored(_ keyturn: Keyturn) throws -> [Stored] {
        try keyturn.openStore().read { db in
            try Row.fetchAll(db, sql: "SELECT event_id, detail FROM outbox ORDER BY sequence").map { row in
                Stored(id: row["event_id"], isSuccess: (row["detail"] as String).contains("rotationSucceeded"))
            }
        }
    }

    /// The ids in a file in the order in which they came first.
    /// - Returns: Nil if one came a second time with another content.
    private func delivered(_ path: String, seed: UInt64) throws -> [String] {
        var first: [String: Substring] = [:]
        var order: [String] = []
        for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
            // A write that was cut leaves half a line, which no reader takes for an event.
            guard let event = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
                let id = event["id"] as? String
            else { continue }
            if let before = first[id] {
                #expect(before == line, "seed \(seed): an event that comes again is the same")
            } else {
                first[id] = line
                order.append(id)
            }
        }
        return order
    }

    @Test(
        "killed at random moments while it rotates, a daemon's sinks get every event, in order, again by the same id only",
        arguments: [20_261_124, 7] as [UInt64])
    func kills(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let world = try ScheduledWorld(secrets: 4)
        let keyturn = world.keyturn
        try keyturn.configure(
            sinks: true, level: "info",
            more: """
                api: { listen: "127.0.0.1:\(world.port)" }
                scheduler: { pollInterval: 50ms }
                """,
            moreSinks: ", { type: file, path: succeeded.jsonl, name: done, "
                + "filter: { detail: { eventName: [ RotationSucceeded ] } } }")
        for _ in 0..<Self.kills {
            try world.makeDue()
            switch Death(using: &random) {
            case .after(let milliseconds):
                let daemon = try keyturn.start("serve")
                usleep(useconds_t(milliseconds) * 1_000)
                daemon.send(signal: SIGKILL)
                _ = try daemon.wait(timeout: .seconds(10))
            case .at(let point):
                let daemon = try spawn(
                    Keyturn.binary, ["serve", "--config", keyturn.configuration],
                    environment: ["KEYTURN_FAILPOINT": point])
                // Some points are not reached that often before nothing is left to deliver.
                _ = waitUntil(timeout: .milliseconds(2_500), every: .milliseconds(20)) { !daemon.isRunning }
                daemon.send(signal: SIGKILL)
                _ = try daemon.wait(timeout: .seconds(10))
            }
        }
        try world.makeDue()
        let before = try stored(keyturn).count(where: \.isSuccess)
        let daemon = try world.serve()
        let isDone = waitUntil(timeout: .seconds(30), every: .milliseconds(50)) {
            (try? stored(keyturn).count(where: \.isSuccess) >= before + world.users.count) ?? false
        }
        #expect(isDone, "seed \(seed): \(daemon.error)")
        daemon.send(signal: SIGTERM)
        #expect(try daemon.wait(timeout: .seconds(20)).status == 0)
        let events = try stored(keyturn)
        #expect(try delivered(keyturn.events, seed: seed) == events.map(\.id), "seed \(seed)")
        #expect(
            try delivered(keyturn.directory + "/succeeded.jsonl", seed: seed) == events.filter(\.isSuccess).map(\.id),
            "seed \(seed)")
        #expect(events.count(where: \.isSuccess) > world.users.count, "seed \(seed): rotations went on")
        for user in world.users { #expect(try world.works(user), "seed \(seed)") }
    }
}
