import KeyturnCore
import KeyturnFixtures
import KeyturnPostgres
import KeyturnTesting
import Testing

extension Tag {
    /// Needs a real PostgreSQL.
    @Tag static var postgres: Self
}

/// A user of a real server, with everything a test needs to log in as it.
struct TestUser {
    let server: PostgresServer
    let name: String
    let password: String

    init(on server: PostgresServer, _ prefix: String = "app", attributes: String = "") throws {
        self.server = server
        name = PostgresServer.uniqueName(prefix)
        password = PostgresServer.uniqueName("Secret")
        try server.makeUser(name, password: password, attributes: attributes)
    }

    /// The account's name as the engine holds it.
    var account: AccountName { get throws { try AccountName(postgreSQL: name) } }

    /// The log-in that a secret with these members gives.
    func login(
        password: String? = nil, host: String = "127.0.0.1", port: Int? = nil, extra: String = ""
    ) throws -> DatabaseLogin {
        let json =
            #"{"engine":"postgres","host":"\#(host)","port":\#(port ?? server.port),"username":"\#(name)","#
            + #""password":"\#(password ?? self.password)"\#(extra)}"#
        return DatabaseLogin(try DatabaseSecret(.string(SimulatedServer.secret(json))))
    }
}

/// The accounts under test, trusting no certificates but those a secret names.
let accounts = PostgresAccounts(systemRootCertificates: nil)

/// What an attempt to log in ends with.
func failure(_ login: DatabaseLogin, within limit: Duration = .seconds(10)) async -> DatabaseFailure? {
    do throws(DatabaseFailure) {
        await (try accounts.logIn(login, within: limit)).close()
        return nil
    } catch { return error }
}

/// How long something took.
func time(_ body: () async throws -> Void) async rethrows -> Duration {
    let start = ContinuousClock.now
    try await body()
    return start.duration(to: .now)
}

/// A salt for a new password; any will do.
let salt = [UInt8](repeating: 7, count: 16)
