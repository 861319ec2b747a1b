import Foundation
import NIOCore
import NIOPosix

/// Sends requests on connections that are kept, the next one on each as soon as its answer is there, from one thread.
struct LoadGenerator {
    let port: Int
    let connections: Int

    func run(_ requests: [ByteBuffer], seconds: Double) async throws -> Load {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let end = NIODeadline.now() + .nanoseconds(Int64(seconds * 1e9))
        let start = NIODeadline.now()
        var loads: [EventLoopFuture<Load>] = []
        for number in 0..<connections {
            let finished = group.next().makePromise(of: Load.self)
            // Each begins elsewhere in the list: connections ask for different secrets, by different keys.
            let first = requests.count * number / connections
            let own = Array(requests[first...] + requests[..<first])
            _ = try await ClientBootstrap(group: group)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(
                            ExchangeHandler(requests: own, until: end, finished: finished))
                    }
                }
                .connect(host: "127.0.0.1", port: port).get()
            loads.append(finished.futureResult)
        }
        var all = Load(seconds: 0)
        for load in loads { all.add(try await load.get()) }
        all.seconds = Double((NIODeadline.now() - start).nanoseconds) / 1e9
        try await group.shutdownGracefully()
        return all
    }
}

/// What came of a load.
struct Load: Sendable {
    var seconds: Double
    private(set) var nanoseconds: [Int64] = []
    private(set) var failures = 0
    private(set) var firstFailure: String?

    init(seconds: Double) { self.seconds = seconds }

    var rate: Double { Double(nanoseconds.count) / seconds }

    mutating func take(_ duration: TimeAmount, isGood: Bool, head: @autoclosure () -> String) {
        nanoseconds.append(duration.nanoseconds)
        if isGood { return }
        failures += 1
        if firstFailure == nil { firstFailure = head() }
    }

    mutating func add(_ other: Load) {
        nanoseconds += other.nanoseconds
        failures += other.failures
        firstFailure = firstFailure ?? other.firstFailure
    }

    /// The time in milliseconds that so many of the answers took at most.
    func latency(_ share: Double) -> Double {
        let sorted = nanoseconds.sorted()
        guard !sorted.isEmpty else { return 0 }
        return Double(sorted[min(Int(Double(sorted.count) * share), sorted.count - 1)]) / 1e6
    }

    /// The one of several with the median rate.
    static func median(_ loads: [Load]) -> Load { loads.sorted { $0.rate < $1.rate }[loads.count / 2] }
}
