import Glibc
import Synchronization

/// The user that a database server runs as when the tests run as root, which servers refuse.
struct ServiceAccount: Sendable {
    /// The user's name, also the name of its group.
    let name: String
    private let user: uid_t
    private let group: gid_t

    /// The account `postgres`, or nil when this process is not root and may run the server itself.
    static let postgres: Result<ServiceAccount?, FixtureFailure> = find("postgres")

    /// The account `mysql`, or nil when this process is not root and may run the server itself.
    static let mysql: Result<ServiceAccount?, FixtureFailure> = find("mysql")

    /// Held while an account is looked up, because getpwnam is not thread-safe.
    private static let lookingUp = Mutex<Void>(())

    /// Looks the account up; called once for each name.
    private static func find(_ name: String) -> Result<ServiceAccount?, FixtureFailure> {
        guard geteuid() == 0 else { return .success(nil) }
        return lookingUp.withLock { _ in
            guard let entry = getpwnam(name) else {
                return .failure(
                    FixtureFailure("the tests run as root, and there is no user \(name) to run the server as"))
            }
            return .success(ServiceAccount(name: name, user: entry.pointee.pw_uid, group: entry.pointee.pw_gid))
        }
    }

    /// Gives the file or directory to this account.
    func own(_ path: String) throws {
        guard chown(path, user, group) == 0 else { throw systemFailure("chown \(path)") }
    }

    /// The arguments of `setpriv` that make a command run as this account.
    var privilegeArguments: [String] {
        ["--reuid=\(name)", "--regid=\(name)", "--init-groups"]
    }
}
