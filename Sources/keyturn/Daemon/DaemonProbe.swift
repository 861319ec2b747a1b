import KeyturnListener
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// One question to the daemon of this configuration, and its answer.
///
/// The daemon is known by its certificate, which is the configuration's own: no name and no root has to be right for it,
/// and no other certificate will do.
struct DaemonProbe {
    struct Reply: Sendable {
        let isSuccess: Bool
        let text: String
    }

    /// Why there is no reply.
    enum Failure: Error, Sendable {
        /// Another certificate than the configuration's.
        case otherCertificate
        case tooLate
        case tooLarge
        case cut
    }

    let address: ListenAddress
    /// Nil for plain HTTP.
    let certificate: NIOSSLCertificate?

    private static let connecting: TimeAmount = .seconds(5)
    private static let whole: TimeAmount = .seconds(8)

    /// `https://[::1]:7373`
    var origin: String { "\(certificate == nil ? "http" : "https")://\(address)" }

    func get(_ path: String) async throws -> Reply {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let reply = loop.makePromise(of: Reply.self)
        let timer = loop.scheduleTask(in: Self.whole) { reply.fail(Failure.tooLate) }
        defer { timer.cancel() }
        var tls = TLSConfiguration.makeClientConfiguration()
        // The certificate may be for any name: it is compared as a whole.
        tls.certificateVerification = .noHostnameVerification
        let context = try certificate.map { [tls] _ in try NIOSSLContext(configuration: tls) }
        let head = HTTPRequestHead(
            version: .http1_1, method: .GET, uri: path, headers: ["host": "\(address)", "connection": "close"])
        let bootstrap = ClientBootstrap(group: loop).connectTimeout(Self.connecting).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                let pipeline = channel.pipeline.syncOperations
                if let context, let certificate {
                    try pipeline.addHandler(Self.handler(context, expecting: certificate, reply))
                }
                try pipeline.addHTTPClientHandlers()
                try pipeline.addHandler(ReplyCollector(head, reply))
            }
        }
        let channel: any Channel
        do { channel = try await bootstrap.connect(host: address.host, port: address.port).get() } catch {
            // The promise has to be kept, whoever waits for it.
            reply.fail(error)
            throw error
        }
        defer { channel.close(promise: nil) }
        return try await reply.futureResult.get()
    }

    private static func handler(
        _ context: NIOSSLContext, expecting certificate: NIOSSLCertificate, _ reply: EventLoopPromise<Reply>
    ) throws -> NIOSSLClientHandler {
        try NIOSSLClientHandler(context: context, serverHostname: nil) { presented, verdict in
            if presented.first == certificate {
                verdict.succeed(.certificateVerified)
            } else {
                // First, since the handshake then fails with words of its own.
                reply.fail(Failure.otherCertificate)
                verdict.fail(Failure.otherCertificate)
            }
        }
    }
}

/// Sends one request, and gathers its answer.
private final class ReplyCollector: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    /// The list of what is wrong with a daemon is a page at most.
    private static let largest = 1 << 20

    private let head: HTTPRequestHead
    private let reply: EventLoopPromise<DaemonProbe.Reply>
    private var isSuccess = false
    private var body = ByteBuffer()

    init(_ head: HTTPRequestHead, _ reply: EventLoopPromise<DaemonProbe.Reply>) {
        self.head = head
        self.reply = reply
    }

    func channelActive(context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): isSuccess = (200..<300).contains(head.status.code)
        case .body(var bytes):
            body.writeBuffer(&bytes)
            if body.readableBytes > Self.largest { reply.fail(DaemonProbe.Failure.tooLarge) }
        case .end: reply.succeed(.init(isSuccess: isSuccess, text: String(buffer: body)))
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        reply.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { reply.fail(DaemonProbe.Failure.cut) }
}
