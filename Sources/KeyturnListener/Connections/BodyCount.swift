/// Counts the bytes of a connection's bodies against what one may have, and what all may have together.
struct BodyCount {
    /// What becomes of some bytes.
    enum Verdict {
        case forward
        /// More than a body may have: whoever reads it knows by now.
        case drop
        /// All bodies together are too much.
        case noRoom
    }

    private let limits: ConnectionLimits
    private let ledger: ConnectionLedger
    private var count = 0
    private var reserved = 0
    /// Whether there was more than a body may have.
    private(set) var isCut = false
    /// Whether it says itself that it is too large.
    private(set) var isTooLarge = false

    init(_ limits: ConnectionLimits, _ ledger: ConnectionLedger) {
        self.limits = limits
        self.ledger = ledger
    }

    mutating func begin(announced: Int?) {
        end()
        isTooLarge = (announced ?? 0) > limits.bodyBytes
    }

    mutating func take(_ bytes: Int) -> Verdict {
        if isCut || isTooLarge { return .drop }
        count += bytes
        // What goes beyond is forwarded once, so that the reader sees that there is too much.
        if count > limits.bodyBytes {
            isCut = true
            return .forward
        }
        let owed = max(0, count - limits.freeBodyBytes) - reserved
        if owed > 0 {
            guard ledger.reserve(owed) else { return .noRoom }
            reserved += owed
        }
        return .forward
    }

    /// The body was answered, or its connection is gone.
    mutating func end() {
        if reserved > 0 { ledger.release(reserved) }
        (count, reserved, isCut, isTooLarge) = (0, 0, false, false)
    }
}
