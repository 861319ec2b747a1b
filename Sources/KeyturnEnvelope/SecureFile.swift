private import Glibc
import KeyturnCore

/// Files that hold keys: owned by this user, readable by nobody else, never behind a symbolic link, written durably.
enum SecureFile {
    /// More than this is no key file.
    static let largest = 65_536

    static func read(_ path: String) throws(KeyFileError) -> SecretBytes {
        let file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard file >= 0 else { throw failure(path, "can't be opened") }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw failure(path, "can't be examined") }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw KeyFileError(path, "is not a regular file", remedy: "name the key file itself in keys.file")
        }
        guard status.st_uid == geteuid() else {
            throw KeyFileError(
                path, "belongs to another user (uid \(status.st_uid), this process is \(geteuid()))",
                remedy: "chown it to the user that runs keyturn, or run keyturn as its owner")
        }
        guard status.st_mode & 0o077 == 0 else {
            let mode = String(status.st_mode & 0o777, radix: 8)
            throw KeyFileError(
                path, "can be read by others (mode \(mode))",
                remedy: "chmod 600 it; if others may have read it, replace the key with keyturn key rotate")
        }
        var bytes = [UInt8](repeating: 0, count: largest + 1)
        var length = 0
        while length < bytes.count {
            let count = bytes.withUnsafeMutableBytes {
                Glibc.read(file, $0.baseAddress?.advanced(by: length), $0.count - length)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(path, "can't be read") }
            if count == 0 { break }
            length += count
        }
        guard length <= largest else {
            throw KeyFileError(path, "is larger than \(largest) bytes", remedy: "name the key file in keys.file")
        }
        defer { for index in bytes.indices { bytes[index] = 0 } }
        return bytes.withUnsafeBytes { SecretBytes(copying: UnsafeRawBufferPointer(rebasing: $0[..<length])) }
    }

    static func create(_ path: String, contents: SecretBytes) throws(KeyFileError) {
        try write(path, [contents])
        try syncDirectory(of: path)
    }

    /// Replaces the file in one step: a reader sees the old contents or the new, also after a power cut.
    static func replace(_ path: String, contents: SecretBytes, followedBy rest: SecretBytes) throws(KeyFileError) {
        let temporary = path + ".new"
        unlink(temporary)
        try write(temporary, [contents, rest])
        guard rename(temporary, path) == 0 else { throw failure(path, "can't be replaced") }
        try syncDirectory(of: path)
    }

    /// Runs `body` while no other process is in the same place for the same file. Waits: the holders are brief.
    static func withLock(beside path: String, _ body: () throws(KeyFileError) -> Void) throws(KeyFileError) {
        let lock = open(path + ".lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw failure(path + ".lock", "can't be made") }
        defer { close(lock) }
        while flock(lock, LOCK_EX) != 0 {
            guard errno == EINTR else { throw failure(path + ".lock", "can't be locked") }
        }
        try body()
    }

    private static func write(_ path: String, _ parts: [SecretBytes]) throws(KeyFileError) {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure(path, "can't be made") }
        defer { close(file) }
        do throws(KeyFileError) { try fill(file, path, parts) } catch {
            // Half a key is no key, and would be in the way of the next try.
            unlink(path)
            throw error
        }
    }

    private static func fill(_ file: Int32, _ path: String, _ parts: [SecretBytes]) throws(KeyFileError) {
        for part in parts {
            try part.withBytes { (bytes) throws(KeyFileError) in
                var offset = 0
                while offset < bytes.count {
                    let count = Glibc.write(file, bytes.baseAddress?.advanced(by: offset), bytes.count - offset)
                    if count < 0, errno == EINTR { continue }
                    guard count > 0 else { throw failure(path, "can't be written") }
                    offset += count
                }
            }
        }
        guard fsync(file) == 0 else { throw failure(path, "can't be made durable") }
    }

    private static func syncDirectory(of path: String) throws(KeyFileError) {
        let directory = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let handle = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard handle >= 0 else { throw failure(directory, "can't be opened") }
        defer { close(handle) }
        guard fsync(handle) == 0 else { throw failure(directory, "can't be made durable") }
    }

    private static func failure(_ path: String, _ what: String) -> KeyFileError {
        let code = errno
        let reason = String(cString: strerror(code))
        let remedy =
            switch code {
            case ENOENT: "check keys.file in the configuration; keyturn init makes a key for a new store only"
            case EEXIST: "a key is never overwritten; move it away if it belongs to nothing any more"
            case EACCES: "run keyturn as the owner of the key file"
            case ELOOP: "name the file itself, not a symbolic link"
            case _: "check the disk and the permissions of the directory"
            }
        return KeyFileError(path, "\(what): \(reason)", remedy: remedy)
    }
}

/// Why a key file can't be used.
public struct KeyFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file.
    public let path: String
    /// What is wrong, as the rest of a sentence that starts with the path.
    public let problem: String
    /// What to do.
    public let remedy: String

    init(_ path: String, _ problem: String, remedy: String) {
        self.path = path
        self.problem = problem
        self.remedy = remedy
    }

    /// `key file PATH problem → remedy`
    public var description: String { "key file \(path) \(problem) → \(remedy)" }
}
