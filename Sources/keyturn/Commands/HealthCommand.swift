import ArgumentParser
import KeyturnCore
import KeyturnCurl
import KeyturnHTTP

/// `keyturn health`
struct HealthCommand: KeyturnSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "health", abstract: "Ask the running daemon how it is: for probes.",
        discussion: """
            Asks /readyz of the daemon that listens on api.listen of the configuration, or /healthz with --live, and opens \
            nothing else. Exit code 0: it says that it is well. 69: it says that it is not, or does not answer.
            """)

    @Flag(name: .long, help: "Only whether it answers, not whether it does its work.") var live = false
    @OptionGroup var global: GlobalOptions

    func perform(startedAt start: ProcessStart) async throws -> ExitStatus {
        do {
            let settings = try ConfigurationFile.read(ConfigurationFile.locate(global.config))
            return try await ask(settings)
        } catch { throw CommandFailure.wrap(error, format: global.output) }
    }

    private func ask(_ settings: Settings) async throws -> ExitStatus {
        let origin = try HTTPOrigin(.http, host: settings.listen.host, port: settings.listen.port)
        var limits = HTTPLimits()
        limits.firstLine = .seconds(5)
        limits.whole = .seconds(8)
        let request = HTTPRequest(.get, origin, try HTTPTarget(live ? "/healthz" : "/readyz"), limits: limits)
        let transport = try CurlTransport(CurlSettings(proxy: .none))
        let reply: HTTPReply
        do throws(HTTPFailure) { reply = try await transport.send(request) } catch {
            throw CommandFailure(
                .unreachable, code: "daemon-unreachable", cause: "nobody answers on \(origin): \(error.detail)",
                next: "start keyturn serve with this configuration")
        }
        let lines = reply.body.withBytes { String(decoding: $0, as: UTF8.self) }.split(separator: "\n").map(String.init)
        let isWell = reply.status.isSuccess
        switch global.output {
        case .json: Output.json(["ok": .flag(isWell), "lines": .strings(lines)])
        case .table: for line in lines { Output.line(line) }
        }
        return isWell ? .done : .unreachable
    }
}
