import NIOCore

/// One connection: a request, its answer, the next request, until time is up.
final class ExchangeHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let requests: [ByteBuffer]
    private let end: NIODeadline
    private let finished: EventLoopPromise<Load>
    private var load = Load(seconds: 0)
    private var next = 0
    private var sentAt = NIODeadline.now()
    private var answer = ByteBuffer()

    init(requests: [ByteBuffer], until end: NIODeadline, finished: EventLoopPromise<Load>) {
        self.requests = requests
        self.end = end
        self.finished = finished
    }

    func channelActive(context: ChannelHandlerContext) { send(context) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var part = unwrapInboundIn(data)
        answer.writeBuffer(&part)
        guard let isGood = AnswerReader.whole(answer.readableBytesView) else { return }
        let now = NIODeadline.now()
        load.take(now - sentAt, isGood: isGood, head: String(buffer: answer))
        answer.clear()
        if now < end {
            send(context)
        } else {
            context.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) { finished.succeed(load) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finished.fail(error)
        context.close(promise: nil)
    }

    private func send(_ context: ChannelHandlerContext) {
        sentAt = .now()
        context.writeAndFlush(wrapOutboundOut(requests[next]), promise: nil)
        next = (next + 1) % requests.count
    }
}

/// Knows when an answer is whole; no more of HTTP than these two servers speak.
enum AnswerReader {
    /// Whether an answer is a 200; nil while more of it is to come.
    static func whole(_ bytes: ByteBufferView) -> Bool? {
        let blank: [UInt8] = [13, 10, 13, 10]
        guard let end = bytes.firstRange(of: blank) else { return nil }
        let head = bytes[..<end.lowerBound]
        guard let length = length(head), bytes.endIndex - end.upperBound >= length else { return nil }
        return head.starts(with: "HTTP/1.1 200".utf8)
    }

    private static func length(_ head: ByteBufferView) -> Int? {
        let name = Array("\r\ncontent-length: ".utf8)
        var index = head.startIndex
        while index + name.count < head.endIndex {
            if head[index] == 13, zip(head[index...], name).allSatisfy({ $0.0 | 0x20 == $0.1 | 0x20 }) {
                let digits = head[(index + name.count)...].prefix { (48...57).contains($0) }
                return digits.reduce(0) { $0 * 10 + Int($1 - 48) }
            }
            index += 1
        }
        return nil
    }
}
