import ArgumentParser
import Foundation
import KeyturnCore

/// The API's requests a second, beside an endpoint that answers the same bytes and does nothing.
@main
struct ServiceBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "service-benchmark",
        abstract: "Measures the API of a daemon beside a static endpoint, by one load generator.",
        subcommands: [Measure.self, StaticEndpoint.self], defaultSubcommand: Measure.self)
}

/// `service-benchmark measure`: reads from its input a line for each access key, id and secret with a blank between them.
struct Measure: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "measure")

    @Option(help: "The daemon's port on 127.0.0.1.") var port: Int
    @Option(help: "The daemon's process id.") var pid: Int
    @Option(help: "The static endpoint's port.") var staticPort: Int
    @Option(help: "Names of the secrets that are read, with commas.") var secrets: String
    @Option(help: "Seconds for each measurement.") var seconds = 3.0
    @Option(help: "Rounds; the endpoints take turns, and the median counts.") var rounds = 3
    @Option(help: "Connections, with commas.") var connections = "1,8,64"
    @Option(help: "Operations, with commas.") var operations = "GetSecretValue,DescribeSecret"

    func run() async throws {
        var keys: [Signer] = []
        while let line = readLine() { if let key = Signer(line) { keys.append(key) } }
        guard !keys.isEmpty else { throw ValidationError("no access keys in the input") }
        say("operation        connections   keyturn/s            static/s             ratio   p50, p99, p99.9 in ms")
        for operation in operations.split(separator: ",").map(String.init) {
            for count in connections.split(separator: ",").compactMap({ Int($0) }) {
                try await measure(operation, count, keys)
            }
        }
        say("the daemon's memory now, in KB: \(memory("VmRSS")); at most: \(memory("VmHWM"))")
    }

    private func measure(_ operation: String, _ count: Int, _ keys: [Signer]) async throws {
        var (ours, static_): ([Load], [Load]) = ([], [])
        for _ in 0..<rounds {
            // Signed anew for each measurement: a signature is good for five minutes.
            let requests = keys.flatMap { key in
                secrets.split(separator: ",").map { key.request(operation, #"{"SecretId":"\#($0)"}"#, port: port) }
            }
            ours.append(try await LoadGenerator(port: port, connections: count).run(requests, seconds: seconds))
            static_.append(
                try await LoadGenerator(port: staticPort, connections: count).run(requests, seconds: seconds))
        }
        for load in ours + static_ where load.failures > 0 {
            say("\(load.failures) answers were no 200, the first: \(load.firstFailure ?? "")")
            throw ExitCode(1)
        }
        let median = Load.median(ours)
        let base = Load.median(static_)
        let columns = [
            operation.padded(to: 16), String(count).padded(to: 13), spread(ours).padded(to: 20),
            spread(static_).padded(to: 20), String(format: "%.2f", median.rate / base.rate).padded(to: 7),
            [0.5, 0.99, 0.999].map { String(format: "%.2f", median.latency($0)) }.joined(separator: ", "),
        ]
        say(columns.joined(separator: " "))
    }

    private func spread(_ loads: [Load]) -> String {
        let rates = loads.map(\.rate).sorted()
        return String(
            format: "%.0f (%.0f-%.0f)", rates[rates.count / 2], rates.first ?? 0, rates.last ?? 0)
    }

    private func memory(_ field: String) -> String {
        let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""  // Gone: it says so.
        let line = status.split(separator: "\n").first { $0.hasPrefix(field) }
        return line?.split(whereSeparator: { " \t".contains($0) }).dropFirst().first.map(String.init) ?? "unknown"
    }
}

/// Writes a line at once, whoever reads.
func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

extension String {
    func padded(to width: Int) -> String { padding(toLength: max(width, count), withPad: " ", startingAt: 0) }
}
