import ArgumentParser
import KeyturnCore

/// `keyturn status`
struct StatusCommand: InstalledCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show what is rotated, what runs, and what waits.")

    @OptionGroup var global: GlobalOptions

    func run(_ installation: Installation, startedAt start: ProcessStart) async throws -> ExitStatus {
        var states: [RotationState] = []
        for secret in try await installation.secrets.secrets(includingPlannedDeletion: false)
        where secret.rotation != nil {
            states.append(try await RotationState(of: secret, installation))
        }
        let now = installation.clock.now
        let pause = try await installation.schedule.pause().flatMap { $0.holds(at: now) ? $0 : nil }
        let sinks = try await installation.backlogs()
        let unreadable = try await installation.secrets.unreadableSecrets()
        switch global.output {
        case .json:
            Output.json([
                "sinks": .array(sinks.map { $0.json(at: now) }), "secrets": .array(states.map(\.json)),
                "unreadable": .strings(unreadable.map(\.arn)), "pausedSince": .time(pause?.since),
                "pausedUntil": .time(pause?.until),
            ])
        case .table:
            if let pause { Output.line(Style.warning(pause.sentence)) }
            Output.table(
                ["NAME", "STRATEGY", "STATE", "LAST ROTATED", "NEXT", "LAST FAILURE"],
                states.map { state in
                    [
                        state.secret.name.text, state.secret.rotation?.strategy.text ?? "-", state.word,
                        state.secret.lastRotatedAt?.wholeSeconds ?? "never",
                        state.due?.due.at.wholeSeconds ?? "by hand",
                        state.open?.lastFailure.map { "\($0.step.rawValue): \($0.code.rawValue)" } ?? "-",
                    ]
                })
            for secret in unreadable {
                Output.line(Style.bad("the record of \(secret) can't be read; restore it from a backup"))
            }
            for sink in sinks where sink.waiting > 0 {
                let sentence = sink.sentence(at: now)
                Output.line(sink.isBehind(at: now) ? Style.warning(sentence) : sentence)
            }
        }
        return .done
    }
}

extension SinkBacklog {
    func json(at now: UTCInstant) -> JSONValue {
        .object([
            "name": .string(sink), "delivered": .number(Int(delivered)), "waiting": .number(waiting),
            "oldestWaiting": .time(oldest), "lagMilliseconds": .milliseconds(lag(at: now)),
        ])
    }
}

/// Where a secret's rotation stands.
struct RotationState {
    let secret: SecretRecord
    /// The attempt that is open, if there is one.
    let open: RotationAttempt?
    /// When it is rotated next by itself, nil for only by hand.
    let due: DueEntry?
    /// Who works on it now.
    let holder: HolderID?

    init(of secret: SecretRecord, _ installation: Installation) async throws {
        self.secret = secret
        open = try await installation.rotations.attempts(on: secret.id, limit: 1).first { $0.status == .open }
        due = try await installation.schedule.due(of: secret.id)
        let lease = try await installation.rotations.leaseHolder(of: secret.id)
        let now = installation.clock.now
        holder = lease.flatMap { $0.until > now && !ProcessHolder.isDead($0.holder) ? $0.holder : nil }
    }

    /// One word or two: `running`, `interrupted`, `failed`, `waiting`, `idle`, `off`.
    var word: String {
        if holder != nil { return "running" }
        if let open {
            guard let failure = open.lastFailure else { return "interrupted before \(open.phase.nextStep.rawValue)" }
            return "failed at \(failure.step.rawValue)"
        }
        if secret.labels.inFlight != nil { return "waiting" }
        return secret.rotation?.isEnabled ?? false ? "idle" : "off"
    }

    var json: JSONValue {
        .object([
            "ARN": .string(secret.id.arn), "Name": .string(secret.name.text),
            "Strategy": .optional(secret.rotation?.strategy.text),
            "RotationEnabled": .flag(secret.rotation?.isEnabled ?? false), "state": .string(word),
            "LastRotatedDate": .time(secret.lastRotatedAt),
            "NextRotationDate": .time(due?.due.window.nextRotationDate), "nextRotationAt": .time(due?.due.at),
            "pending": .optional(secret.labels.inFlight?.text),
            "nextStep": .optional(open?.phase.nextStep.rawValue), "holder": .optional(holder?.text),
            "lastFailure": open?.lastFailure.map(\.json) ?? .null,
        ])
    }
}

extension RecordedFailure {
    var json: JSONValue {
        .object([
            "step": .string(step.rawValue), "code": .string(code.rawValue), "cause": .string(message),
            "next": .string(remedy), "at": .time(at),
        ])
    }
}
