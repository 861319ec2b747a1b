import NIOCore

/// How far a connection is with its requests, and until when it has to be further. A value: the handler feeds it.
struct ConnectionProgress {
    /// What is read next.
    private enum Reading {
        /// The first byte of a request.
        case nothing
        case head
        case body
    }

    private var reading = Reading.head
    private var readingSince: NIODeadline
    /// Requests whose headers were read, and whose answers have not been written.
    private(set) var unanswered = 0
    private var answeringSince: NIODeadline
    /// When it was decided that nothing more is answered.
    private var leavingSince: NIODeadline?
    /// Bytes that arrived and have not made up a head.
    private(set) var headBytes = 0

    init(openedAt now: NIODeadline) {
        readingSince = now
        answeringSince = now
    }

    /// Whether nothing more is answered.
    var isLeaving: Bool { leavingSince != nil }
    /// Whether a body has begun and not ended.
    var isReadingBody: Bool { reading == .body }

    mutating func bytesArrived(_ count: Int, at now: NIODeadline) {
        switch reading {
        case .nothing: (reading, readingSince, headBytes) = (.head, now, count)
        case .head: headBytes += count
        case .body: break
        }
    }

    mutating func headRead(at now: NIODeadline) {
        (reading, readingSince, headBytes) = (.body, now, 0)
        if unanswered == 0 { answeringSince = now }
        unanswered += 1
    }

    mutating func bodyEnded(at now: NIODeadline) {
        (reading, readingSince) = (.nothing, now)
        if unanswered == 1 { answeringSince = now }
    }

    mutating func answered(at now: NIODeadline) {
        // What stood behind another request was not read meanwhile, and begins now.
        let hasWaited = unanswered > 1 || reading != .body
        unanswered -= 1
        answeringSince = now
        if hasWaited { readingSince = now }
    }

    mutating func leave(at now: NIODeadline) { if leavingSince == nil { leavingSince = now } }

    /// When the connection is cut if nothing happens before.
    func deadline(_ limits: ConnectionLimits) -> NIODeadline {
        if let leavingSince { return leavingSince + TimeAmount(limits.linger) }
        // While an answer is made nothing is read, so nothing is late but the answer.
        if unanswered > 1 || unanswered == 1 && reading != .body { return answeringSince + TimeAmount(limits.answer) }
        let patience =
            switch reading {
            case .nothing: limits.idle
            case .head: limits.head
            case .body: limits.body
            }
        return readingSince + TimeAmount(patience)
    }

    /// Whether it is only quiet: nobody waits for anything.
    var isIdle: Bool { reading == .nothing && unanswered == 0 }
}
