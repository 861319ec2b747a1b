import Synchronization

/// The intent of setSecret, as far as this run knows it: read with the attempt, or noted by a try since.
final class NotedIntent: Sendable {
    private let value: Mutex<(note: [String: String]?, isFromThisRun: Bool)>

    init(_ note: [String: String]?) { value = Mutex((note, false)) }

    var current: [String: String]? { value.withLock { $0.note } }

    /// Whether the change was begun in this run, and in no other.
    var isFromThisRun: Bool { value.withLock { $0.isFromThisRun } }

    func note(_ note: [String: String]) { value.withLock { $0 = (note, $0.note == nil || $0.isFromThisRun) } }
}
