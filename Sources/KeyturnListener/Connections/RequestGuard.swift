import NIOCore
import NIOHTTP1

/// Stands between the parser and what answers: cuts connections that are late, stops bodies that are too large, bounds
/// what is pipelined, and keeps HTTP's own promises (`Expect: 100-continue`, HTTP/1.0, `Connection: close`).
final class RequestGuard: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let limits: ConnectionLimits
    private let ledger: ConnectionLedger
    /// Why this connection is sent away without a word, nil if it may speak.
    private let refusal: ConnectionLedger.Cut?
    private var progress = ConnectionProgress(openedAt: .now())
    private var body: BodyCount
    private var timer: Scheduled<Void>?
    /// Whether the answer that is written next is the last one.
    private var isLast = false
    private var hasBegunAnswer = false
    /// Whether what comes is no request any more, and answers are still to be written.
    private var isDeaf = false

    init(_ limits: ConnectionLimits, _ ledger: ConnectionLedger, refusal: ConnectionLedger.Cut?) {
        self.limits = limits
        self.ledger = ledger
        self.refusal = refusal
        body = BodyCount(limits, ledger)
    }

    func handlerAdded(context: ChannelHandlerContext) { if context.channel.isActive { begin(context) } }

    func handlerRemoved(context: ChannelHandlerContext) { stop() }

    func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        stop()
        context.fireChannelInactive()
    }

    private func begin(_ context: ChannelHandlerContext) {
        guard refusal == nil else { return context.close(promise: nil) }
        arm(context)
    }

    private func stop() {
        timer?.cancel()
        timer = nil
        body.end()
    }

    // MARK: Time

    private func arm(_ context: ChannelHandlerContext) {
        timer?.cancel()
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: progress.deadline(limits)) {
            self.timer = nil
            // Silence between two requests, and after the last one, is no fault.
            self.cut(context, self.progress.isIdle ? nil : .slow)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case let arrival as ArrivalHandler.Arrival:
            guard !isDeaf, !progress.isLeaving else { return }
            if progress.headBytes > limits.headBytes {
                return refuse(context, .requestHeaderFieldsTooLarge, .malformed)
            }
            let wasIdle = progress.isIdle
            progress.bytesArrived(arrival.count, at: .now())
            if wasIdle { arm(context) }
        case is ChannelShouldQuiesceEvent:
            // The daemon is stopping: who waits for an answer gets it.
            if progress.unanswered == 0 { context.close(promise: nil) } else { isLast = true }
        case _: context.fireUserInboundEventTriggered(event)
        }
    }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard refusal == nil, !isDeaf, !progress.isLeaving else { return }
        switch unwrapInboundIn(data) {
        case .head(let head): read(head, context)
        case .body(let bytes):
            switch body.take(bytes.readableBytes) {
            case .forward: context.fireChannelRead(data)
            // Who reads it knows by now that it is too large; if that was answered before, nobody waits for the rest.
            case .drop: if progress.unanswered == 0 { cut(context, .malformed) }
            case .noRoom: refuse(context, .serviceUnavailable, .bodies)
            }
        case .end:
            let isWhole = !body.isCut
            progress.bodyEnded(at: .now())
            arm(context)
            if progress.unanswered == 0 { body.end() }
            if isWhole { context.fireChannelRead(data) }
        }
    }

    private func read(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        // What comes behind the last request is not looked at.
        guard !isLast else {
            isDeaf = true
            return
        }
        progress.headRead(at: .now())
        arm(context)
        guard progress.unanswered <= limits.pipelined else { return cut(context, .pipelined) }
        body.begin(announced: head.headers.first(name: "content-length").flatMap { Int($0) })
        if !head.isKeepAlive { isLast = true }
        let expectations = head.headers[canonicalForm: "expect"].map { $0.lowercased() }
        if !expectations.isEmpty, head.version.major == 1, head.version.minor >= 1 {
            guard expectations == ["100-continue"] else { return refuse(context, .expectationFailed, .malformed) }
            // Behind another request, or before a body that is refused, the client is left to its own patience.
            if progress.unanswered == 1, !body.isTooLarge {
                context.writeAndFlush(wrapOutboundOut(.head(.init(version: .http1_1, status: .continue))), promise: nil)
            }
        }
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case HTTPParserError.headerOverflow: refuse(context, .requestHeaderFieldsTooLarge, .malformed)
        // It left in the middle.
        case HTTPParserError.invalidEOFState: cut(context, nil)
        case is HTTPParserError: refuse(context, .badRequest, .malformed)
        // There is nobody to tell.
        case is IOError, is ChannelError: cut(context, nil)
        // TLS: a handshake that failed, or a client that left between two requests without a word.
        case _: cut(context, progress.isIdle ? nil : .malformed)
        }
    }

    // MARK: Answers

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !progress.isLeaving else {
            promise?.fail(ChannelError.alreadyClosed)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(var head):
            hasBegunAnswer = true
            if body.isTooLarge || body.isCut { isLast = true }
            head.headers.replaceOrAdd(name: "connection", value: isLast ? "close" : "keep-alive")
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body: context.write(data, promise: promise)
        case .end:
            hasBegunAnswer = false
            progress.answered(at: .now())
            if !progress.isReadingBody { body.end() }
            if isLast, progress.unanswered == 0 {
                leave(context, data, promise)
            } else {
                context.write(data, promise: promise)
                arm(context)
            }
        }
    }

    /// Writes the end of the last answer, and waits a little for the client to go first.
    private func leave(_ context: ChannelHandlerContext, _ end: NIOAny, _ promise: EventLoopPromise<Void>?) {
        progress.leave(at: .now())
        arm(context)
        context.writeAndFlush(end, promise: promise)
        context.close(mode: .output, promise: nil)
    }

    /// Answers in place of whoever would have, and ends the connection.
    private func refuse(
        _ context: ChannelHandlerContext, _ status: HTTPResponseStatus, _ reason: ConnectionLedger.Cut
    ) {
        guard !progress.isLeaving else { return }
        // Requests before it are whole, and get their answers; what follows the last one is nothing.
        if progress.unanswered > 0, !progress.isReadingBody {
            if !isLast { ledger.note(reason) }
            (isDeaf, isLast) = (true, true)
            return
        }
        // An answer that has begun, or an earlier one that is awaited, can't be followed by this one.
        guard !hasBegunAnswer, progress.unanswered <= 1 else { return cut(context, reason) }
        ledger.note(reason)
        let headers: HTTPHeaders = ["connection": "close", "content-length": "0"]
        context.write(
            wrapOutboundOut(.head(.init(version: .http1_1, status: status, headers: headers))), promise: nil)
        leave(context, wrapOutboundOut(.end(nil)), nil)
    }

    private func cut(_ context: ChannelHandlerContext, _ reason: ConnectionLedger.Cut?) {
        if let reason, !progress.isLeaving { ledger.note(reason) }
        progress.leave(at: .now())
        context.close(promise: nil)
    }
}
