import Hummingbird
import HummingbirdCore
import KeyturnListener
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// A listener with limits of the test's own, and something behind it that reads bodies and says how long they were.
struct ListenerWorld: Sendable {
    let client: RawClient
    let ledger: ConnectionLedger

    /// Runs a test against the listener. `/hang` is never answered, `/early` before its body was read.
    static func with(
        _ adjust: (inout ConnectionLimits) -> Void = { _ in }, total: Int = 64, perAddress: Int = 64,
        _ body: (ListenerWorld) async throws -> Void
    ) async throws {
        var limits = ConnectionLimits(total: total, perAddress: perAddress, bodyBytes: 100_000)
        adjust(&limits)
        let largest = limits.bodyBytes
        let ledger = ConnectionLedger(limits)
        let channel = GuardedChannel(limits: limits, ledger: ledger, identity: nil) { request, writer, _ in
            var text = "early"
            switch request.uri.path {
            case "/hang": try await Task.sleep(for: .seconds(600))
            case "/early": break
            case _:
                do {
                    text = "\(try await request.body.collect(upTo: largest).readableBytes)"
                } catch is NIOTooManyBytesError { text = "too many" }
            }
            let response = Response(status: .ok, body: .init(byteBuffer: .init(string: text)))
            try await writer.write(response: response.head, body: response.body)
        }
        let (ports, bound) = AsyncStream.makeStream(of: Int.self)
        let server = channel.server(
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { bound.yield($0.localAddress?.port ?? 0) },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup { group in
            group.addTask { try await server.run() }
            var iterator = ports.makeAsyncIterator()
            let port = await iterator.next() ?? 0
            try await body(ListenerWorld(client: RawClient(port: port), ledger: ledger))
            group.cancelAll()
        }
    }
}
