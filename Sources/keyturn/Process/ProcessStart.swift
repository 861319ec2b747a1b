import Foundation
import Glibc
import KeyturnCore

/// When this process was started, so that a rotation that ended while it was being loaded is not done a second time.
struct ProcessStart {
    let instant: UTCInstant

    static func now() -> ProcessStart {
        let now = SystemClock().now
        guard let age = age(), (.zero ... .seconds(600)).contains(age) else { return ProcessStart(instant: now) }
        return ProcessStart(instant: now.advanced(by: .zero - age))
    }

    /// The kernel tells the start in ticks of 10 ms since boot, rounded down: one tick is added, so that it is never
    /// before a rotation that had ended when this process was made.
    private static func age() -> Duration? {
        guard let ticks = ProcessStatus(of: getpid())?.startTicks else { return nil }
        let ticksPerSecond = UInt64(sysconf(Int32(_SC_CLK_TCK)))
        // Seconds since boot, sleep included, to a hundredth: proc(5).
        guard ticksPerSecond > 0, let text = try? String(contentsOfFile: "/proc/uptime", encoding: .utf8),
            let seconds = text.split(separator: " ").first.flatMap({ Double($0) })
        else { return nil }
        let sinceBoot = Duration.milliseconds(Int64(seconds * 1_000))
        let started = Duration.milliseconds((ticks + 1) * 1000 / ticksPerSecond)
        return max(.zero, sinceBoot - started)
    }
}

/// What /proc says about a process.
struct ProcessStatus {
    /// Clock ticks since boot (field 22 of /proc/PID/stat, proc(5)).
    let startTicks: UInt64

    /// Nil if there is no such process, or it is a zombie.
    init?(of process: pid_t) {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return nil }
        // The name before the parenthesis may hold anything; fields are counted from behind it.
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 19, fields[0] != "Z", fields[0] != "X", let ticks = UInt64(fields[19]) else { return nil }
        startTicks = ticks
    }
}
