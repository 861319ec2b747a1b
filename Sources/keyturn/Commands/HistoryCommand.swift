import ArgumentParser
import KeyturnCore

/// `keyturn history`
struct HistoryCommand: InstalledCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Show the rotations of a secret and the journal of each, newest first.")

    @Argument(help: "The secret's name or ARN.") var name: String
    @Option(name: .long, help: "How many rotations, 1 to 100.") var limit = 10
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard (1...100).contains(limit) else { throw ValidationError("--limit is 1 to 100.") }
    }

    func run(_ installation: Installation, startedAt start: ProcessStart) async throws -> ExitStatus {
        let secret = try await installation.secret(name)
        var entries: [(RotationAttempt, [JournalEntry])] = []
        for attempt in try await installation.rotations.attempts(on: secret.id, limit: limit) {
            entries.append((attempt, try await installation.rotations.journal(of: secret.id, pending: attempt.pending)))
        }
        switch global.output {
        case .json:
            Output.json([
                "ARN": .string(secret.id.arn), "Name": .string(secret.name.text),
                "rotations": .array(entries.map(Self.json)),
            ])
        case .table:
            if entries.isEmpty { Output.line("\(secret.name) has never been rotated") }
            for (attempt, journal) in entries { Self.table(attempt, journal) }
        }
        return .done
    }

    private static func json(_ attempt: RotationAttempt, _ journal: [JournalEntry]) -> JSONValue {
        .object([
            "VersionId": .string(attempt.pending.text), "status": .string(attempt.status.rawValue),
            "trigger": .string(attempt.trigger.rawValue), "phase": .string(attempt.phase.rawValue),
            "startedAt": .time(attempt.startedAt), "endedAt": .time(attempt.endedAt), "runs": .number(attempt.runs),
            "lastFailure": attempt.lastFailure.map(\.json) ?? .null,
            "journal": .array(
                journal.map { entry in
                    .object([
                        "step": .string(entry.step.rawValue), "mark": .string(entry.mark.rawValue),
                        "at": .time(entry.at),
                        "epoch": .number(Int(entry.epoch.number)), "note": .optional(entry.note),
                    ])
                }),
        ])
    }

    private static func table(_ attempt: RotationAttempt, _ journal: [JournalEntry]) {
        let took = attempt.endedAt.map { " in \(attempt.startedAt.duration(to: $0).short)" } ?? ""
        let runs = attempt.runs == 1 ? "" : ", \(attempt.runs) runs"
        Output.line(Style.bold("\(attempt.startedAt)  \(attempt.status.rawValue)\(took)\(runs)  \(attempt.pending)"))
        for entry in journal {
            let note = entry.note.map { "  \($0)" } ?? ""
            Output.line("  \(entry.at)  \(entry.step.rawValue.padded(to: 12))  \(entry.mark.rawValue)\(note)")
        }
    }
}
