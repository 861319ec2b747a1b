import Foundation
import Glibc

/// The kind of file system that a path is on, as the kernel's list of mounts names it.
struct FileSystemType {
    let name: String

    /// SQLite's write-ahead log needs shared memory and working locks, which these do not give.
    var isNetwork: Bool {
        ["nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "glusterfs", "lustre", "fuse.sshfs", "fuse.s3fs"]
            .contains(name)
    }

    /// Nil where the kernel can't say.
    init?(of path: String) {
        var status = stat()
        guard stat(path, &status) == 0,
            let mounts = try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)
        else { return nil }
        // proc(5): the third field is the device, and the first one behind " - " the type.
        let device = Self.majorAndMinor(of: UInt64(status.st_dev))
        for line in mounts.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count > 3, fields[2] == device, let dash = fields.firstIndex(of: "-"), dash + 1 < fields.count
            else { continue }
            name = String(fields[dash + 1])
            return
        }
        return nil
    }

    /// Whether there is no room for another page where the file is.
    static func isFull(_ path: String) -> Bool {
        var status = statvfs()
        return statvfs(path, &status) == 0 && UInt(status.f_bavail) * UInt(status.f_frsize) < 65_536
    }

    /// The two numbers that a device number is made of, as gnu_dev_major(3) takes it apart.
    private static func majorAndMinor(of device: UInt64) -> String {
        let major = (device >> 8) & 0xfff | (device >> 32) & ~0xfff
        let minor = device & 0xff | (device >> 12) & ~0xff
        return "\(major):\(minor)"
    }
}
