import ArgumentParser
import KeyturnCore
import KeyturnListener
import NIOSSL

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
        let certificate: NIOSSLCertificate?
        do throws(TLSIdentityError) { certificate = try settings.api.tls?.certificates().first } catch {
            throw FrontDoor.failure(error, file: settings.file)
        }
        let probe = DaemonProbe(address: settings.api.listen.reachable, certificate: certificate)
        let reply: DaemonProbe.Reply
        do { reply = try await probe.get(live ? "/healthz" : "/readyz") } catch DaemonProbe.Failure.otherCertificate {
            throw CommandFailure(
                .unreachable, code: "other-certificate",
                cause: "who answers on \(probe.origin) has another certificate than api.tls.certificate",
                next:
                    "if the certificate was renewed just now, wait ten seconds; else see why the daemon did not take it"
            )
        } catch {
            throw CommandFailure(
                .unreachable, code: "daemon-unreachable", cause: "nobody answers on \(probe.origin): \(error)",
                next: "start keyturn serve with this configuration")
        }
        let lines = reply.text.split(separator: "\n").map(String.init)
        let isWell = reply.isSuccess
        switch global.output {
        case .json: Output.json(["ok": .flag(isWell), "lines": .strings(lines)])
        case .table: for line in lines { Output.line(line) }
        }
        return isWell ? .done : .unreachable
    }
}
