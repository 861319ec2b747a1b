import KeyturnCore

/// The part of keyturn.yaml that is about events.
struct EventsConfiguration {
    /// The `source` of events.
    let source: String
    /// Where events go.
    let sinks: [ConfiguredSink]
    /// How long events are kept in the store after every sink has had them.
    let retention: Duration

    /// The files of sinks, with their keys in the configuration.
    var files: [(key: String, path: String)] {
        sinks.enumerated().compactMap { index, sink in
            if case .file(let path) = sink.place { ("events.sinks[\(index)].path", path) } else { nil }
        }
    }

    /// How long, if nothing is said.
    static let defaultRetention: Duration = .seconds(30 * 86_400)
    private static let retentions: ClosedRange<Duration> = .seconds(60) ... .seconds(36_500 * 86_400)
    /// More sinks are a mistake: each is delivered to on its own.
    private static let mostSinks = 32

    /// - Parameter resolved: Makes a path absolute that counts from the configuration file.
    static func read(
        _ root: ConfigurationNode, resolved: (String) -> String
    ) throws(CommandFailure) -> EventsConfiguration {
        let node = try root.section("events", allowing: ["source", "sinks", "retention"])
        let source = try node.text("source") ?? "keyturn"
        guard !source.hasPrefix("aws."), (1...256).contains(source.count) else {
            throw node.failure(of: "source", "is not usable", "use 1 to 256 characters that do not begin with aws.")
        }
        let nodes = try node.list("sinks")
        guard nodes.count <= mostSinks else {
            throw node.failure(of: "sinks", "has more than \(mostSinks) sinks", "take some out")
        }
        var sinks: [ConfiguredSink] = []
        for sink in nodes {
            let read = try self.sink(sink, resolved)
            if let other = sinks.firstIndex(where: { $0.cursor == read.cursor }) {
                throw sink.failure(
                    "is the same sink as events.sinks[\(other)]", "give it a name of its own: name: …")
            }
            sinks.append(read)
        }
        return EventsConfiguration(
            source: source, sinks: sinks,
            retention: try node.duration("retention", retentions) ?? defaultRetention)
    }

    private static func sink(
        _ node: ConfigurationNode, _ resolved: (String) -> String
    ) throws(CommandFailure) -> ConfiguredSink {
        ConfiguredSink(
            place: try SinkSettings.read(node, resolved), name: try name(node), filter: try filter(node))
    }

    private static func name(_ node: ConfigurationNode) throws(CommandFailure) -> SinkName? {
        guard let text = try node.text("name") else { return nil }
        do { return try SinkName(text) } catch { throw node.failure(of: "name", error.problem, error.remedy) }
    }

    /// An event pattern, as YAML or as JSON in a text.
    private static func filter(_ node: ConfigurationNode) throws(CommandFailure) -> EventPattern? {
        guard let document = try node.document("filter") else { return nil }
        do throws(EventPatternError) {
            guard case .string(let text) = document else { return try EventPattern(document) }
            return try EventPattern(text)
        } catch {
            throw node.failure(
                of: "filter", "can't be used: \(error)",
                "write an event pattern, such as { detail: { eventName: [RotationFailed] } }")
        }
    }
}

/// A sink of the configuration.
struct ConfiguredSink {
    /// Where it is.
    let place: SinkSettings
    /// Its name, nil for that of its place.
    let name: SinkName?
    /// What it gets, nil for everything.
    let filter: EventPattern?

    /// What the store keeps its place under, and what tells it from the others.
    var cursor: String { name.map { "sink:\($0)" } ?? "\(place)" }
    /// What its place would be kept under if it had no name.
    var predecessor: String? { name.map { _ in "\(place)" } }
}
