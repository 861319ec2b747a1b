import ArgumentParser
import KeyturnCore
import KeyturnEventSinks
import KeyturnSQLiteStore

/// `keyturn events`
struct EventsCommand: InstalledCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Print what happened, oldest first.",
        discussion: """
            With --output json every line is one event in EventBridge's shape. --after takes the place printed in the \
            first column and prints what came behind it.
            """)

    @Flag(name: .long, help: "Go on printing as events happen, until interrupted.") var follow = false
    @Option(name: .long, help: "Only events behind this place.") var after: Int64 = 0
    @OptionGroup var global: GlobalOptions

    func run(_ installation: Installation, startedAt start: ProcessStart) async throws -> ExitStatus {
        var place = after
        while true {
            let batch = try await installation.store.events(after: place, limit: 500)
            for event in batch { try show(event, installation) }
            place = batch.last?.sequence ?? place
            if !batch.isEmpty { continue }
            guard follow else { return .done }
            try await installation.clock.sleep(for: .milliseconds(250))
        }
    }

    private func show(_ event: SequencedEvent, _ installation: Installation) throws {
        switch global.output {
        case .json:
            Output.line(try EventBridgeEnvelope(event.event, source: installation.settings.events.source).jsonLine())
        case .table:
            let version = event.event.version.map { "  \($0)" } ?? ""
            Output.line(
                "\(event.sequence)  \(event.event.at)  \(event.event.detail.words)  \(event.event.name)\(version)")
        }
    }
}

extension RotationEvent.Detail {
    /// The event in a few words.
    var words: String {
        switch self {
        case .rotationStarted(let trigger): "RotationStarted (\(trigger.rawValue))"
        case .rotationSucceeded(_, let gap): "RotationSucceeded" + (gap.map { " (gap \($0) ms)" } ?? "")
        case .rotationFailed(let failure): "RotationFailed (\(failure.step.rawValue): \(failure.code.rawValue))"
        case .rotationAbandoned: "RotationAbandoned"
        case .testRotationStarted: "TestRotationStarted"
        case .testRotationSucceeded: "TestRotationSucceeded"
        case .testRotationFailed(let failure): "TestRotationFailed (\(failure.code.rawValue))"
        case .windowMissed(_, let end): "RotationWindowMissed (ended \(end.wholeSeconds))"
        case .labelUpdated(let label): "Secret Label Updated (\(label))"
        case .deletionScheduled(let date): "StartSecretVersionDelete (\(date.wholeSeconds))"
        case .deletionCancelled: "CancelSecretVersionDelete"
        case .deleted: "EndSecretVersionDelete"
        }
    }
}
