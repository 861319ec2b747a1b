import Foundation
import Glibc
import KeyturnCore

/// This process as a lease's holder, in a form in which another process of the same machine can see that it has died.
///
/// `HOST pid PID boot BOOT namespace NAMESPACE start TICKS`
struct ProcessHolder {
    let id: HolderID

    init() {
        let start = ProcessStatus(of: getpid())?.startTicks ?? 0
        id = HolderID("\(Self.host) pid \(getpid()) boot \(Self.boot) namespace \(Self.namespace) start \(start)")
    }

    /// Whether that holder is known to be dead. One on another machine or in another process-id name space may live.
    static func isDead(_ holder: HolderID) -> Bool {
        let words = holder.text.split(separator: " ").map(String.init)
        guard words.count == 9, words[0] == host, words[6] == namespace, let process = pid_t(words[2]) else {
            return false
        }
        // Where the kernel does not tell the boot, another one can't be told from this.
        guard words[4] != unknown, boot != unknown else { return false }
        if words[4] != boot { return true }
        // /proc may hide processes of this very user (hidepid): only the kernel's own word that there is none counts.
        guard let status = ProcessStatus(of: process) else {
            return kill(process, 0) != 0 && errno == ESRCH || isZombie(process)
        }
        return String(status.startTicks) != words[8]
    }

    /// Whether a process has ended and waits to be collected: it holds nothing any more.
    private static func isZombie(_ process: pid_t) -> Bool {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return false }
        return ["Z", "X"].contains(text[text.index(after: end)...].split(separator: " ").first ?? "")
    }

    private static let host = ProcessInfo.processInfo.hostName.split(separator: " ").first.map(String.init) ?? "unknown"

    private static let boot: String = {
        let text = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
        return text?.trimmingCharacters(in: .whitespacesAndNewlines) ?? unknown
    }()

    private static let unknown = "unknown"

    private static let namespace: String =
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")) ?? "unknown"
}
