import KeyturnCore
import Synchronization

/// Which events of a batch a destination has accepted, for the next try after one in the middle failed: what was
/// accepted is not sent again while the process lives.
final class AcceptedEvents: Sendable {
    private let ids = Mutex<Set<EventID>>([])

    /// Those of a batch that are still to be delivered; what other batches left is forgotten.
    func remaining(of events: [SequencedEvent]) -> [SequencedEvent] {
        ids.withLock { ids in
            ids.formIntersection(events.lazy.map(\.event.id))
            return events.filter { !ids.contains($0.event.id) }
        }
    }

    /// Notes that one was accepted.
    func note(_ id: EventID) { ids.withLock { _ = $0.insert(id) } }
}
