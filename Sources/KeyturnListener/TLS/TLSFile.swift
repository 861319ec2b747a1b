import FoundationEssentials
import Glibc

/// One of the two files.
struct TLSFile {
    let field: String
    let path: String

    /// A chain of a dozen certificates is a tenth of this.
    private static let largest = 1 << 18

    init(_ field: String, _ path: String) {
        self.field = field
        self.path = path
    }

    /// - Throws: `TLSIdentityError` if it can't be read, or is too large.
    func contents() throws(TLSIdentityError) -> [UInt8] {
        guard let size = status()?.st_size, size <= Self.largest, let data = FileManager.default.contents(atPath: path)
        else {
            throw TLSIdentityError(
                field, path, "can't be read, or is larger than \(Self.largest) bytes",
                remedy: "name a file in PEM that this user may read")
        }
        return Array(data)
    }

    /// A key is its owner's alone. One that belongs to root, as where a platform hands it out, may be read by one group:
    /// there is no other way to give it to a process that is not root (PostgreSQL has the same rule: "Server
    /// Configuration", ssl_key_file).
    func requirePrivacy() throws(TLSIdentityError) {
        guard let status = status() else { return }
        let mode = status.st_mode & 0o777
        let isOurs = status.st_uid == geteuid() && mode & 0o077 == 0
        let isOfRoot = status.st_uid == 0 && mode & 0o037 == 0
        guard isOurs || isOfRoot else {
            throw TLSIdentityError(
                field, path, "can be read by others, or belongs to another user (mode \(String(mode, radix: 8)))",
                remedy: "chmod 600 \(path), as the user that runs keyturn; or root's, with mode 640")
        }
    }

    func status() -> stat? {
        var status = stat()
        return stat(path, &status) == 0 ? status : nil
    }
}

/// What tells two states of the files apart without reading them.
struct FileFingerprint: Hashable, Sendable {
    private let marks: [[Int]]

    init(_ files: TLSFiles) {
        marks = [files.certificate, files.key].map { path in
            guard let status = TLSFile("", path).status() else { return [] }
            return [
                Int(status.st_dev), Int(bitPattern: UInt(status.st_ino)), Int(status.st_size), status.st_mtim.tv_sec,
                status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec,
            ]
        }
    }
}
