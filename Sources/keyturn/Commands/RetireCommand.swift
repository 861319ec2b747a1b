import ArgumentParser
import KeyturnCore
import KeyturnEngine

/// `keyturn retire`
struct RetireCommand: InstalledCommand {
    static let configuration = CommandConfiguration(
        commandName: "retire", abstract: "End the life of AWSPREVIOUS's credential now, and prove that it is dead.",
        discussion: """
            With two users or two passwords the credential before goes on working until the next rotation. This has the \
            server refuse it at once. Sessions that are open stay open. If any of them was opened with it, nothing is done \
            unless --force says so: what opened them could not log in again. keyturn rollback would bring \
            it back to life: do not use that with one that has leaked.
            """)

    @Argument(help: "The secret's name or ARN.") var name: String
    @Flag(name: .long, help: "Do so although somebody still uses it.") var force = false
    @OptionGroup var global: GlobalOptions

    func run(_ installation: Installation, startedAt start: ProcessStart) async throws -> ExitStatus {
        let secret = try await installation.secret(name)
        if !force {
            let users = try await SessionUse.all(of: secret, installation).filter { $0.label == .previous }
            if let oldest = users.first {
                throw CommandFailure(
                    .refused, code: "in-use",
                    cause:
                        "\(users.count) sessions were opened with AWSPREVIOUS, the oldest from \(oldest.session.client) "
                        + "\(oldest.session.age.short) ago", next: "see keyturn who-uses \(name); then --force")
            }
        }
        try await installation.runner.retirePrevious(.arn(secret.id))
        switch global.output {
        case .json:
            Output.json([
                "ARN": .string(secret.id.arn), "Name": .string(secret.name.text), "outcome": .string("retired"),
            ])
        case .table: Output.line("the credential before AWSCURRENT of \(secret.name) is refused by the server")
        }
        return .done
    }
}
