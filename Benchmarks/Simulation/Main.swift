import ArgumentParser
import KeyturnSimulation

/// Runs simulations by their seeds; `scripts/simulate` builds and calls it.
@main
struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keyturn-simulate",
        abstract: "Runs the real scheduler and runner in a virtual world that fails by a seed.")

    @Option(help: "How many seeds.") var seeds = 1_000
    @Option(help: "The first seed.") var first: UInt64 = 1
    @Option(help: "One seed alone.") var seed: UInt64?
    @Option(help: "Leave a rule out: one of \(Simulation.mutations.joined(separator: ", ")).") var mutate: String?

    func run() throws {
        if let mutate, !Simulation.mutations.contains(mutate) { throw ValidationError("unknown mutation \(mutate)") }
        let seeds = seed.map { $0..<($0 + 1) } ?? first..<(first + UInt64(max(0, self.seeds)))
        var (promotions, missed, kills, broken) = (0, 0, 0, 0)
        var days = 0.0
        for seed in seeds {
            let outcome = Simulation(seed: seed, mutation: mutate).run()
            promotions += outcome.promotions
            missed += outcome.missed
            kills += outcome.kills
            days += outcome.simulated / .seconds(86_400)
            guard !outcome.violations.isEmpty else { continue }
            broken += 1
            for violation in Set(outcome.violations).sorted().prefix(5) { print("seed \(seed): \(violation)") }
            print("seed \(seed): replay with scripts/simulate --seed \(seed)")
            // A mutation that was found out has done its duty.
            if mutate != nil || broken >= 10 { break }
        }
        print(
            "\(seeds.count) seeds: \(promotions) rotations, \(missed) windows missed and told, \(kills) daemons killed, "
                + "\(Int(days)) days simulated, \(broken) seeds with violations")
        if (broken > 0) != (mutate != nil) { throw ExitCode(1) }
    }
}
