import Glibc

/// What is done with a connection's socket behind the library's back.
enum Socket {
    /// Both directions end at once: reads see the end of the stream, writes fail.
    static func silence(_ socket: Int32) { shutdown(socket, Int32(SHUT_RDWR)) }
}
