import Foundation
import Glibc
import KeyturnCore
import KeyturnCurl
import KeyturnEventSinks
import KeyturnHTTP
import Logging
import Synchronization

/// Makes the sinks that a configuration names, each behind what it asks for.
final class SinkMaker: Sendable {
    private let clock: any UTCClock
    private let logger: Logger
    private let wrap: @Sendable (any EventSink) -> any EventSink
    /// A transport has a thread of its own: sinks that trust the same certificates share one, also after a reload.
    private let transports = Mutex<[String: CurlTransport]>([:])

    /// More is no key.
    private static let longestKey = 4_096

    /// - Parameter wrap: Puts around each sink what a test asks for.
    init(clock: any UTCClock, logger: Logger, wrap: @escaping @Sendable (any EventSink) -> any EventSink) {
        self.clock = clock
        self.logger = logger
        self.wrap = wrap
    }

    /// - Throws: `CommandFailure` about the configuration, if a key or a file of certificates can't be read.
    func sinks(_ events: EventsConfiguration, file: String) throws(CommandFailure) -> [any EventSink] {
        var sinks: [any EventSink] = []
        for (index, sink) in events.sinks.enumerated() {
            do throws(InvalidInput) { sinks.append(try make(sink, source: events.source)) } catch {
                throw ConfigurationFile.failure(
                    file, "events.sinks[\(index)].\(error.field) \(error.problem)", error.remedy)
            }
        }
        return sinks
    }

    private func make(_ sink: ConfiguredSink, source: String) throws(InvalidInput) -> any EventSink {
        var made = try place(sink.place, source: source)
        if let filter = sink.filter { made = FilteredSink(made, filter: filter, source: source) }
        if let name = sink.name { made = NamedSink(made, name: name) }
        return wrap(made)
    }

    private func place(_ place: SinkSettings, source: String) throws(InvalidInput) -> any EventSink {
        switch place {
        case .file(let path): return FileSink(path: path, source: source)
        case .webhook(let webhook):
            return try WebhookSink(
                url: webhook.url, key: try Self.key(webhook.keyPath), source: source,
                transport: try transport(webhook.caFile), clock: clock)
        case .eventBridge(let destination, let caFile):
            let chain = AWSCredentialFiles(environment: ProcessInfo.processInfo.environment)
            return try EventBridgeSink(
                to: destination, source: source,
                credentials: { () async throws(EventSinkError) in
                    do throws(InvalidInput) { return try await chain.credentials() } catch {
                        throw EventSinkError("\(error.field) \(error.problem)", remedy: error.remedy)
                    }
                },
                transport: try transport(caFile), clock: clock,
                notice: { [logger] in logger.warning("\($0)") })
        }
    }

    private func transport(_ caFile: String?) throws(InvalidInput) -> CurlTransport {
        if let made = transports.withLock({ $0[caFile ?? ""] }) { return made }
        let made = try CurlTransport(CurlSettings(caFile: caFile))
        return transports.withLock { transports in
            if let other = transports[caFile ?? ""] { return other }
            transports[caFile ?? ""] = made
            return made
        }
    }

    /// The bytes of a key's file without the line break at its end.
    private static func key(_ path: String) throws(InvalidInput) -> SecretBytes {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else {
            throw InvalidInput(
                field: "secretFile", problem: "(\(path)) can't be opened: \(String(cString: strerror(errno)))",
                remedy: "make a key with `openssl rand -hex 32`, readable by keyturn alone")
        }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: longestKey + 1)
        let count = bytes.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
        guard (0...longestKey).contains(count) else {
            throw InvalidInput(
                field: "secretFile", problem: "(\(path)) is no key of at most \(longestKey) bytes",
                remedy: "make a key with `openssl rand -hex 32`")
        }
        bytes.removeLast(bytes.count - count)
        if bytes.last == 0x0a { bytes.removeLast() }
        return SecretBytes(taking: &bytes)
    }
}
