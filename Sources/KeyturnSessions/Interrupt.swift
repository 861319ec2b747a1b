import Glibc
import KeyturnCore

/// Wakes a thread that waits for a socket, from any other thread.
package final class Interrupt: Sendable {
    /// The two ends of a pipe that nothing else knows: a byte in it is the signal.
    private let signal: (reader: Int32, writer: Int32)

    /// Nil if the process has no file descriptor left.
    package init?() {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        signal = (ends[0], ends[1])
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
    }

    deinit {
        close(signal.reader)
        close(signal.writer)
    }

    package func fire() {
        var byte: UInt8 = 1
        _ = write(signal.writer, &byte, 1)
    }

    /// Forgets earlier calls of `fire()`.
    package func reset() {
        var byte: UInt8 = 0
        while read(signal.reader, &byte, 1) == 1 {}
    }

    /// What ended a wait.
    package enum Wait {
        case ready
        case timedOut
        case interrupted
    }

    /// Waits until the socket is readable (or writable, if that is asked for too), the deadline passes, or `fire()`.
    package func wait(for socket: Int32, writable: Bool, readable: Bool = true, until deadline: ContinuousClock.Instant)
        -> Wait
    {
        let wanted = (readable ? POLLIN : 0) | (writable ? POLLOUT : 0)
        while true {
            let left = ContinuousClock.now.duration(to: deadline)
            guard left > .zero else { return .timedOut }
            var watched = [
                pollfd(fd: socket, events: Int16(wanted), revents: 0),
                pollfd(fd: signal.reader, events: Int16(POLLIN), revents: 0),
            ]
            // Rounded up: waking a moment early would turn the last millisecond into a busy loop.
            let count = poll(&watched, 2, Int32(min(left.wholeMilliseconds + 1, Int64(Int32.max))))
            if count < 0, errno == EINTR { continue }
            if watched[1].revents != 0 { return .interrupted }
            if count > 0 { return .ready }
            if count < 0 { return .timedOut }
        }
    }
}
