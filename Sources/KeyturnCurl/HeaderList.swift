import CCurl
import Glibc
import KeyturnCore

/// Header lines for libcurl; wiped when they are let go, since one of them may prove who asks.
struct HeaderList: ~Copyable {
    private var first: UnsafeMutablePointer<curl_slist>?

    init() {}

    deinit {
        var next = first
        while let entry = next {
            if let line = entry.pointee.data { explicit_bzero(line, strlen(line)) }
            next = entry.pointee.next
        }
        curl_slist_free_all(first)
    }

    /// Adds one line; false if there is no memory for it.
    mutating func append(_ line: String) -> Bool {
        guard let longer = curl_slist_append(first, line) else { return false }
        first = longer
        return true
    }

    /// Adds a line of a beginning and a secret.
    mutating func append(_ beginning: String, _ secret: SecretBytes) -> Bool {
        let start = Array(beginning.utf8)
        let line = WipedBuffer(byteCount: start.count + secret.count + 1)
        let longer = line.withBytes { bytes in
            bytes.copyBytes(from: start)
            secret.withBytes { UnsafeMutableRawBufferPointer(rebasing: bytes[start.count...]).copyMemory(from: $0) }
            return curl_slist_append(first, bytes.assumingMemoryBound(to: CChar.self).baseAddress)
        }
        guard let longer else { return false }
        first = longer
        return true
    }

    /// Lends the list.
    borrowing func withRaw<Result>(_ body: (UnsafeMutablePointer<curl_slist>?) -> Result) -> Result { body(first) }
}
