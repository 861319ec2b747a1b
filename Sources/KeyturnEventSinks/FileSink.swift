import Dispatch
import Foundation
import Glibc
public import KeyturnCore

/// Appends events to a file, one EventBridge envelope in JSON a line.
public struct FileSink: EventSink {
    private let path: String
    private let source: String
    /// A disk may keep a writer waiting for long: none of the threads that everything else runs on.
    private let queue = DispatchQueue(label: "keyturn.file-sink")

    /// - Parameters:
    ///   - path: The file; it is made, readable by its owner alone, if it is not there.
    ///   - source: The envelopes' `source`.
    public init(path: String, source: String) {
        self.path = path
        self.source = source
    }

    /// `file:PATH`
    public var name: String { "file:\(path)" }

    /// Appends the events and waits until they are on the disk.
    public func deliver(_ events: [SequencedEvent]) async throws(EventSinkError) {
        var bytes = Data()
        do {
            for event in events {
                bytes.append(try EventBridgeEnvelope(event.event, source: source).line())
                bytes.append(0x0a)
            }
        } catch { throw EventSinkError("an event can't be written as JSON: \(error)", remedy: "report this") }
        let result = await withCheckedContinuation {
            (ended: CheckedContinuation<Result<Void, EventSinkError>, Never>) in
            queue.async { [self, bytes] in
                do throws(EventSinkError) { ended.resume(returning: .success(try append(bytes))) } catch {
                    ended.resume(returning: .failure(error))
                }
            }
        }
        try result.get()
    }

    private func append(_ bytes: Data) throws(EventSinkError) {
        // A pipe that nobody empties is an error, not a wait without end.
        let file = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
        guard file >= 0 else { throw failure("can't be opened") }
        defer { close(file) }
        var whole = bytes
        // A process that died while it wrote may have left half a line: it stays behind as one, and is delivered again.
        if try !endsInNewline(file) { whole.insert(0x0a, at: 0) }
        var offset = 0
        while offset < whole.count {
            let count = whole.withUnsafeBytes { write(file, $0.baseAddress?.advanced(by: offset), $0.count - offset) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("can't be written") }
            offset += count
        }
        guard fdatasync(file) == 0 else { throw failure("can't be made durable") }
    }

    private func endsInNewline(_ file: Int32) throws(EventSinkError) -> Bool {
        var status = stat()
        guard fstat(file, &status) == 0 else { throw failure("can't be examined") }
        guard status.st_size > 0, status.st_mode & S_IFMT == S_IFREG else { return true }
        var last: UInt8 = 0
        guard pread(file, &last, 1, status.st_size - 1) == 1 else { throw failure("can't be read") }
        return last == 0x0a
    }

    private func failure(_ what: String) -> EventSinkError {
        EventSinkError(
            "events file \(path) \(what): \(String(cString: strerror(errno)))",
            remedy: "mend the path in events.sinks; the events wait in the store until then")
    }
}
