import Foundation

/// Servers that stand beside the system's, made available by `scripts/lib/newer-servers.sh`.
enum NewerServers {
    /// A program of theirs, nil if it is not there.
    static func program(_ path: String) -> String? {
        let named = ProcessInfo.processInfo.environment["KEYTURN_SERVERS"].flatMap { $0.isEmpty ? nil : $0 }
        let folders = named.map { [$0] } ?? ["/var/cache/keyturn/servers", home + "/keyturn/servers"]
        return folders.map { "\($0)/\(path)" }.first(where: FileManager.default.isExecutableFile)
    }

    /// Where a user's programs keep what they can get again.
    private static var home: String {
        let environment = ProcessInfo.processInfo.environment
        // Empty counts as unset, as in the script.
        if let cache = environment["XDG_CACHE_HOME"], !cache.isEmpty { return cache }
        return (environment["HOME"] ?? "") + "/.cache"
    }
}
