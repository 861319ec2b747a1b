import Glibc

/// Looks at what a server has sent before libpq acts on it: an older libpq answers AuthenticationCleartextPassword with
/// the clear password, also to a server that nobody has verified.
///
/// PostgreSQL manual, "Message Formats": `R`, a length of 8 and the code 3. From libpq 16 on `require_auth` does this.
enum ClearTextGuard {
    /// What is in the socket's buffer.
    enum Finding {
        /// Whole messages, none of which asks for a clear password.
        case harmless
        /// Part of a message: whether it asks is not known yet.
        case incomplete
        /// A message that asks.
        case asksForClearText
    }

    /// More than a server sends before it knows who it talks to.
    private static let longestLook = 16_384

    /// Leaves the bytes where they are.
    static func look(at socket: Int32) -> Finding {
        var bytes = [UInt8](repeating: 0, count: longestLook)
        let count = recv(socket, &bytes, bytes.count, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
        // Nothing to read, or an end: libpq finds out for itself.
        guard count > 0 else { return .harmless }
        return look(at: bytes.prefix(count))
    }

    static func look(at bytes: ArraySlice<UInt8>) -> Finding {
        var rest = bytes
        while let type = rest.first {
            guard let length = bigEndian(rest.dropFirst()) else { return .incomplete }
            // A length that no message has at this point: libpq refuses it.
            guard (4...30_000).contains(length) else { return .harmless }
            if type == UInt8(ascii: "R") {
                guard let code = bigEndian(rest.dropFirst(5)) else { return .incomplete }
                if code == 3 { return .asksForClearText }
            }
            // The whole of it has to be here, or the next look would begin in its middle.
            guard rest.count >= Int(length) + 1 else { return .incomplete }
            rest = rest.dropFirst(Int(length) + 1)
        }
        return .harmless
    }

    private static func bigEndian(_ bytes: ArraySlice<UInt8>) -> UInt32? {
        guard bytes.count >= 4 else { return nil }
        return bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }
}
