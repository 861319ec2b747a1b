import Dispatch
import Foundation
import Glibc
import Logging
import Synchronization
import Tracing

/// Writes finished spans to a file, each as one line of OTLP's JSON: what the OpenTelemetry Collector's file receiver reads.
///
/// OpenTelemetry: "OTLP File Exporter". Spans are help for a person and no record: one that can't be written is dropped,
/// and the log says so once.
final class SpanFile: Tracer {
    private let path: String
    private let logger: Logger
    /// Writes one span after the other, off the threads that rotate.
    private let queue = DispatchQueue(label: "keyturn.spans")
    /// More than these wait for a disk that does not answer; the rest is dropped.
    private static let longestQueue = 10_000
    private let waiting = Atomic<Int>(0)
    private let hasFailed = Atomic<Bool>(false)

    init(path: String, logger: Logger) {
        self.path = path
        self.logger = logger
    }

    func startSpan<Instant: TracerInstant>(
        _ operationName: String, context: @autoclosure () -> ServiceContext, ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant, function: String, file fileID: String, line: UInt
    ) -> RecordedSpan {
        RecordedSpan(
            operationName, below: context(), startedAt: instant().nanosecondsSinceEpoch
        ) { [weak self] in self?.write($0) }
    }

    /// No other process starts or goes on with a trace of ours.
    func extract<Carrier, Extract>(_ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract)
    where Extract: Extractor, Extract.Carrier == Carrier {}

    /// No request carries a trace to another process.
    func inject<Carrier, Inject>(_ context: ServiceContext, into carrier: inout Carrier, using injector: Inject)
    where Inject: Injector, Inject.Carrier == Carrier {}

    /// The tracing library's way to ask for what `flushed` does; it can't wait.
    func forceFlush() {}

    /// Returns when everything that has ended is in the file, or after some seconds: a disk that hangs ends no command.
    func flushed() async {
        await withCheckedContinuation { continuation in
            let end = FirstOfTwo(continuation)
            queue.async { end.reach() }
            DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(Self.patience)) { end.reach() }
        }
    }

    /// Seconds.
    private static let patience = 3

    /// Resumes once, whoever comes first.
    private final class FirstOfTwo: Sendable {
        private let continuation: Mutex<CheckedContinuation<Void, Never>?>

        init(_ continuation: CheckedContinuation<Void, Never>) { self.continuation = Mutex(continuation) }

        func reach() {
            continuation.withLock { continuation in
                let first = continuation
                continuation = nil
                return first
            }?.resume()
        }
    }

    private func write(_ span: FinishedSpan) {
        guard waiting.wrappingAdd(1, ordering: .relaxed).newValue <= Self.longestQueue else {
            waiting.wrappingSubtract(1, ordering: .relaxed)
            return fail("more than \(Self.longestQueue) spans wait to be written")
        }
        queue.async { [self] in
            defer { waiting.wrappingSubtract(1, ordering: .relaxed) }
            do {
                var line = try span.otlpLine()
                line.append(0x0a)
                append(line)
            } catch { fail("a span can't be written as JSON") }
        }
    }

    /// Opened anew for each, so that the file can be renamed away.
    private func append(_ line: Data) {
        // Without a wait: a pipe that nobody reads is no file.
        let file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
        guard file >= 0 else { return fail(String(cString: strerror(errno))) }
        defer { close(file) }
        guard FileKind(of: file) == .regular else { return fail("it is no regular file") }
        // One write, so that lines of several processes do not mix.
        let count = line.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
        guard count == line.count else {
            return fail(count < 0 ? String(cString: strerror(errno)) : "the disk is full")
        }
        // What fails again later is told again.
        hasFailed.store(false, ordering: .relaxed)
    }

    private func fail(_ reason: String) {
        guard !hasFailed.exchange(true, ordering: .relaxed) else { return }
        logger.warning("spans are not written to \(path): \(reason); mend tracing.file")
    }
}
