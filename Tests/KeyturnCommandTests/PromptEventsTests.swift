import Foundation
import GRDB
import Glibc
import KeyturnFixtures
import Testing

@Suite("Events as they happen", .enabled(if: Availability.postgresOrRequired), .timeLimit(.minutes(5)))
struct PromptEventsTests {
    /// The daemon's own events wait for no look at the store, which is a second away.
    private static let prompt = 200

    @Test("most of a daemon's events are in the file a moment after they were written")
    func prompt() throws {
        let world = try ScheduledWorld(secrets: 1)
        func delivered() -> Int {
            let text = (try? String(contentsOfFile: world.keyturn.events, encoding: .utf8)) ?? ""
            return text.components(separatedBy: "RotationSucceeded").count - 1
        }
        let daemon = try world.serve()
        var delays: [Int] = []
        for number in 1...9 {
            try world.makeDue()
            try #require(waitUntil(timeout: .seconds(20), every: .milliseconds(1)) { delivered() == number })
            let now = Int64(Date.now.timeIntervalSince1970 * 1_000)
            let written = try world.keyturn.openStore().read {
                try Int64.fetchOne($0, sql: "SELECT max(at) FROM outbox")
            }
            delays.append(Int(now - (written ?? 0)))
        }
        #expect(delays.count { $0 < Self.prompt } >= 5, "milliseconds: \(delays)")
        daemon.send(signal: SIGTERM)
        #expect(try daemon.wait(timeout: .seconds(20)).status == 0)
    }
}
