import Glibc
import Synchronization

/// An open file descriptor, closed when its last owner lets go, so that no thread ever uses a reused number.
final class Descriptor: Sendable {
    /// The number the kernel knows it by.
    let number: Int32

    /// Takes over an open descriptor.
    init(_ number: Int32) {
        precondition(number >= 0, "a Descriptor is made from an open descriptor")
        self.number = number
    }

    deinit {
        close(number)
    }

    /// Held while a child is started, and while a descriptor exists that a child would inherit.
    ///
    /// Swift's Glibc module lacks pipe2 and accept4, which would make such descriptors in one step.
    static let inheritance = Mutex<Void>(())

    /// Makes a pipe that no child inherits by accident: what is written to `write` is read from `read`.
    static func pipe() throws -> (read: Descriptor, write: Descriptor) {
        try inheritance.withLock { _ in
            var numbers: [Int32] = [-1, -1]
            guard Glibc.pipe(&numbers) == 0 else { throw systemFailure("pipe") }
            let ends = (read: Descriptor(numbers[0]), write: Descriptor(numbers[1]))
            for number in numbers {
                guard fcntl(number, F_SETFD, FD_CLOEXEC) == 0 else { throw systemFailure("fcntl") }
            }
            return ends
        }
    }

    /// Reads what is there, at most 64 KiB; nil at the end, on an error, or when it would block.
    func readSome() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var count = read(number, &buffer, buffer.count)
        while count < 0, errno == EINTR { count = read(number, &buffer, buffer.count) }
        guard count > 0 else { return nil }
        return Array(buffer.prefix(count))
    }

    /// Makes reads and writes return at once instead of waiting.
    func setNonBlocking() throws {
        let flags = fcntl(number, F_GETFL)
        guard flags >= 0, fcntl(number, F_SETFL, flags | O_NONBLOCK) == 0 else { throw systemFailure("fcntl") }
    }
}
