import ArgumentParser
import Foundation
import KeyturnCore
import KeyturnEngine
import KeyturnSQLiteStore

/// `keyturn rotation …`
struct RotationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotation", abstract: "How a secret is rotated: configure, cancel.",
        subcommands: [RotationConfigureCommand.self, RotationCancelCommand.self])
}

/// `keyturn rotation configure`
struct RotationConfigureCommand: InstalledCommand {
    static let configuration = CommandConfiguration(
        commandName: "configure", abstract: "Set how a secret is rotated.",
        discussion: """
            Everything that can be checked without the server is checked before anything is stored: the secret's JSON, \
            the strategy, the admin's secret. The server is not contacted and no password is changed, unless \
            --rotate-immediately is true. Run keyturn check next.

            --verify names a YAML file with read-only queries that have to work with the new credential before \
            applications see it:

              - query: SELECT count(*) >= 0 FROM orders
                expect: t
              - query: SELECT 1 FROM customers LIMIT 1
            """)

    @Argument(help: "The secret's name or ARN.") var name: String
    @Option(name: .long, help: "The strategy; see keyturn strategy list.") var strategy: String
    @Option(name: .long, help: "The secret of a user that may alter this one; without it the user alters itself.")
    var adminSecret: String?
    @OptionGroup(title: "Schedule") var schedule: ScheduleOptions
    @OptionGroup(title: "Databases") var database: DatabaseOptions
    @Option(
        name: .long, help: ArgumentHelp("Read-only queries that prove a credential.", valueName: "file"),
        completion: .file())
    var verify: String?
    @Option(name: .long, help: ArgumentHelp("Rotate right away.", valueName: "true|false")) var rotateImmediately =
        "false"
    @OptionGroup var global: GlobalOptions

    func run(_ installation: Installation, startedAt start: ProcessStart) async throws -> ExitStatus {
        guard let rotatesNow = Bool(rotateImmediately) else {
            throw InvalidInput(
                field: "--rotate-immediately", problem: "is \"\(rotateImmediately)\"", remedy: "write true or false")
        }
        let secret = try await installation.secret(name)
        guard secret.deletionDate == nil else { throw StoreError.markedForDeletion(secret.name) }
        let settled = try await installation.checker.settled(proposal(for: secret, installation), for: secret)
        let settings = settled.settings
        try await installation.checker.configureRotation(of: secret, as: settled)
        let due = try await installation.schedule.due(of: secret.id)?.due
        if rotatesNow {
            return try await RotateReport(installation, global.output).rotate(
                .arn(secret.id), requestedAt: installation.clock.now, until: .finishSecret)
        }
        switch global.output {
        case .json:
            Output.json([
                "ARN": .string(secret.id.arn), "Name": .string(secret.name.text),
                "Strategy": .string(settings.strategy.text),
                "AdminSecret": .optional(settings.adminSecret?.description),
                "VerificationQueries": .number(settings.verification.count),
                "Users": .optional(settings.options.users.map { "\($0.base), \($0.alternate)" }),
                "Mode": .optional(settings.options.users?.mode.rawValue),
                "RotationRules": settings.schedule?.json ?? .null,
                "NextRotationDate": .time(due?.window.nextRotationDate), "nextRotationAt": .time(due?.at),
            ])
        case .table:
            Output.line("\(secret.name) is rotated by \(settings.strategy); nothing was changed at the server")
            if let users = settings.options.users, users.base.hasSuffix(AlternatingUsers.suffix) {
                Output.note(
                    "note: \(users.base) is taken for the first of the two users; if it is the second, say --clone-name "
                        + users.base)
            }
            if let due {
                Output.line(
                    "first rotation by itself: \(due.at.wholeSeconds), in the window \(due.window.start.wholeSeconds) … "
                        + due.window.end.wholeSeconds)
            }
            Output.note("next: keyturn check \(secret.name)")
        }
        return .done
    }

    private func proposal(
        for secret: SecretRecord, _ installation: Installation
    ) throws -> RotationProposal {
        let name = StrategyName(strategy)
        guard installation.strategies[name] != nil else {
            let known = installation.strategies.all.map(\.name.text)
            throw InvalidInput(
                field: "--strategy", problem: "\"\(strategy)\" is unknown",
                remedy: EditDistance.nearest(to: strategy, in: known).map { "did you mean \($0)?" }
                    ?? "use one of \(known.joined(separator: ", "))")
        }
        let file = try verify.map(VerificationFile.read)
        return RotationProposal(
            strategy: name,
            admin: try adminSecret.map { .named(try SecretReference($0)) } ?? .asCredentialSays(otherwise: nil),
            verification: file?.queries ?? [], replicas: file?.replicas ?? [], database: database.choices,
            schedule: try schedule.settings(
                earlier: secret.rotation?.schedule, planner: Installation.planner, at: installation.clock.now))
    }
}

/// `keyturn rotation cancel`
struct RotationCancelCommand: InstalledCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Turn a secret's rotation off; its settings and labels stay.",
        discussion: """
            A rotation that is under way is finished by its process; one that was interrupted stays as it is until \
            rotation is configured again. Passwords at the server are left alone.
            """)

    @Argument(help: "The secret's name or ARN.") var name: String
    @OptionGroup var global: GlobalOptions

    func run(_ installation: Installation, startedAt start: ProcessStart) async throws -> ExitStatus {
        let secret = try await installation.secret(name)
        try await installation.secrets.cancelRotation(of: secret.id, at: installation.clock.now)
        // As CancelRotateSecret does, the half-made version is named if there is one.
        let half = secret.labels.inFlight
        switch global.output {
        case .json:
            Output.json([
                "ARN": .string(secret.id.arn), "Name": .string(secret.name.text), "VersionId": .optional(half?.text),
            ])
        case .table:
            Output.line("rotation of \(secret.name) is off")
            if let half {
                Output.note("version \(half) is still AWSPENDING; see keyturn explain \(secret.name)")
            }
        }
        return .done
    }
}
