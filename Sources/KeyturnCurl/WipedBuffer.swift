import Glibc
import KeyturnCore
import KeyturnHTTP

/// Bytes that a C library is lent for as long as it likes; wiped when they are let go.
struct WipedBuffer: ~Copyable {
    private let memory: UnsafeMutableRawBufferPointer

    /// Zeroes.
    init(byteCount: Int) {
        memory = .allocate(byteCount: max(byteCount, 1), alignment: 16)
        memory.initializeMemory(as: UInt8.self, repeating: 0)
    }

    /// A copy.
    init(copying body: HTTPBody) {
        self.init(byteCount: body.byteCount)
        switch body {
        case .none: break
        case .bytes(let bytes): memory.copyBytes(from: bytes)
        case .secret(let bytes): bytes.withBytes { memory.copyMemory(from: $0) }
        }
    }

    deinit {
        if let base = memory.baseAddress { explicit_bzero(base, memory.count) }
        memory.deallocate()
    }

    /// The bytes, until this is let go.
    borrowing func withBytes<Result>(_ body: (UnsafeMutableRawBufferPointer) -> Result) -> Result { body(memory) }
}
