import ArgumentParser
import KeyturnCore
import KeyturnEngine

/// `keyturn rehearse`
struct RehearseCommand: InstalledCommand {
    static let configuration = CommandConfiguration(
        commandName: "rehearse", abstract: "Try a rotation for real, on a user that is made for it and removed.",
        discussion: """
            At the secret's own server the linked admin makes a user with all that the secret's user may do. That user is \
            rotated by the secret's own strategy and settings, all four steps (two users: there and back), with a store \
            that is thrown away. Then it is removed. The secret and its users are left alone.

            --inject STEP:FAULT has a step go wrong once (createSecret, setSecret or testSecret; unreachable, lost-reply \
            or crash) and shows how the next run gets over it.
            """)

    @Argument(help: "The secret's name or ARN.") var name: String
    @Option(name: .long, help: ArgumentHelp("A fault to meet.", valueName: "step:fault")) var inject: String?
    @OptionGroup var global: GlobalOptions

    func run(_ installation: Installation, startedAt start: ProcessStart) async throws -> ExitStatus {
        let fault = try inject.map { text throws(InvalidInput) in
            guard let fault = InjectedFault(text) else {
                throw InvalidInput(
                    field: "--inject", problem: "\"\(text)\" is no step and fault",
                    remedy: "write STEP:FAULT: createSecret, setSecret or testSecret; unreachable, lost-reply or crash")
            }
            return fault
        }
        let secret = try await installation.secret(name)
        let result: Rehearsal.Result
        do { result = try await rehearsal(of: secret, fault, installation).run() } catch let error as StepFailure {
            throw RotationError.step(error, at: .setSecret, of: secret.name, .untouched)
        }
        show(result, secret)
        guard result.succeeded else { return result.runs.last?.failure?.status ?? .rotationFailed }
        return .done
    }

    private func rehearsal(
        of secret: SecretRecord, _ fault: InjectedFault?, _ installation: Installation
    ) async throws -> Rehearsal {
        guard let settings = secret.rotation else { throw StoreError.rotationNotConfigured(secret.name) }
        guard let reference = settings.adminSecret else {
            throw InvalidInput(
                field: "--admin-secret", problem: "is not configured: a user can't make the one to rehearse with",
                remedy: "link an admin with keyturn rotation configure --admin-secret")
        }
        let value = try await currentValue(of: secret, installation)
        let adminValue = try await currentValue(of: try await installation.secrets.secret(reference), installation)
        let current = try DatabaseSecret(value)
        guard settings.adminPlace == current.place else {
            throw InvalidInput(
                field: "AWSCURRENT", problem: "names another server or protection than the admin was linked for",
                remedy: "if that is right, say so with keyturn rotation configure; no admin's password was sent")
        }
        return Rehearsal(
            installation: installation, accounts: Installation.accounts(), secret: secret, settings: settings,
            current: current, admin: DatabaseLogin(try AdminCredential(adminValue, for: current), at: current),
            adminValue: adminValue, fault: fault)
    }

    private func currentValue(of secret: SecretRecord, _ installation: Installation) async throws -> SecretValue {
        guard let current = secret.labels.current,
            let value = try await installation.secrets.value(of: secret.id, version: current, accessedAt: nil)
        else {
            throw InvalidInput(
                field: secret.name.text, problem: "has no AWSCURRENT value", remedy: "put one with keyturn secret put")
        }
        return value
    }

    private func show(_ result: Rehearsal.Result, _ secret: SecretRecord) {
        switch global.output {
        case .json:
            let runs = result.runs.map { run -> JSONValue in
                if let failure = run.failure {
                    return .object([
                        "outcome": .string("failed"), "code": .string(failure.code), "cause": .string(failure.cause),
                        "next": .string(failure.next),
                    ])
                }
                let took = run.outcome?.took ?? [:]
                return .object([
                    "outcome": .string("succeeded"), "resumed": .flag(run.outcome?.wasTakenUp ?? false),
                    "stepMilliseconds": .object(
                        Dictionary(uniqueKeysWithValues: took.map { ($0.rawValue, JSONValue.milliseconds($1)) })),
                ])
            }
            Output.json([
                "ARN": .string(secret.id.arn), "Name": .string(secret.name.text), "user": .string(result.user.text),
                "succeeded": .flag(result.succeeded), "rotations": .array(runs),
                "differences": .array(result.differences.map { .string($0) }),
            ])
        case .table: table(result, secret)
        }
    }

    private func table(_ result: Rehearsal.Result, _ secret: SecretRecord) {
        Output.line("rehearsed \(secret.name) with user \(result.user), which was removed again")
        for (index, run) in result.runs.enumerated() {
            if let failure = run.failure {
                Output.line("  \(Style.bad("failed"))     run \(index + 1): \(failure.cause)")
                Output.line("             → \(failure.next)")
            } else if let outcome = run.outcome {
                let steps = outcome.took.keys.sorted().map { "\($0.rawValue) \(outcome.took[$0]?.short ?? "")" }
                let resumed = outcome.wasTakenUp ? ", took up the one before" : ""
                Output.line(
                    "  \(Style.good("succeeded"))  run \(index + 1): \(steps.joined(separator: ", "))\(resumed)")
            }
        }
        if result.differences.isEmpty {
            Output.line("  no difference between what \(result.user) and the secret's user may do")
        }
        for difference in result.differences { Output.line("  difference: \(difference)") }
    }
}
