import KeyturnCore
import KeyturnEngine
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
    /// Where and how the daemon answers over HTTP.
    let api: APIConfiguration
    /// What events look like, where they go, how long they are kept.
    let events: EventsConfiguration
    /// How rotations are scheduled.
    let scheduler: SchedulerSettings
    /// What is logged, and how.
    let log: LogSettings
    /// The file that spans are written to, nil for none.
    let spanPath: String?
}

/// What is logged, and how.
struct LogSettings: Equatable {
    enum Format: String, CaseIterable {
        case text
        case json
    }

    let level: Logger.Level
    let format: Format
}
