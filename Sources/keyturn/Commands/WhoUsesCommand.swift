import ArgumentParser
import KeyturnCore
import KeyturnEngine

/// `keyturn who-uses`
struct WhoUsesCommand: InstalledCommand {
    static let configuration = CommandConfiguration(
        commandName: "who-uses",
        abstract: "List the sessions at the server, by the credential that they logged in with.",
        discussion: """
            Of two users each session says whose it is. A single user's sessions from before the last rotation were \
            opened with the password before. A session goes on when its password is replaced; its next log-in fails.
            """)

    @Argument(help: "The secret's name or ARN.") var name: String
    @OptionGroup var global: GlobalOptions

    func run(_ installation: Installation, startedAt start: ProcessStart) async throws -> ExitStatus {
        let secret = try await installation.secret(name)
        let uses = try await SessionUse.all(of: secret, installation)
        switch global.output {
        case .json:
            let list = uses.map { use in
                JSONValue.object([
                    "user": .string(use.account.text), "credential": .string(use.label.text),
                    "application": .string(use.session.application), "client": .string(use.session.client),
                    "ageSeconds": .number(Int(use.session.age.components.seconds)), "state": .string(use.session.state),
                ])
            }
            Output.json([
                "ARN": .string(secret.id.arn), "Name": .string(secret.name.text), "sessions": .array(list),
            ])
        case .table:
            if uses.isEmpty { Output.line("nobody is logged in with a credential of \(secret.name)") }
            if !uses.isEmpty {
                Output.table(
                    ["CREDENTIAL", "USER", "APPLICATION", "CLIENT", "AGE", "STATE"],
                    uses.map { use in
                        [
                            use.label.text, use.account.text, use.session.application, use.session.client,
                            use.session.age.short, use.session.state,
                        ]
                    })
            }
        }
        return .done
    }
}
