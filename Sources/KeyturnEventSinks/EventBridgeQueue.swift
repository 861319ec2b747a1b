import KeyturnCore

/// What is still to be put on a bus, and what may go next. It does nothing by itself.
///
/// A request has at most one event of a secret: results come an entry at a time, and a second one of the same secret
/// would arrive although the first had failed.
struct EventBridgeQueue {
    /// How one entry fared.
    enum Outcome: Hashable, Sendable {
        /// It is on the bus.
        case accepted
        /// It may be put again.
        case retryable(code: String)
        /// This event will never be taken, others will.
        case poison(code: String)
        /// Nothing like it will be taken until somebody changes something.
        case refused(code: String)
    }

    /// What came of a request.
    struct Settlement {
        /// The entries that are on the bus, stand-ins among them.
        var accepted: [EventBridgeEntry] = []
        /// The events that will be stood in for, and why.
        var poisoned: [(id: EventID, code: String)] = []
        /// Why nothing more is tried.
        var refusal: String?
        /// The code of one that is to be put again.
        var retryCode: String?
    }

    /// AWS: "PutEvents", EventBridge API reference.
    static let mostEntries = 10
    /// AWS: 256 KB. The reference has said both that an entry and that a request is bounded by it: this holds for both.
    static let mostBytes = 256 * 1024

    private(set) var pending: [EventBridgeEntry]

    /// Takes entries in their order. One that is too large for any request is stood in for at once.
    /// - Returns: The ids of those, by `poisoned`.
    init(_ entries: [EventBridgeEntry], poisoned: (EventID, String) -> Void) throws(EventSinkError) {
        pending = []
        for entry in entries {
            if entry.fields.byteCount > Self.mostBytes {
                pending.append(try entry.standIn(for: "EntryTooLarge"))
                poisoned(entry.id, "EntryTooLarge")
            } else {
                pending.append(entry)
            }
        }
    }

    /// The entries of the next request: in order, the first one of each secret, as many as fit.
    var next: [EventBridgeEntry] {
        var secrets: Set<SecretID> = []
        var batch: [EventBridgeEntry] = []
        var byteCount = 0
        for entry in pending where secrets.insert(entry.secret).inserted {
            byteCount += entry.fields.byteCount
            guard batch.count < Self.mostEntries, byteCount <= Self.mostBytes else { break }
            batch.append(entry)
        }
        return batch
    }

    /// Takes the results of `next`'s entries, one each.
    mutating func settle(_ batch: [EventBridgeEntry], _ outcomes: [Outcome]) throws(EventSinkError) -> Settlement {
        precondition(batch.count == outcomes.count, "a result for each entry")
        var settlement = Settlement()
        for (entry, outcome) in zip(batch, outcomes) {
            guard let index = pending.firstIndex(where: { $0.id == entry.id }) else { continue }
            switch outcome {
            case .accepted:
                pending.remove(at: index)
                settlement.accepted.append(entry)
            case .retryable(let code): settlement.retryCode = code
            case .poison(let code) where !entry.isStandIn:
                pending[index] = try entry.standIn(for: code)
                settlement.poisoned.append((entry.id, code))
            case .poison(let code), .refused(let code): settlement.refusal = code
            }
        }
        return settlement
    }
}
