import ArgumentParser
import KeyturnCore
import KeyturnEngine

/// `keyturn who-uses`
struct WhoUsesCommand: InstalledCommand {
    static let configuration = CommandConfiguration(
        commandName: "who-uses", abstract: "List the sessions at the server, by the credential that they logged in with.",
        discussion: """
            Of two users each session says whose it is. A single user's sessions from before the last rotation were \
            opened with the password before. A session goes on when its password is replaced; its next log-in fails.
            """)

    @Argument(help: "The secret's name or ARN.") var name: String
    @OptionGroup var global: GlobalOptions

    func run(_ installation: Installation, startedAt start: ProcessStart) async throws -> ExitStatus {
        let secret = try await installation.secret(name)
        let now = installation.clock.now
        let uses = try await installation.runner.uses(of: .arn(secret.id)).flatMap { use in
            use.sessions.map { (use, $0, Self.label(of: $0, in: use, secret, now)) }
        }
        switch global.output {
        case .json:
            let list = uses.map { use, session, label in
                JSONValue.object([
                    "user": .string(use.account.text), "credential": .string(label.text),
                    "application": .string(session.application), "client": .string(session.client),
                    "ageSeconds": .number(Int(session.age.components.seconds)), "state": .string(session.state),
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
                    uses.map { use, session, label in
                        [
                            label.text, use.account.text, session.application, session.client, session.age.short,
                            session.state,
                        ]
                    })
            }
        }
        return .done
    }

    /// The server's clock tells a session's age, so this compares durations and no times of day.
    private static func label(
        of session: ActiveSession, in use: CredentialUse, _ secret: SecretRecord, _ now: UTCInstant
    ) -> StagingLabel {
        guard use.labels.count > 1, let rotated = secret.lastRotatedAt else { return use.labels.first ?? .current }
        return session.age > rotated.duration(to: now) ? .previous : .current
    }
}
