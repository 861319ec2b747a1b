import CCurl
import KeyturnCore
import KeyturnHTTP

/// One request under way. It lives on the loop's thread, and libcurl's calls come back to it there.
final class CurlTransfer {
    /// How far it has come, for the limits of time.
    enum Stage {
        case connecting(since: ContinuousClock.Instant)
        case asking(since: ContinuousClock.Instant)
        /// The answer has begun; so many bytes had come when the window began.
        case reading(since: ContinuousClock.Instant, byteCount: Int)
    }

    let ticket: CurlTicket
    var handle: EasyHandle
    private(set) var stage: Stage
    private(set) var collector: ReplyCollector
    /// How much of the body libcurl has taken; nil where it has it whole from the start.
    private(set) var handedByteCount: Int?
    /// Whether any of the request can have left this process.
    private(set) var hasBegun = false

    var request: HTTPRequest { ticket.request }

    /// Prepares a request that has been admitted.
    init(_ ticket: CurlTicket, settings: CurlSettings) throws(EasyHandle.Refused) {
        self.ticket = ticket
        stage = .connecting(since: .now)
        collector = ReplyCollector(limits: ticket.request.limits)
        handle = try EasyHandle()
        handedByteCount = try handle.prepare(for: ticket.request, settings: settings) ? 0 : nil
        try installCallbacks()
    }

    /// Whether the server can have the whole request. One that has begun to answer has made up its mind without it.
    var outcome: HTTPFailure.Outcome {
        guard hasBegun else { return .nothingHappened }
        guard let handedByteCount, collector.byteCount == 0 else { return .unknown }
        return handedByteCount < request.body.byteCount ? .nothingHappened : .unknown
    }

    /// The next moment at which a limit of time may pass.
    var deadline: ContinuousClock.Instant {
        let limits = request.limits
        let next =
            switch stage {
            case .connecting(let since): since + limits.connect
            case .asking(let since): since + limits.firstLine
            case .reading(let since, _): since + limits.stallWindow
            }
        return min(next, ticket.since + limits.whole)
    }

    /// The limit that has passed, if one has.
    func expired(at now: ContinuousClock.Instant) -> HTTPFailure.Phase? {
        let limits = request.limits
        if now >= ticket.since + limits.whole { return .whole }
        guard now >= deadline else { return nil }
        switch stage {
        case .connecting: return .connect
        case .asking: return .firstLine
        case .reading(_, let byteCount):
            guard collector.byteCount - byteCount >= limits.stallByteCount else { return .stall }
            stage = .reading(since: now, byteCount: collector.byteCount)
            return nil
        }
    }

    /// A request is about to be sent on a connection that stands; false gives the transfer up.
    ///
    /// libcurl comes here again after Digest's challenge, and when a kept connection turned out to be dead: then it would
    /// send a second time what the server may have.
    func beginRequest() -> Bool {
        if hasBegun, !mayBeRepeated { return false }
        hasBegun = true
        stage = .asking(since: .now)
        return true
    }

    private var mayBeRepeated: Bool {
        request.method.isSafe || outcome == .nothingHappened || wasChallenged
    }

    /// Whether the server's last word was Digest's challenge: it has refused what was sent before.
    private var wasChallenged: Bool {
        guard case .digest = request.authentication else { return false }
        return collector.status?.code == 401
    }

    /// Gives the next piece of the body.
    func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard let handed = handedByteCount else { return 0 }
        func copy(_ bytes: UnsafeRawBufferPointer) -> Int {
            let piece = bytes[min(handed, bytes.count)...].prefix(buffer.count)
            buffer.copyBytes(from: piece)
            return piece.count
        }
        let count =
            switch request.body {
            case .none: 0
            case .bytes(let bytes): bytes.withUnsafeBytes(copy)
            case .secret(let bytes): bytes.withBytes(copy)
            }
        handedByteCount = handed + count
        return count
    }

    /// Begins the body anew, if the server can't have it or has refused it.
    func rewind(to offset: Int) -> Bool {
        guard offset == 0, outcome == .nothingHappened || wasChallenged else { return false }
        handedByteCount = 0
        return true
    }

    /// Has the connection closed after this transfer: whatever it was, another request is not to find out.
    func forbidReuse() { handle.withRaw { _ = keyturn_curl_set_forbid_reuse($0, 1) } }

    func takeLine(_ line: UnsafeRawBufferPointer) -> Bool {
        if case .asking = stage { stage = .reading(since: .now, byteCount: collector.byteCount) }
        return collector.takeLine(line)
    }

    func takePiece(_ piece: UnsafeRawBufferPointer) -> Bool { collector.takePiece(piece) }
}
