private import FoundationEssentials
private import Glibc
public import KeyturnCore
private import Synchronization

/// The local key-encryption keys: a text file that only its owner can read, one key a line, the first one primary.
///
/// `keyturn-key-v1 <key id> <created, ISO 8601> <32 bytes in base64>`. A key that a record names and that is not in
/// memory is looked for in the file once more, so that a running process follows `keyturn key rotate`.
public final class KeyFile: KeyWrapper {
    /// Where the keys are.
    public let path: String
    private let ring: Mutex<KeyRing>

    /// Reads the file.
    /// - Throws: `KeyFileError` if it can't be read, others can read it, or it holds no key.
    public init(at path: String) throws(KeyFileError) {
        self.path = path
        ring = Mutex(try Self.read(path))
    }

    /// Makes a key file with one fresh key, mode 0600.
    /// - Throws: `KeyFileError` if there is a file already, or it can't be made durable.
    public static func create(at path: String, now: UTCInstant) throws(KeyFileError) {
        try SecureFile.create(path, contents: line(of: freshKey(), now: now))
    }

    /// Puts a fresh key in front of the others, so that it becomes primary.
    public func addPrimaryKey(now: UTCInstant) throws(KeyFileError) {
        // Two processes that read the same file and each write their own key would lose one, and every value under it.
        try SecureFile.withLock(beside: path) { () throws(KeyFileError) in
            let existing = try SecureFile.read(path)
            let line = Self.line(of: Self.freshKey(), now: now)
            // A file that could not be read with one more key is left alone: every value depends on it.
            guard try Self.parse(existing, path).entries.count < Self.mostKeys,
                line.count + existing.count <= SecureFile.largest
            else {
                throw KeyFileError(
                    path, "has no room for another key",
                    remedy: "delete the last lines, whose keys no record and no backup of the store needs any more")
            }
            try SecureFile.replace(path, contents: line, followedBy: existing)
        }
        let fresh = try Self.read(path)
        ring.withLock { $0 = fresh }
    }

    /// The ids of all keys in the file, the primary first.
    public var keyIDs: [String] { ring.withLock { $0.entries.map(\.id) } }

    /// The key that new data keys are wrapped under.
    public var primaryKeyID: String { ring.withLock { $0.primary.id } }

    /// Wraps a data key under the primary key with AES-256-GCM, the context authenticated.
    public func wrap(_ dataKey: SecretBytes, context: [UInt8]) throws(KeyError) -> WrappedKey {
        let ring = ring.withLock { $0 }
        return try ring.wrap(dataKey, context: context)
    }

    /// Opens a data key with the key it names.
    public func unwrap(_ wrapped: WrappedKey, context: [UInt8]) throws(KeyError) -> SecretBytes {
        let known = ring.withLock { $0 }
        if !known.entries.contains(where: { $0.id == wrapped.keyID }) {
            // Optional on purpose: if the file is gone by now, the keys in memory are still good for other records.
            if let fresh = try? Self.read(path) { ring.withLock { $0 = fresh } }
        }
        let current = ring.withLock { $0 }
        return try current.unwrap(wrapped, context: context)
    }

    /// 32 bytes for another use than wrapping, which say nothing of the key they come from. They stay the same until
    /// another key becomes primary and the file is read anew.
    public func derivedKey(for purpose: String) -> SecretBytes {
        ring.withLock { $0 }.derivedKey(for: purpose)
    }

    private static let tag = "keyturn-key-v1"
    /// More keys than this in one file is a mistake, not a history.
    private static let mostKeys = 64

    private static func freshKey() -> SecretBytes {
        var random = SystemRandomNumberGenerator()
        var bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        return SecretBytes(taking: &bytes)
    }

    private static func line(of key: SecretBytes, now: UTCInstant) -> SecretBytes {
        let encoded = key.withBytes { Data($0).base64EncodedData() }
        var line = Array("\(tag) \(KeyRing.id(of: key)) \(now.wholeSeconds) ".utf8) + Array(encoded) + [0x0a]
        return SecretBytes(taking: &line)
    }

    private static func read(_ path: String) throws(KeyFileError) -> KeyRing {
        try parse(SecureFile.read(path), path)
    }

    private static func parse(_ contents: SecretBytes, _ path: String) throws(KeyFileError) -> KeyRing {
        var entries: [KeyRing.Entry] = []
        let lines = contents.withBytes { $0.split(separator: 0x0a, omittingEmptySubsequences: false).map(Array.init) }
        for (index, line) in lines.enumerated() where !line.isEmpty && line.first != UInt8(ascii: "#") {
            let fields = line.split(separator: 0x20)
            guard fields.count == 4, String(decoding: fields[0], as: UTF8.self) == tag,
                let data = Data(base64Encoded: Data(fields[3])), data.count == 32
            else {
                throw KeyFileError(
                    path, "line \(index + 1) is not \"\(tag) ID CREATED KEY\"",
                    remedy: "restore the file from its backup; never edit a key")
            }
            let key = data.withUnsafeBytes { SecretBytes(copying: $0) }
            let id = String(decoding: fields[1], as: UTF8.self)
            guard id == KeyRing.id(of: key) else {
                throw KeyFileError(
                    path, "line \(index + 1) holds another key than its id \(id) says",
                    remedy: "restore the file from its backup; never edit a key")
            }
            entries.append(.init(id: id, key: key))
        }
        guard (1...mostKeys).contains(entries.count) else {
            throw KeyFileError(
                path, "holds \(entries.count) keys",
                remedy: "restore the file from its backup; a store can't be read without its key")
        }
        return KeyRing(entries: entries)
    }
}
