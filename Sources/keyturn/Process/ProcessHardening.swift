import CProcess
import Foundation
import Glibc

/// What the process does before anything else, so that no secret leaves it by the back door.
enum ProcessHardening {
    static func apply() {
        _ = keyturn_forbid_dumps()
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        // Every file this process makes is its owner's alone, SQLite's companions included.
        umask(0o077)
        signal(SIGPIPE, SIG_IGN)
        // libpq fills what it is not told from these; a rotation must not depend on who calls it.
        // libcurl would write the keys of its TLS connections there.
        unsetenv("SSLKEYLOGFILE")
        for name in ProcessInfo.processInfo.environment.keys where name.hasPrefix("PG") { unsetenv(name) }
    }
}
