/// The bytes of one encrypted value, format 1. All integers are big-endian.
///
/// ```
/// 0  4  magic "KTS1"
/// 4  1  format version, 1
/// 5  1  algorithm, 1 = AES-256-GCM under a data key of its own
/// 6  1  kind, 0 = SecretString, 1 = SecretBinary
/// 7  1  number of wrapped copies of the data key, 1 to 4
/// 8  …  per copy: u8 scheme, u16 length and key id, u16 length and wrapped data key
///    12 nonce, then the ciphertext, then 16 bytes of tag
/// ```
struct EnvelopeRecord {
    enum Kind: UInt8 {
        case string = 0
        case binary = 1
    }

    /// Why bytes are no record.
    enum Failure: Error, Equatable {
        case truncated
        case badMagic
        case unknownFormat(UInt8)
        case unknownAlgorithm(UInt8)
        case unknownKind(UInt8)
        case unknownScheme(UInt8)
        case badCopyCount(Int)
        case badKeyID
    }

    static let magic = Array("KTS1".utf8)
    static let formatVersion: UInt8 = 1
    static let aes256GCM: UInt8 = 1
    /// While the key-encryption key is being replaced a record has two copies; four leave room for a run that was cut off.
    static let mostCopies = 4
    static let nonceLength = 12
    static let tagLength = 16

    let kind: Kind
    var copies: [RecordedCopy]
    /// Nonce, ciphertext and tag.
    let sealed: [UInt8]

    /// One wrapped copy of the data key.
    struct RecordedCopy: Equatable {
        let scheme: UInt8
        let keyID: String
        let wrapped: [UInt8]
    }

    init(kind: Kind, copies: [RecordedCopy], sealed: [UInt8]) {
        self.kind = kind
        self.copies = copies
        self.sealed = sealed
    }

    init(_ bytes: [UInt8]) throws(Failure) {
        var reader = RecordReader(bytes: bytes[...])
        guard try reader.take(4).elementsEqual(Self.magic) else { throw .badMagic }
        let version = try reader.byte()
        guard version == Self.formatVersion else { throw .unknownFormat(version) }
        let algorithm = try reader.byte()
        guard algorithm == Self.aes256GCM else { throw .unknownAlgorithm(algorithm) }
        let rawKind = try reader.byte()
        guard let kind = Kind(rawValue: rawKind) else { throw .unknownKind(rawKind) }
        let count = Int(try reader.byte())
        guard (1...Self.mostCopies).contains(count) else { throw .badCopyCount(count) }
        var copies: [RecordedCopy] = []
        for _ in 0..<count {
            let scheme = try reader.byte()
            guard let keyID = String(validating: try reader.lengthPrefixed(), as: UTF8.self), !keyID.isEmpty else {
                throw .badKeyID
            }
            copies.append(RecordedCopy(scheme: scheme, keyID: keyID, wrapped: Array(try reader.lengthPrefixed())))
        }
        let sealed = Array(reader.bytes)
        guard sealed.count >= Self.nonceLength + Self.tagLength else { throw .truncated }
        self.init(kind: kind, copies: copies, sealed: sealed)
    }

    var bytes: [UInt8] {
        var bytes = Self.magic + [Self.formatVersion, Self.aes256GCM, kind.rawValue, UInt8(copies.count)]
        for copy in copies {
            bytes.append(copy.scheme)
            bytes.append(bigEndian: UInt16(copy.keyID.utf8.count))
            bytes.append(contentsOf: copy.keyID.utf8)
            bytes.append(bigEndian: UInt16(copy.wrapped.count))
            bytes.append(contentsOf: copy.wrapped)
        }
        return bytes + sealed
    }
}

/// Takes a record apart from its front.
private struct RecordReader {
    var bytes: ArraySlice<UInt8>

    mutating func take(_ count: Int) throws(EnvelopeRecord.Failure) -> ArraySlice<UInt8> {
        guard bytes.count >= count else { throw .truncated }
        defer { bytes = bytes.dropFirst(count) }
        return bytes.prefix(count)
    }

    mutating func byte() throws(EnvelopeRecord.Failure) -> UInt8 {
        guard let first = bytes.popFirst() else { throw .truncated }
        return first
    }

    mutating func lengthPrefixed() throws(EnvelopeRecord.Failure) -> ArraySlice<UInt8> {
        let high = Int(try byte())
        let low = Int(try byte())
        return try take(high << 8 | low)
    }
}

extension [UInt8] {
    mutating func append<Integer: FixedWidthInteger>(bigEndian value: Integer) {
        for shift in stride(from: Integer.bitWidth - 8, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}
