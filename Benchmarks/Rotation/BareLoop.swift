import CLibPQ
import Foundation
import Synchronization

/// The floor: what a program without a store, a journal or a check would do with libpq alone. The same connections and
/// statements as a rotation, one thread for each user.
final class BareLoop: Sendable {
    private let port: Int
    private let admin: (user: String, password: String)?

    init(port: Int, admin: (user: String, password: String)?) {
        self.port = port
        self.admin = admin
    }

    /// Rotates each user over and over for `seconds`.
    /// - Returns: Rotations finished, and the passwords that the users have now.
    func run(_ users: [(name: String, password: String)], seconds: Double) -> (rotations: Int, passwords: [String]) {
        let count = Atomic<Int>(0)
        let passwords = Mutex(users.map(\.password))
        let end = Date(timeIntervalSinceNow: seconds)
        let group = DispatchGroup()
        for (index, user) in users.enumerated() {
            group.enter()
            Thread.detachNewThread { [self] in
                var password = user.password
                while Date.now < end {
                    let next = "Bare\(UInt64.random(in: .min ... .max))x\(UInt64.random(in: .min ... .max))"
                    rotate(user.name, from: password, to: next)
                    password = next
                    count.add(1, ordering: .relaxed)
                }
                passwords.withLock { $0[index] = password }
                group.leave()
            }
        }
        group.wait()
        return (count.load(ordering: .relaxed), passwords.withLock { $0 })
    }

    private func rotate(_ user: String, from old: String, to new: String) {
        let owner = connect(user, old)
        let setter = admin.map { connect($0.user, $0.password) }
        let connection = setter ?? owner
        guard let verifier = PQencryptPasswordConn(connection, new, user, "scram-sha-256") else { fail(connection) }
        defer { PQfreemem(verifier) }
        guard let name = PQescapeIdentifier(connection, user, strlen(user)),
            let literal = PQescapeLiteral(connection, verifier, strlen(verifier))
        else { fail(connection) }
        defer {
            PQfreemem(name)
            PQfreemem(literal)
        }
        let statement =
            "BEGIN READ WRITE; SELECT pg_advisory_xact_lock(1); ALTER ROLE \(String(cString: name)) PASSWORD "
            + String(cString: literal)
        execute(connection, statement.replacingOccurrences(of: "lock(1)", with: "lock(hashtext('\(user)'))"))
        execute(connection, "COMMIT")
        if let setter { PQfinish(setter) }
        PQfinish(owner)
        let proof = connect(user, new)
        PQfinish(proof)
    }

    /// Logs in and asks who and where it is, as a rotation does on each connection.
    private func connect(_ user: String, _ password: String) -> OpaquePointer {
        let conninfo =
            "host=127.0.0.1 port=\(port) dbname=postgres user=\(user) password=\(password) sslmode=disable "
            + "gssencmode=disable"
        guard let connection = PQconnectdb(conninfo) else { preconditionFailure("out of memory") }
        guard PQstatus(connection) == CONNECTION_OK else { fail(connection) }
        execute(
            connection,
            """
            SELECT session_user, current_user, current_database(), pg_is_in_recovery(),
                current_setting('server_version_num'), current_setting('password_encryption'),
                coalesce(current_setting('scram_iterations', true), '4096'),
                (SELECT system_identifier FROM pg_control_system())
            """)
        return connection
    }

    private func execute(_ connection: OpaquePointer, _ sql: String) {
        let result = PQexec(connection, sql)
        defer { PQclear(result) }
        let status = PQresultStatus(result)
        guard status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK else { fail(connection) }
    }

    private func fail(_ connection: OpaquePointer) -> Never {
        preconditionFailure("bare loop: \(String(cString: PQerrorMessage(connection)))")
    }
}
