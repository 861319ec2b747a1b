import KeyturnCore
import KeyturnEventSinks
import KeyturnHTTP

/// A place for events; its text is the name under which the store keeps how far the sink there has got.
enum SinkSettings: CustomStringConvertible {
    /// JSON lines in a file.
    case file(path: String)
    /// One signed POST an event.
    case webhook(WebhookSettings)
    /// A bus of EventBridge.
    case eventBridge(EventBridgeSink.Destination, caFile: String?)

    var description: String {
        switch self {
        case .file(let path): "file:\(path)"
        case .webhook(let webhook): "webhook:\(webhook.url)"
        case .eventBridge(let destination, _): "eventbridge:\(destination)"
        }
    }

    /// Reads where a sink is.
    static func read(
        _ node: ConfigurationNode, _ resolved: (String) -> String
    ) throws(CommandFailure) -> SinkSettings {
        let type = try node.text("type")
        switch type {
        case "file":
            try node.allow(common + ["path"])
            return .file(path: resolved(try node.required("path", "write { type: file, path: FILE }")))
        case "webhook":
            try node.allow(common + ["url", "secretFile", "caFile"])
            let remedy = "write { type: webhook, url: \"https://…\", secretFile: FILE }"
            let text = try node.required("url", remedy)
            return .webhook(
                WebhookSettings(
                    url: try node.checked("url") { () throws(InvalidInput) in try secure(HTTPURL(text)) },
                    keyPath: resolved(try node.required("secretFile", remedy)),
                    caFile: try node.text("caFile").map(resolved)))
        case "eventbridge":
            try node.allow(common + ["region", "bus", "endpoint", "caFile"])
            let region = try node.required("region", "write { type: eventbridge, region: REGION, bus: BUS }")
            let bus = try node.text("bus") ?? "default"
            let endpoint = try node.text("endpoint")
            let destination = try node.checked(nil) { () throws(InvalidInput) in
                try EventBridgeSink.Destination(
                    region: region, bus: bus,
                    endpoint: try endpoint.map { text throws(InvalidInput) in
                        try secure(HTTPOrigin(text))
                    })
            }
            return .eventBridge(destination, caFile: try node.text("caFile").map(resolved))
        case _:
            let nearest = type.flatMap { EditDistance.nearest(to: $0, in: types) }
            throw node.failure(
                "is a sink of an unknown type",
                nearest.map { "did you mean \($0)?" } ?? "write type: \(types.joined(separator: ", ")), or the like")
        }
    }

    private static let common = ["type", "name", "filter"]
    private static let types = ["file", "webhook", "eventbridge"]

    /// What is said to other machines is said over TLS.
    private static func secure(_ url: HTTPURL) throws(InvalidInput) -> HTTPURL {
        _ = try secure(url.origin)
        return url
    }

    private static func secure(_ origin: HTTPOrigin) throws(InvalidInput) -> HTTPOrigin {
        guard origin.scheme == .https || origin.isLoopback else {
            throw InvalidInput(
                field: "url", problem: "is http to another machine", remedy: "use https; http is for this machine alone"
            )
        }
        return origin
    }
}

/// Where a webhook is, and where its key.
struct WebhookSettings {
    let url: HTTPURL
    /// The file that the signature's key is in.
    let keyPath: String
    /// The certificates that are trusted, nil for the system's.
    let caFile: String?
}
