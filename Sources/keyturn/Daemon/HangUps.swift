import Dispatch
import Glibc

/// SIGHUP as a stream. From here on the signal ends no process, and one that comes before anybody reads is kept.
enum HangUps {
    /// - Returns: The stream, and what has to be cancelled at the end.
    static func begin() -> (stream: AsyncStream<Void>, source: any DispatchSourceSignal) {
        signal(SIGHUP, SIG_IGN)
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let source = DispatchSource.makeSignalSource(signal: SIGHUP, queue: .global())
        source.setEventHandler { continuation.yield() }
        source.resume()
        return (stream, source)
    }
}
