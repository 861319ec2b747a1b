import Synchronization

/// The intent of setSecret, as far as this run knows it: read with the attempt, or noted by a try since.
final class NotedIntent: Sendable {
    private let value: Mutex<[String: String]?>

    init(_ value: [String: String]?) { self.value = Mutex(value) }

    var current: [String: String]? { value.withLock { $0 } }

    func note(_ note: [String: String]) { value.withLock { $0 = note } }
}
