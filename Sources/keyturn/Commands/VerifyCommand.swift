import ArgumentParser
import KeyturnCore
import KeyturnEngine

/// `keyturn verify`
struct VerifyCommand: InstalledCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Prove by a log-in that AWSCURRENT works; changes nothing.",
        discussion: "Runs the verification queries too. Exits with 7 if a credential is refused.")

    @Argument(help: "The secret's name or ARN.") var name: String?
    @Flag(name: .long, help: "Verify every secret with rotation configured.") var all = false
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard (name == nil) == all else { throw ValidationError("Name a secret, or say --all.") }
    }

    func run(_ installation: Installation, startedAt start: ProcessStart) async throws -> ExitStatus {
        var results: [(SecretRecord, CommandFailure?)] = []
        for secret in try await installation.rotatedSecrets(name) {
            do throws(RotationError) {
                try await installation.runner.verify(.arn(secret.id), label: .current)
                results.append((secret, nil))
            } catch { results.append((secret, CommandFailure(error))) }
        }
        switch global.output {
        case .json:
            let list = results.map { secret, failure in
                JSONValue.object([
                    "ARN": .string(secret.id.arn), "Name": .string(secret.name.text), "verified": .flag(failure == nil),
                    "code": .optional(failure?.code), "cause": .optional(failure?.cause),
                    "next": .optional(failure?.next),
                ])
            }
            Output.json(["secrets": .array(list)])
        case .table:
            for (secret, failure) in results {
                Output.line("  \(failure == nil ? Style.good("verified") : Style.bad("FAILED"))  \(secret.name)")
                if let failure {
                    Output.line("      \(failure.cause)")
                    Output.line("      → \(failure.next)")
                }
            }
        }
        return results.reduce(.done) { $0.orWorse($1.1?.status ?? .done) }
    }
}
