import ArgumentParser
import KeyturnCore
import KeyturnEngine

/// `keyturn rotate`
struct RotateCommand: InstalledCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate", abstract: "Rotate a secret now, or take an interrupted rotation up.",
        discussion: """
            createSecret stores a new credential as AWSPENDING; setSecret makes the server accept it; testSecret logs in \
            with it; finishSecret makes it AWSCURRENT. Killed at any point, the same command goes on where it stopped.

            --until STEP stops after a step and leaves the attempt open. Between setSecret and finishSecret a single \
            user's old password is refused while applications still read it: do not stop there for long.

            A rotation that another process runs, or finished after this command was started, answers 75.

            --select rotates many: name=prod/* or tag:team=payments, several together. --wave 10% rotates a tenth of them, \
            waits until all have ended, and goes on with the next; --halt-on 2 begins none after two failures.
            """)

    @Argument(help: "The secret's name or ARN.") var name: String?
    @Option(name: .long, help: ArgumentHelp("Rotate all that fit.", valueName: "name=GLOB|tag:K=V")) var select:
        [String] = []
    @Option(name: .long, help: ArgumentHelp("How many at a time.", valueName: "10%|N")) var wave: String?
    @Option(name: .long, help: ArgumentHelp("Begin none after so many failures.", valueName: "N")) var haltOn: Int?
    @Option(name: .long, help: "Stop after this step.") var until: StepArgument = .init(step: .finishSecret)
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard (name == nil) != select.isEmpty else {
            throw ValidationError("Name one secret, or choose some with --select.")
        }
        guard !select.isEmpty || (wave == nil && haltOn == nil) else {
            throw ValidationError("--wave and --halt-on go with --select.")
        }
        guard select.isEmpty || until.step == .finishSecret else {
            throw ValidationError("--until goes with one secret.")
        }
        if let haltOn, haltOn < 1 { throw ValidationError("--halt-on is at least 1.") }
    }

    func run(_ installation: Installation, startedAt start: ProcessStart) async throws -> ExitStatus {
        guard let name else {
            return try await BulkRotation(installation: installation, output: global.output).run(
                try SecretSelection(select), try BulkRotation.size(wave), haltOn: haltOn, requestedAt: start.instant)
        }
        return try await RotateReport(installation, global.output).rotate(
            SecretReference(name), requestedAt: start.instant, until: until.step)
    }
}

/// A step on the command line.
struct StepArgument: ExpressibleByArgument {
    let step: RotationStep

    init(step: RotationStep) { self.step = step }

    init?(argument: String) {
        guard let step = RotationStep(rawValue: argument) else { return nil }
        self.step = step
    }

    static var allValueStrings: [String] { RotationStep.allCases.map(\.rawValue) }

    var defaultValueDescription: String { step.rawValue }
}

/// Rotates one secret and says how it went.
struct RotateReport {
    private let installation: Installation
    private let output: OutputFormat

    init(_ installation: Installation, _ output: OutputFormat) {
        self.installation = installation
        self.output = output
    }

    func rotate(
        _ reference: SecretReference, requestedAt: UTCInstant, until step: RotationStep
    ) async throws -> ExitStatus {
        show(
            try await installation.runner.rotate(
                reference, trigger: .request, requestedAt: requestedAt, until: step))
        return .done
    }

    /// Writes down how a run ended.
    func show(_ outcome: RotationOutcome) {
        switch output {
        case .json: Output.json(json(outcome))
        case .table: table(outcome)
        }
    }

    private func json(_ outcome: RotationOutcome) -> [String: JSONValue] {
        let took = Dictionary(uniqueKeysWithValues: outcome.took.map { ($0.rawValue, JSONValue.milliseconds($1)) })
        var members: [String: JSONValue] = [
            "ARN": .string(outcome.secret.id.arn), "Name": .string(outcome.secret.name.text),
            "VersionId": .string(outcome.pending.text), "resumed": .flag(outcome.wasTakenUp),
            "stepMilliseconds": .object(took),
        ]
        switch outcome.end {
        case .promoted(let gap):
            members["outcome"] = .string("succeeded")
            members["gapMilliseconds"] = .milliseconds(gap)
        case .stopped(let step):
            members["outcome"] = .string("stopped")
            members["stoppedAfter"] = .string(step.rawValue)
        case .undone(let atTarget):
            members["outcome"] = .string("undone")
            members["currentVerified"] = .flag(atTarget)
        }
        return members
    }

    private func table(_ outcome: RotationOutcome) {
        for step in outcome.took.keys.sorted() {
            let time = outcome.took[step]?.short ?? ""
            Output.line("  \(Style.good("done"))  \(step.rawValue.padded(to: 13)) \(time)")
        }
        let name = outcome.secret.name
        let resumed = outcome.wasTakenUp ? " (an interrupted attempt was taken up)" : ""
        switch outcome.end {
        case .promoted(let gap):
            Output.line("rotated \(name): version \(outcome.pending) is AWSCURRENT\(resumed)")
            if gap == .zero {
                Output.line("no gap: the credential before goes on working")
            } else if let gap {
                Output.line("gap: the old password was refused \(gap.short) before applications could read the new one")
            }
        case .stopped(let step):
            Output.line("stopped after \(step.rawValue): version \(outcome.pending) is AWSPENDING\(resumed)")
            Output.note("next: keyturn rotate \(name)")
        case .undone(let atTarget):
            Output.line(
                "undone: version \(outcome.pending) of \(name) is no longer AWSPENDING; "
                    + (atTarget ? "AWSCURRENT works" : "nothing had been sent to the server"))
        }
    }
}

extension String {
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
