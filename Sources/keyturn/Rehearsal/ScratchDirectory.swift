import Foundation
import KeyturnCore
import KeyturnEnvelope
import KeyturnSQLiteStore

/// A directory for a store that lives as long as a rehearsal. Its key is in memory alone: what a killed rehearsal leaves is
/// of no use to anyone, and says whose scratch users may be at the server still.
struct ScratchDirectory {
    private let path: String
    /// The secret that is rehearsed, as the directory notes it.
    let secret: String

    private static let prefix = "rehearsal-"
    /// Two lines: who rehearses, and which secret.
    private static let note = "/rehearses"

    init(beside store: String, for secret: SecretID) throws {
        path = "\(Self.parent(of: store))/\(Self.prefix)\(UUID().uuidString.lowercased())"
        self.secret = secret.arn
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        try "\(ProcessHolder().id.text)\n\(secret.arn)\n".write(
            toFile: path + Self.note, atomically: true, encoding: .utf8)
    }

    private init(found path: String, secret: String) {
        self.path = path
        self.secret = secret
    }

    func makeStore() throws -> SQLiteStore {
        try SQLiteStore.create(at: path + "/db")
        return try SQLiteStore.open(
            at: path + "/db", envelope: Envelope(keys: EphemeralKey()), makeRandom: Installation.makeRandom)
    }

    /// Those of rehearsals whose process has died.
    static func leftOver(beside store: String) -> [ScratchDirectory] {
        let parent = parent(of: store)
        // Optional on purpose: a directory that can't be listed has none for us.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
        return names.sorted().filter { $0.hasPrefix(prefix) }.compactMap { name in
            let path = "\(parent)/\(name)"
            guard let text = try? String(contentsOfFile: path + note, encoding: .utf8) else { return nil }
            let lines = text.split(separator: "\n").map(String.init)
            guard lines.count == 2, ProcessHolder.isDead(HolderID(lines[0])) else { return nil }
            return ScratchDirectory(found: path, secret: lines[1])
        }
    }

    func remove() {
        // What can't be removed is encrypted under a key that is gone.
        try? FileManager.default.removeItem(atPath: path)
    }

    private static func parent(of store: String) -> String {
        URL(fileURLWithPath: store).deletingLastPathComponent().path
    }
}
