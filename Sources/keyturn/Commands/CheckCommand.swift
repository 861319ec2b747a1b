import ArgumentParser
import KeyturnCore
import KeyturnEngine

/// `keyturn check`
struct CheckCommand: InstalledCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Look at everything that could stand in a rotation's way; changes nothing.",
        discussion: """
            Reach, TLS, log-in, privileges, password hashing, connection limit, validity, verification queries. Exits \
            with 2 if anything is in the way; warnings alone do not count.
            """)

    @Argument(help: "The secret's name or ARN; all with rotation configured if left out.") var name: String?
    @OptionGroup var global: GlobalOptions

    func run(_ installation: Installation, startedAt start: ProcessStart) async throws -> ExitStatus {
        var results: [(SecretRecord, [Finding])] = []
        for secret in try await installation.rotatedSecrets(name) {
            guard secret.rotation?.isEnabled ?? false else { throw StoreError.rotationNotConfigured(secret.name) }
            do throws(RotationError) {
                results.append((secret, try await installation.runner.check(.arn(secret.id))))
            } catch {
                let failure = CommandFailure(error)
                results.append((secret, [Finding(failure.code, .fail, failure.cause, remedy: failure.next)]))
            }
        }
        switch global.output {
        case .json:
            let list = results.map { secret, findings in
                JSONValue.object([
                    "ARN": .string(secret.id.arn), "Name": .string(secret.name.text),
                    "checks": .array(findings.map(\.json)),
                ])
            }
            Output.json(["secrets": .array(list)])
        case .table:
            for (secret, findings) in results {
                Output.line(Style.bold(secret.name.text))
                for finding in findings { finding.line() }
            }
        }
        return results.contains { $0.1.contains { $0.verdict == .fail } } ? .somethingToDo : .done
    }
}
