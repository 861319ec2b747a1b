import Foundation
import KeyturnCore
import KeyturnSimulation
import Testing

@Suite("Simulated worlds", .timeLimit(.minutes(10)))
struct SimulationTests {
    @Test("nobody is locked out, nothing is forgotten and nothing done twice, by seed", arguments: 0..<20)
    func seeds(block: Int) {
        for seed in UInt64(block * 10 + 1)...UInt64(block * 10 + 10) {
            let outcome = Simulation(seed: seed).run()
            #expect(outcome.violations.isEmpty, "seed \(seed): \(Set(outcome.violations).sorted())")
            #expect(outcome.promotions > 0, "seed \(seed)")
        }
    }

    @Test("a broken rule is found out", arguments: Simulation.mutations)
    func mutations(_ mutation: String) {
        let found = (1...300).contains { !Simulation(seed: UInt64($0), mutation: mutation).run().violations.isEmpty }
        #expect(found, "\(mutation) went unnoticed for 300 seeds")
    }

    @Test("ten years on Berlin's clock: every night once, over clock changes and leap days")
    func years() throws {
        let data = try #require(FileManager.default.contents(atPath: "/usr/share/zoneinfo/Europe/Berlin"))
        let berlin = try TimeZoneRules(tzif: Array(data))
        let start = UTCInstant(millisecondsSinceEpoch: 1_767_225_600_000)
        // 02:30 does not exist on one night of the year, and comes twice on another.
        let used = Simulation.years(
            10, expression: "cron(30 2 * * ? *)", timeZone: "Europe/Berlin", from: start,
            planner: DuePlanner { (_) throws(TimeZoneError) in berlin })
        let schedule = try RotationSchedule(
            automaticallyAfterDays: nil, scheduleExpression: "cron(30 2 * * ? *)", duration: nil, dialect: .extended,
            timeZone: berlin, setAt: start)
        #expect(used.count >= 3_652 && used == schedule.windows(from: start, count: used.count))
    }

    @Test("the same seed gives the same world")
    func determinism() {
        for seed in [7, 13, 99] as [UInt64] {
            let (first, second) = (Simulation(seed: seed).run(), Simulation(seed: seed).run())
            #expect(first.promotions == second.promotions && first.kills == second.kills, "seed \(seed)")
            #expect(first.simulated == second.simulated && first.missed == second.missed, "seed \(seed)")
        }
    }
}
