import Glibc

/// How many files this process may have open.
enum OpenFiles {
    /// What everything but the API's connections has open: store, sinks, connections to targets.
    private static let needed = 256
    /// What is asked for beside the connections, if it can be had.
    private static let wanted = 1_024

    /// Raises the soft limit as far as it helps.
    /// - Throws: A bad configuration, if there can't be as many connections as it says.
    static func makeRoom(forConnections count: Int, file: String) throws(CommandFailure) {
        var limit = rlimit()
        let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(kind, &limit) == 0 else { return }
        let aim = min(limit.rlim_max, rlim_t(count + wanted))
        if limit.rlim_cur < aim {
            limit.rlim_cur = aim
            // Asked again below: what could not be raised is still the limit.
            setrlimit(kind, &limit)
            getrlimit(kind, &limit)
        }
        guard limit.rlim_cur >= rlim_t(count + needed) else {
            throw ConfigurationFile.failure(
                file, "api.connections.total is \(count), and this process may have \(limit.rlim_cur) files open",
                "raise the limit (LimitNOFILE= of systemd, ulimit -n) to \(count + needed), or allow fewer connections")
        }
    }
}
