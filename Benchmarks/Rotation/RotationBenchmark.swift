import ArgumentParser
import Foundation
import KeyturnCore
import KeyturnFixtures

/// The benchmarks against real servers.
@main
struct Benchmarks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotation-benchmark", abstract: "Measures rotations beside bare clients in the same run.",
        subcommands: [RotationBenchmark.self, WindowBenchmark.self], defaultSubcommand: RotationBenchmark.self)
}

/// Rotations a second at 1, 2, 8 and 32 in flight, for each server and strategy, beside a bare client loop with the same
/// connections and password changes in the same run; and what each step takes.
struct RotationBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rate", abstract: "Rotations a second, as a ratio to a bare client loop.")

    @Option(help: "Seconds for each measurement.") var seconds = 3.0
    @Option(help: "Rounds; bare loop and engine take turns, and the median counts.") var rounds = 3
    @Option(help: "Measure servers whose name begins so: PostgreSQL, MariaDB, MySQL.") var server = ""

    func run() async throws {
        say(
            "One rotation = log in, prove, set the password, log in with the new one, prove. \(rounds) rounds of \(seconds) s."
        )
        for scenario in Scenario.all where scenario.kind.rawValue.hasPrefix(server) {
            try await measure(scenario)
        }
    }

    private func measure(_ scenario: Scenario) async throws {
        say("\n\(scenario)")
        say("in flight   bare client/s        keyturn/s            ratio (median of rounds; min-max)")
        let target = try scenario.start()
        let directory = NSTemporaryDirectory() + "keyturn-benchmark-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let engine = try Engine(scenario, directory: directory)
        // The two never share a user: neither has to be told what the other did.
        let ours = try (0..<32).map { try target.makeUser("our\($0)") }
        let theirs = try (0..<32).map { number in
            try (0..<(scenario.isAlternating ? 2 : 1)).map { try target.makeUser("bare\(number)x\($0)") }
        }
        try await engine.enrol(ours, port: target.server.port, admin: target.admin)
        var last: Engine.Result?
        for inFlight in [1, 2, 8, 32] {
            var bare: [Double] = []
            var rates: [Double] = []
            for _ in 0..<rounds {
                bare.append(Double(target.runBare(Array(theirs.prefix(inFlight)), seconds: seconds)) / seconds)
                let result = try await engine.run(ours.prefix(inFlight).map(\.name), seconds: seconds)
                rates.append(Double(result.rotations) / seconds)
                last = result
            }
            say(row(inFlight, bare, rates, median(rates) / median(bare)))
        }
        if let last { report(last) }
        try target.stop()
    }

    /// A line is shown when it is done, also where the output is a file.
    private func say(_ line: String) {
        print(line)
        fflush(nil)
    }

    private func row(_ inFlight: Int, _ bare: [Double], _ ours: [Double], _ ratio: Double) -> String {
        func cell(_ values: [Double]) -> String {
            String(format: "%6.1f (%.0f-%.0f)", median(values), values.min() ?? 0, values.max() ?? 0)
                .padding(toLength: 20, withPad: " ", startingAt: 0)
        }
        return String(format: "%9d   ", inFlight) + cell(bare) + " " + cell(ours) + String(format: " %.2f", ratio)
    }

    private func report(_ result: Engine.Result) {
        let steps = result.steps.sorted { $0.key < $1.key }.map { "\($0.key.rawValue) \($0.value)" }
        say("at 32 in flight, mean of each step: \(steps.joined(separator: ", "))")
        say("disk for each rotation: \(result.writtenBytes) bytes written, the store grows by \(result.storeBytes)")
    }

    private func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    }
}
