import ArgumentParser
import KeyturnCore
import KeyturnEngine

/// `keyturn plan`
struct PlanCommand: InstalledCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Show what a rotation would do, step by step; changes nothing.",
        discussion: """
            Logs in with AWSCURRENT (and the admin, if one is linked) to read. Shows the exact statements, with \
            <verifier> in the password's place, the labels that move, who is connected now, and what stands in the way. \
            Exits with 2 if there is something to do or in the way, which for a named secret is always so.
            """)

    @Argument(help: "The secret's name or ARN; all with rotation configured if left out.") var name: String?
    @OptionGroup var global: GlobalOptions

    func run(_ installation: Installation, startedAt start: ProcessStart) async throws -> ExitStatus {
        var plans: [RotationPlan] = []
        for secret in try await installation.rotatedSecrets(name) {
            plans.append(try await RotationPlan(of: secret, installation))
        }
        switch global.output {
        case .json: Output.json(["plans": .array(plans.map(\.json))])
        case .table:
            if plans.isEmpty { Output.line("no secret has rotation configured: nothing to do") }
            for plan in plans { plan.table() }
        }
        return plans.isEmpty ? .done : .somethingToDo
    }
}

/// What a rotation of one secret would do.
struct RotationPlan {
    private let secret: SecretRecord
    private let attempt: RotationAttempt?
    private let target: TargetPlan?
    private let obstacles: [Finding]

    init(of secret: SecretRecord, _ installation: Installation) async throws {
        self.secret = secret
        attempt = try await installation.rotations.attempts(on: secret.id, limit: 1).first { $0.status == .open }
        guard secret.rotation?.isEnabled ?? false else { throw StoreError.rotationNotConfigured(secret.name) }
        do throws(RotationError) {
            let plan = try await installation.runner.plan(.arn(secret.id))
            target = plan
            obstacles = plan.findings.filter { $0.verdict == .fail }
        } catch {
            target = nil
            let failure = CommandFailure(error)
            obstacles = [Finding(failure.code, .fail, failure.cause, remedy: failure.next)]
        }
    }

    /// The step that a run would begin with; an AWSPENDING put by hand is brought in as it is.
    private var firstStep: RotationStep {
        if let attempt { return attempt.phase.nextStep }
        return secret.labels.inFlight.flatMap(secret.version)?.hasValue ?? false ? .setSecret : .createSecret
    }

    private func sentence(_ step: RotationStep) -> String {
        let admin = secret.rotation?.adminSecret.map { "admin secret \($0)" } ?? "the user itself"
        let isPair = secret.rotation?.options.users != nil
        return switch step {
        case .createSecret: "draw a new password (32 characters) and store it as AWSPENDING, encrypted"
        case .setSecret where isPair:
            "prove AWSCURRENT by a log-in; through \(admin) bring both users in line, then set the other one's password"
        case .setSecret: "log in with AWSCURRENT, then replace the password through \(admin)"
        case .testSecret where isPair:
            "log in with AWSPENDING on a new connection; compare user, database, server, and what both users may do"
        case .testSecret: "log in with AWSPENDING on a new connection and compare user, database and server"
        case .finishSecret: "move the labels in one transaction"
        }
    }

    private var moves: [(label: String, from: String, to: String)] {
        let pending = (attempt?.pending ?? secret.labels.inFlight)?.text ?? "(new version)"
        return [
            ("AWSCURRENT", secret.labels.current?.text ?? "-", pending),
            ("AWSPREVIOUS", secret.labels.previous?.text ?? "-", secret.labels.current?.text ?? "-"),
            ("AWSPENDING", pending, "(removed)"),
        ]
    }

    var json: JSONValue {
        let steps = RotationStep.allCases.map { step in
            JSONValue.object([
                "step": .string(step.rawValue), "action": .string(sentence(step)),
                "done": .flag(step < firstStep), "statements": .strings(target?.statements[step] ?? []),
            ])
        }
        let sessions = (target?.connected ?? []).map { session in
            JSONValue.object([
                "application": .string(session.application), "client": .string(session.client),
                "ageSeconds": .number(Int(session.age.components.seconds)), "state": .string(session.state),
            ])
        }
        return .object([
            "ARN": .string(secret.id.arn), "Name": .string(secret.name.text),
            "Strategy": .optional(secret.rotation?.strategy.text), "steps": .array(steps),
            "labels": .array(
                moves.map { .object(["label": .string($0.label), "from": .string($0.from), "to": .string($0.to)]) }),
            "connected": .array(sessions), "inTheWay": .array(obstacles.map(\.json)),
        ])
    }

    func table() {
        Output.line(Style.bold("plan for \(secret.name) (\(secret.rotation?.strategy.text ?? ""))"))
        for (index, step) in RotationStep.allCases.enumerated() {
            let mark = step < firstStep ? " (done already)" : ""
            Output.line("  \(index + 1). \(step.rawValue.padded(to: 12))  \(sentence(step))\(mark)")
            for statement in target?.statements[step] ?? [] { Output.line("         \(statement)") }
        }
        for move in moves { Output.line("         \(move.label.padded(to: 11))  \(move.from) → \(move.to)") }
        let connected = target?.connected ?? []
        Output.line("  connected now: \(connected.isEmpty ? "nobody" : "")")
        for session in connected.prefix(20) {
            let program = session.application.isEmpty ? "(no name)" : session.application
            Output.line("         \(program)  from \(session.client)  for \(session.age.short)  \(session.state)")
        }
        if obstacles.isEmpty { Output.line("  in the way: nothing") }
        for obstacle in obstacles {
            Output.line("  \(Style.bad("in the way")): \(obstacle.evidence)")
            if let remedy = obstacle.remedy { Output.line("         → \(remedy)") }
        }
    }
}

extension Finding {
    var json: JSONValue {
        .object([
            "check": .string(check), "result": .string(verdict.rawValue), "evidence": .string(evidence),
            "next": .optional(remedy),
        ])
    }

    func line() {
        let mark =
            switch verdict {
            case .pass: Style.good("pass")
            case .warn: Style.warning("warn")
            case .fail: Style.bad("FAIL")
            }
        Output.line("  \(mark)  \(check.padded(to: 18)) \(evidence)")
        if verdict != .pass, let remedy { Output.line("        \("".padded(to: 18)) → \(remedy)") }
    }
}
