import ArgumentParser
import KeyturnCore
import KeyturnEnvelope
import KeyturnSQLiteStore

/// `keyturn key …`
struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "The key-encryption key: rotate.", subcommands: [KeyRotateCommand.self])
}

/// `keyturn key rotate`
struct KeyRotateCommand: InstalledCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate", abstract: "Put a fresh key in front and wrap every data key under it.",
        discussion: """
            Values are not changed: only the data key of each version is wrapped anew, proven to open, and its older \
            copies dropped. Interrupted, the next run finishes without making another key. Older keys stay in the file \
            for backups of the store; delete their lines when no such backup is needed any more.
            """)

    @OptionGroup var global: GlobalOptions

    func run(_ installation: Installation, startedAt start: ProcessStart) async throws -> ExitStatus {
        let isResumed = try await installation.store.recordsWithoutPrimaryKey() > 0
        if !isResumed { try installation.keys.addPrimaryKey(now: installation.clock.now) }
        let result = try await installation.store.rewrap()
        let primary = installation.keys.primaryKeyID
        switch global.output {
        case .json:
            Output.json([
                "primaryKeyId": .string(primary), "rewrapped": .number(result.rewrapped),
                "records": .number(result.records), "resumed": .flag(isResumed),
                "damaged": .strings(result.damaged.map(\.message)),
            ])
        case .table:
            for error in result.damaged { Output.note("left as it is: \(error.message)") }
            Output.line("\(isResumed ? "finished an interrupted rotation to" : "primary key is now") \(primary)")
            Output.line("\(result.rewrapped) of \(result.records) values wrapped anew")
            Output.note("keep a copy of the key file elsewhere; older keys in it are needed for backups only")
        }
        return result.damaged.map(ExitStatus.init).reduce(.done) { $0.orWorse($1) }
    }
}
