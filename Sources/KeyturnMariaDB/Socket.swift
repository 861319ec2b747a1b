import Glibc

/// What is done with a connection's socket behind the library's back.
enum Socket {
    /// Both directions end at once: reads see the end of the stream, writes fail.
    static func silence(_ socket: Int32) { shutdown(socket, Int32(SHUT_RDWR)) }

    /// Reads and writes return at once instead of waiting.
    /// - Returns: Whether that is so.
    static func unblock(_ socket: Int32) -> Bool {
        let flags = fcntl(socket, F_GETFL)
        return flags >= 0 && fcntl(socket, F_SETFL, flags | O_NONBLOCK) == 0
    }
}
