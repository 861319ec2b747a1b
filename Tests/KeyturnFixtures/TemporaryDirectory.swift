import Foundation
import Glibc

/// A directory in /tmp that is removed with its last owner.
///
/// A process that is killed cannot remove its own: the next one to make a directory does, and knows by a lock file
/// which of them have no living owner.
package final class TemporaryDirectory: Sendable {
    /// The absolute path, without a slash at the end.
    package let path: String
    private let lock: Descriptor

    /// Makes an empty directory of this process's user.
    package convenience init() throws {
        try self.init(prefix: "keyturn", owner: nil)
    }

    /// Makes an empty directory that only its owner may enter; `owner` is who that is, if not this process's user.
    init(prefix: String, owner: ServiceAccount? = nil) throws {
        Self.removeAbandoned()
        var template = Array("/tmp/\(prefix)\(Self.marker)XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw systemFailure("mkdtemp \(prefix)") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let number = open(path + "/" + Self.lockName, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard number >= 0 else { throw systemFailure("open \(path)/\(Self.lockName)") }
        lock = Descriptor(number)
        guard flock(number, LOCK_EX | LOCK_NB) == 0 else { throw systemFailure("flock \(path)/\(Self.lockName)") }
        if let owner { try owner.own(path) }
    }

    deinit {
        // What cannot be removed is left for removeAbandoned().
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Writes a file into the directory and returns its path.
    package func write(_ name: String, _ content: String, mode: UInt32 = 0o600) throws -> String {
        let file = path + "/" + name
        try Data(content.utf8).write(to: URL(fileURLWithPath: file))
        guard chmod(file, mode) == 0 else { throw systemFailure("chmod \(file)") }
        return file
    }

    /// Part of every name, so that only directories made here are ever removed.
    private static let marker = "-fixture-"
    /// The file whose lock says that the owner lives.
    private static let lockName = ".owner"
    /// Younger directories are left alone: their owner may be about to take the lock.
    private static let minimumAge: time_t = 60

    /// Removes the directories of processes that ended without doing so.
    private static func removeAbandoned() {
        // A /tmp that cannot be listed leaves nothing to clean up.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/tmp")) ?? []
        for name in names where name.hasPrefix("keyturn") && name.contains(marker) {
            let directory = "/tmp/" + name
            let number = open(directory + "/" + lockName, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
            guard number >= 0 else { continue }
            let lock = Descriptor(number)
            var status = stat()
            guard fstat(lock.number, &status) == 0, status.st_mtim.tv_sec < time(nil) - minimumAge,
                flock(lock.number, LOCK_EX | LOCK_NB) == 0
            else { continue }
            try? FileManager.default.removeItem(atPath: directory)  // Two processes may clean up at once.
        }
    }
}
