import ArgumentParser
import KeyturnCore
import KeyturnEngine

/// `keyturn explain`
struct ExplainCommand: InstalledCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Say where a secret's rotation stands, why, and which command to run next.",
        discussion: """
            If an attempt is open and nobody works on it, the server is asked which stored credential it accepts: \
            AWSCURRENT first, AWSPENDING only if that is refused.
            """)

    @Argument(help: "The secret's name or ARN.") var name: String
    @OptionGroup var global: GlobalOptions

    func run(_ installation: Installation, startedAt start: ProcessStart) async throws -> ExitStatus {
        let secret = try await installation.secret(name)
        let state = try await RotationState(of: secret, installation)
        let now = installation.clock.now
        let pause = try await installation.schedule.pause().flatMap { $0.holds(at: now) ? $0 : nil }
        var reasons = Explanation.reasons(for: state)
        reasons += Explanation.schedule(of: state, pause, installation.settings.scheduler, at: now)
        var target: String?
        if state.open != nil, state.holder == nil {
            target = await accepted(by: installation, secret, state.open)
            if let target { reasons.append(.init(code: "target", sentence: target)) }
        }
        let next = Explanation.next(for: state)
        switch global.output {
        case .json:
            let list = reasons.map { JSONValue.object(["code": .string($0.code), "sentence": .string($0.sentence)]) }
            Output.json([
                "ARN": .string(secret.id.arn), "Name": .string(secret.name.text), "state": .string(state.word),
                "reasons": .array(list), "next": .string(next), "target": .optional(target),
            ])
        case .table:
            Output.line(Style.bold("\(secret.name): \(state.word)"))
            for reason in reasons { Output.line("  \(reason.sentence)") }
            Output.line("  → \(next)")
        }
        return .done
    }

    private func accepted(
        by installation: Installation, _ secret: SecretRecord, _ open: RotationAttempt?
    ) async -> String? {
        if let limit = open?.intent?[IntentNote.failedLogInLimit].flatMap({ Int($0) }), limit <= 2 {
            return "The server was not asked: \(limit) wrong passwords in a row lock this user."
        }
        if let open, open.intent == nil, open.lastFailure?.code == .credentialsOutOfSync {
            return "The server has refused AWSCURRENT, and was not asked again: wrong passwords may lock the user."
        }
        for label in [StagingLabel.current, .pending] {
            do throws(RotationError) {
                try await installation.runner.verify(.arn(secret.id), label: label)
                return "The server accepts \(label)."
            } catch {
                let failure = CommandFailure(error)
                guard failure.code == FailureCode.credentialsOutOfSync.rawValue else {
                    return "The server could not be asked: \(failure.cause)."
                }
            }
        }
        return "The server accepts neither AWSCURRENT nor AWSPENDING."
    }
}

/// Small named checks, each giving a reason and a sentence; none does I/O.
enum Explanation {
    struct Reason {
        let code: String
        let sentence: String
    }

    static func reasons(for state: RotationState) -> [Reason] {
        let checks = [
            notConfigured, switchedOff, markedForDeletion, running, interrupted, failed, pendingByHand, idle,
        ]
        return checks.compactMap { $0(state) }
    }

    static func next(for state: RotationState) -> String {
        let name = state.secret.name
        if state.secret.deletionDate != nil { return "keyturn secret restore \(name)" }
        guard let rotation = state.secret.rotation else {
            return "keyturn rotation configure \(name) --strategy single-user"
        }
        if !rotation.isEnabled {
            return "keyturn rotation configure \(name) --strategy \(rotation.strategy)"
        }
        if state.holder != nil { return "keyturn status" }
        if state.open?.lastFailure?.code == .credentialsOutOfSync, rotation.adminSecret != nil {
            return "keyturn repair \(name)"
        }
        // The account itself has to be seen to, at the server.
        if state.open?.lastFailure?.code == .accountNotUsable { return "keyturn check \(name)" }
        return "keyturn rotate \(name)"
    }

    private static func notConfigured(_ state: RotationState) -> Reason? {
        guard state.secret.rotation == nil else { return nil }
        return Reason(code: "not-configured", sentence: "Rotation was never configured for this secret.")
    }

    private static func switchedOff(_ state: RotationState) -> Reason? {
        guard let rotation = state.secret.rotation, !rotation.isEnabled else { return nil }
        return Reason(code: "off", sentence: "Rotation is switched off.")
    }

    private static func markedForDeletion(_ state: RotationState) -> Reason? {
        guard let date = state.secret.deletionDate else { return nil }
        return Reason(code: "marked-for-deletion", sentence: "The secret will be deleted on \(date).")
    }

    private static func running(_ state: RotationState) -> Reason? {
        guard let holder = state.holder else { return nil }
        let step = state.open.map { " It is at \($0.phase.nextStep.rawValue)." } ?? ""
        return Reason(code: "running", sentence: "A process is rotating it now (\(holder)).\(step)")
    }

    private static func interrupted(_ state: RotationState) -> Reason? {
        guard let open = state.open, state.holder == nil, open.lastFailure == nil else { return nil }
        let sent = open.intent == nil ? "the server was not touched" : "the server may have the new password already"
        return Reason(
            code: "interrupted",
            sentence:
                "A run begun at \(open.startedAt) was interrupted before \(open.phase.nextStep.rawValue) was done; "
                + "\(sent).")
    }

    private static func failed(_ state: RotationState) -> Reason? {
        guard let failure = state.open?.lastFailure else { return nil }
        return Reason(
            code: failure.code.rawValue,
            sentence: "\(failure.step.rawValue) failed at \(failure.at): \(failure.message). To do: \(failure.remedy).")
    }

    private static func pendingByHand(_ state: RotationState) -> Reason? {
        guard state.open == nil, let pending = state.secret.labels.inFlight else { return nil }
        return Reason(
            code: "pending-by-hand",
            sentence: "Version \(pending) was labelled AWSPENDING by hand; the next rotation brings it in.")
    }

    /// When it is rotated by itself, and what keeps it from that now.
    static func schedule(
        of state: RotationState, _ pause: SchedulePause?, _ scheduler: SchedulerSettings, at now: UTCInstant
    ) -> [Reason] {
        guard let entry = state.due else {
            guard let rotation = state.secret.rotation, rotation.isEnabled else { return [] }
            return [Reason(code: "no-schedule", sentence: "It is rotated only when somebody asks: it has no schedule.")]
        }
        let window = entry.due.window
        let rule =
            state.secret.rotation?.schedule.map { "\($0.rule)\($0.timeZone.map { " in \($0)" } ?? "")" } ?? "a schedule"
        var reasons = [
            Reason(
                code: entry.due.at <= now ? "due" : "scheduled",
                sentence: entry.due.at <= now
                    ? "It is due since \(entry.due.at.wholeSeconds), by \(rule)."
                    : "It is rotated next at \(entry.due.at.wholeSeconds), in the window \(window.start.wholeSeconds) … "
                        + "\(window.end.wholeSeconds), by \(rule).")
        ]
        if entry.due.failures > 0 {
            reasons.append(
                Reason(code: "further-try", sentence: "\(entry.due.failures) runs have failed in this window."))
        }
        if let pause {
            reasons.append(
                Reason(code: "paused", sentence: "It may not run now: \(pause.sentence). See keyturn resume."))
        }
        if let freeze = scheduler.freeze(of: entry.group, at: now)
            ?? scheduler.freeze(of: entry.group, at: entry.due.at)
        {
            reasons.append(
                Reason(
                    code: "frozen",
                    sentence:
                        "\(freeze.name ?? "A freeze") of the configuration holds it back until \(freeze.to.wholeSeconds)."
                ))
        }
        return reasons
    }

    private static func idle(_ state: RotationState) -> Reason? {
        guard state.secret.rotation?.isEnabled ?? false, state.open == nil, state.holder == nil,
            state.secret.labels.inFlight == nil
        else { return nil }
        let last = state.secret.lastRotatedAt.map { "It was rotated at \($0)" } ?? "It has never been rotated"
        return Reason(code: "idle", sentence: "Nothing is under way. \(last).")
    }
}
