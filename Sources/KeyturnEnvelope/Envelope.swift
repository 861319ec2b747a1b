private import Crypto
private import FoundationEssentials
public import KeyturnCore

/// Encrypts values at rest: a fresh data key for each of them, wrapped under a key-encryption key.
///
/// Value and wrapped key both authenticate what they are bound to, such as the secret's ARN and the version's id, so a
/// record that is copied to another secret or version does not open. A data key seals one value only, so its nonce cannot
/// repeat.
public struct Envelope: Sendable {
    private let keys: any KeyWrapper

    /// Uses `keys` to wrap and open data keys.
    public init(keys: any KeyWrapper) { self.keys = keys }

    /// The key that new values are sealed under.
    public var primaryKeyID: String { keys.primaryKeyID }

    /// Encrypts a value for one version of one secret.
    public func seal(
        _ value: SecretValue, for secret: SecretID, _ version: VersionID
    ) throws(EnvelopeError) -> [UInt8] {
        try seal(value, boundTo: EnvelopeBinding(secret, version))
    }

    /// Encrypts a value.
    public func seal(_ value: SecretValue, boundTo binding: EnvelopeBinding) throws(EnvelopeError) -> [UInt8] {
        let kind: EnvelopeRecord.Kind =
            switch value {
            case .string: .string
            case .binary: .binary
            }
        let dataKey = SymmetricKey(size: .bits256)
        let box: AES.GCM.SealedBox
        do {
            box = try value.bytes.withBytes { plaintext in
                try AES.GCM.seal(plaintext, using: dataKey, authenticating: binding.associatedData(of: kind))
            }
        } catch { throw .cryptographyFailed("sealing") }
        guard let sealed = box.combined else { throw .cryptographyFailed("sealing") }
        let copy = try wrap(dataKey.copied(), binding)
        return EnvelopeRecord(kind: kind, copies: [copy], sealed: Array(sealed)).bytes
    }

    /// Decrypts the record of one version of one secret.
    public func open(
        _ record: [UInt8], of secret: SecretID, _ version: VersionID
    ) throws(EnvelopeError) -> SecretValue {
        try open(record, boundTo: EnvelopeBinding(secret, version))
    }

    /// Decrypts a record.
    public func open(_ record: [UInt8], boundTo binding: EnvelopeBinding) throws(EnvelopeError) -> SecretValue {
        let record = try Self.read(record)
        let dataKey = SymmetricKey(try unwrap(record, binding))
        var plaintext: Data
        do {
            let box = try AES.GCM.SealedBox(combined: record.sealed)
            plaintext = try AES.GCM.open(box, using: dataKey, authenticating: binding.associatedData(of: record.kind))
        } catch { throw .corrupted("the value fails its authentication") }
        let bytes = plaintext.withUnsafeBytes { SecretBytes(copying: $0) }
        plaintext.resetBytes(in: plaintext.startIndex..<plaintext.endIndex)
        return switch record.kind {
        case .string: .string(bytes)
        case .binary: .binary(bytes)
        }
    }

    /// The keys that can open a record, oldest copy first.
    public static func keyIDs(of record: [UInt8]) throws(EnvelopeError) -> [String] {
        try read(record).copies.map(\.keyID)
    }

    /// Adds a copy of the data key under the primary key; nil if there is one already. The value is not decrypted.
    public func addingPrimaryCopy(
        to record: [UInt8], of secret: SecretID, _ version: VersionID
    ) throws(EnvelopeError) -> [UInt8]? {
        try addingPrimaryCopy(to: record, boundTo: EnvelopeBinding(secret, version))
    }

    /// Adds a copy of the data key under the primary key; nil if there is one already. The value is not decrypted.
    public func addingPrimaryCopy(
        to record: [UInt8], boundTo binding: EnvelopeBinding
    ) throws(EnvelopeError) -> [UInt8]? {
        var record = try Self.read(record)
        guard !record.copies.contains(where: { $0.keyID == primaryKeyID }) else { return nil }
        let copy = try wrap(unwrap(record, binding), binding)
        record.copies = record.copies.suffix(EnvelopeRecord.mostCopies - 1) + [copy]
        return record.bytes
    }

    /// Drops every copy but the primary key's, once that is proven to open; nil if there is no other.
    public func droppingOtherCopies(
        from record: [UInt8], of secret: SecretID, _ version: VersionID
    ) throws(EnvelopeError) -> [UInt8]? {
        try droppingOtherCopies(from: record, boundTo: EnvelopeBinding(secret, version))
    }

    /// Drops every copy but the primary key's, once that is proven to open; nil if there is no other.
    public func droppingOtherCopies(
        from record: [UInt8], boundTo binding: EnvelopeBinding
    ) throws(EnvelopeError) -> [UInt8]? {
        var parsed = try Self.read(record)
        let kept = parsed.copies.filter { $0.keyID == primaryKeyID }
        guard !kept.isEmpty, kept.count < parsed.copies.count else { return nil }
        parsed.copies = kept
        _ = try open(parsed.bytes, boundTo: binding)
        return parsed.bytes
    }

    private static func read(_ bytes: [UInt8]) throws(EnvelopeError) -> EnvelopeRecord {
        do { return try EnvelopeRecord(bytes) } catch { throw .corrupted("the record's header is damaged: \(error)") }
    }

    private func wrap(_ dataKey: SecretBytes, _ binding: EnvelopeBinding) throws(EnvelopeError)
        -> EnvelopeRecord.RecordedCopy
    {
        do {
            let wrapped = try keys.wrap(dataKey, context: binding.keyContext)
            return .init(scheme: wrapped.scheme.rawValue, keyID: wrapped.keyID, wrapped: wrapped.bytes)
        } catch {
            throw EnvelopeError(error)
        }
    }

    /// Opens the first copy whose key is here, the newest first.
    private func unwrap(_ record: EnvelopeRecord, _ binding: EnvelopeBinding) throws(EnvelopeError) -> SecretBytes {
        var missing: String?
        for copy in record.copies.reversed() {
            guard let scheme = WrappedKey.Scheme(rawValue: copy.scheme) else {
                throw .corrupted("the record's header is damaged: \(EnvelopeRecord.Failure.unknownScheme(copy.scheme))")
            }
            let wrapped = WrappedKey(scheme: scheme, keyID: copy.keyID, bytes: copy.wrapped)
            do { return try keys.unwrap(wrapped, context: binding.keyContext) } catch {
                switch error {
                case .unknownKey(let keyID): missing = missing ?? keyID
                case .notAuthentic: throw EnvelopeError(error)
                }
            }
        }
        throw .keyMissing(missing ?? "")
    }
}

/// Why a value could not be sealed or opened.
public enum EnvelopeError: Error, Hashable, Sendable {
    /// The record was altered or belongs to another version.
    case corrupted(String)
    /// No key that the record names is here.
    case keyMissing(String)
    /// The cryptographic library refused.
    case cryptographyFailed(String)

    init(_ error: KeyError) {
        switch error {
        case .unknownKey(let keyID): self = .keyMissing(keyID)
        case .notAuthentic(let keyID): self = .corrupted("the data key wrapped under \(keyID) fails its authentication")
        }
    }
}

extension SymmetricKey {
    init(_ bytes: SecretBytes) { self = bytes.withBytes { SymmetricKey(data: $0) } }

    func copied() -> SecretBytes { withUnsafeBytes { SecretBytes(copying: $0) } }
}
