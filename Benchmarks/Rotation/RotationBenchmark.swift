import ArgumentParser
import Foundation
import KeyturnCore
import KeyturnFixtures

/// Rotations a second at 1, 2, 8 and 32 in flight, beside a bare libpq loop with the same connections and statements in
/// the same run; and what each step takes.
@main
struct RotationBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotation-benchmark", abstract: "Rotations a second, as a ratio to a bare libpq loop.")

    @Option(help: "Seconds for each measurement.") var seconds = 3.0
    @Option(help: "Rounds; bare loop and engine take turns, and the median counts.") var rounds = 3

    func run() async throws {
        let server = try PostgresServer.start(settings: ["fsync": "on"])
        let directory = NSTemporaryDirectory() + "keyturn-benchmark-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let engine = try Engine(directory: directory)
        let users = (0..<32).map { (name: "user\($0)", password: "First\($0)password") }
        for user in users { try server.makeUser(user.name, password: user.password) }
        let admin = (user: "adminrot", password: "AdminPassword1")
        try server.makeUser(admin.user, password: admin.password, attributes: "CREATEROLE")
        let adminReference = SecretReference.name(try SecretName("bench/\(admin.user)"))
        try await engine.enrol([(admin.user, admin.password)], port: server.port, admin: nil)

        print(
            "One rotation = log in, prove, set the password, log in with the new one, prove. \(rounds) rounds of \(seconds) s."
        )
        var present = users
        for mode in ["self-service", "admin-driven"] {
            let isAdmin = mode == "admin-driven"
            print("\n\(mode)")
            print("in flight   bare libpq/s         keyturn/s            ratio (median of rounds; min-max)")
            var last: Engine.Result?
            for inFlight in [1, 2, 8, 32] {
                var bare: [Double] = []
                var ours: [Double] = []
                for _ in 0..<rounds {
                    let slice = Array(present.prefix(inFlight))
                    let loop = BareLoop(port: server.port, admin: isAdmin ? (admin.user, admin.password) : nil)
                    let (rotations, passwords) = loop.run(slice, seconds: seconds)
                    bare.append(Double(rotations) / seconds)
                    for (index, password) in passwords.enumerated() { present[index].password = password }
                    try await engine.enrol(
                        Array(present.prefix(inFlight)), port: server.port, admin: isAdmin ? adminReference : nil)
                    let result = try await engine.run(slice.map(\.name), seconds: seconds)
                    ours.append(Double(result.rotations) / seconds)
                    for (index, password) in try await engine.passwords(of: slice.map(\.name)).enumerated() {
                        present[index].password = password
                    }
                    last = result
                }
                let ratio = median(ours) / median(bare)
                print(row(inFlight, bare, ours, ratio))
            }
            if let last { report(last) }
        }
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
        print("at 32 in flight, mean of each step: \(steps.joined(separator: ", "))")
        print("disk for each rotation: \(result.writtenBytes) bytes written, the store grows by \(result.storeBytes)")
    }

    private func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    }
}
