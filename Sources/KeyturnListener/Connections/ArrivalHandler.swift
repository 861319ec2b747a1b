import NIOCore

/// Tells the handlers behind the parser that bytes have arrived: half a head is nothing to a parser, and something to
/// a clock.
final class ArrivalHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// That bytes have arrived, fired before they are parsed.
    struct Arrival {
        let count: Int
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.fireUserInboundEventTriggered(Arrival(count: unwrapInboundIn(data).readableBytes))
        context.fireChannelRead(data)
    }
}
