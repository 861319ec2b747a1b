import KeyturnCore
import Logging

/// Everything that keyturn.yaml can say, checked.
struct Settings {
    /// The configuration file, and the directory that relative paths count from.
    let file: String
    /// Where the SQLite store is.
    let storePath: String
    /// Where the key file is.
    let keyPath: String
    /// The region and account of new secrets' ARNs.
    let realm: Realm
    /// The `source` of events.
    let eventSource: String
    /// Where events go.
    let sinks: [SinkSettings]
    /// What is logged, and how.
    let log: LogSettings
}

/// A place for events.
enum SinkSettings {
    /// JSON lines in a file.
    case file(path: String)
}

/// What is logged, and how.
struct LogSettings {
    enum Format: String, CaseIterable {
        case text
        case json
    }

    let level: Logger.Level
    let format: Format
}
