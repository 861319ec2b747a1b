#if canImport(Glibc)
private import Glibc
#elseif canImport(Musl)
private import Musl
#endif

/// Plaintext: one copy in memory of its own, wiped when the last owner lets go, shown by nothing.
///
/// No `Codable`, `Hashable`, literal or `String` view: each would be a way out. Equality takes the same time for equal
/// lengths wherever the difference is.
@safe public final class SecretBytes: Sendable, CustomStringConvertible, CustomReflectable {
    // Written in init and deinit only; in between every access is a read, so sharing it between threads is safe.
    private nonisolated(unsafe) let buffer: UnsafeMutableRawBufferPointer

    /// Takes the bytes over and wipes the caller's array.
    public init(taking source: inout [UInt8]) {
        unsafe buffer = .allocate(byteCount: source.count, alignment: 16)
        unsafe buffer.copyBytes(from: source)
        unsafe source.withUnsafeMutableBytes { unsafe wipe($0) }
        source = []
    }

    /// Copies the bytes; the caller answers for the original.
    public init(copying source: UnsafeRawBufferPointer) {
        unsafe buffer = .allocate(byteCount: source.count, alignment: 16)
        unsafe buffer.copyMemory(from: source)
    }

    deinit {
        unsafe wipe(buffer)
        unsafe buffer.deallocate()
    }

    /// Lends the bytes; they must not leave `body`.
    public func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe body(UnsafeRawBufferPointer(buffer))
    }

    /// Lends the bytes with a NUL behind them, for a C call; the copy is wiped when `body` returns.
    public func withCString<Result, Failure: Error>(
        _ body: (UnsafePointer<CChar>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let copy = unsafe UnsafeMutableRawBufferPointer.allocate(byteCount: buffer.count + 1, alignment: 16)
        defer {
            unsafe wipe(copy)
            unsafe copy.deallocate()
        }
        unsafe copy.copyBytes(from: buffer)
        unsafe copy[buffer.count] = 0
        let characters = unsafe copy.assumingMemoryBound(to: CChar.self)
        guard let base = characters.baseAddress else { preconditionFailure("an allocation of one byte or more") }
        return try unsafe body(base)
    }

    /// How many bytes there are.
    public var count: Int { unsafe buffer.count }

    /// Whether both hold the same bytes, in a time that depends only on the lengths.
    public func hasSameBytes(as other: SecretBytes) -> Bool {
        guard count == other.count else { return false }
        var difference: UInt8 = 0
        for index in 0..<count { unsafe difference |= buffer[index] ^ other.buffer[index] }
        return difference == 0
    }

    /// Whether the bytes hold a NUL, which no C library carries.
    public var containsNUL: Bool { unsafe buffer.contains(0) }

    /// Whether every byte is a printable ASCII character.
    public var isPrintableASCII: Bool { unsafe buffer.allSatisfy { (0x20...0x7e).contains($0) } }

    /// Whether the bytes are valid UTF-8.
    public var isUTF8: Bool {
        var decoder = Unicode.UTF8()
        var iterator = unsafe buffer.makeIterator()
        while true {
            switch unsafe decoder.decode(&iterator) {
            case .scalarValue: continue
            case .emptyInput: return true
            case .error: return false
            }
        }
    }

    /// Not even the length.
    public var description: String { "<redacted>" }

    /// Nothing for `dump` or a failed expectation to show.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Overwrites memory in a way that the optimiser keeps.
private func wipe(_ bytes: UnsafeMutableRawBufferPointer) {
    if let base = bytes.baseAddress { unsafe explicit_bzero(base, bytes.count) }
}
