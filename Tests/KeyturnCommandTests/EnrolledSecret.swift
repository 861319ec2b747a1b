import Foundation
import KeyturnFixtures
import Testing

/// A secret of a real user on any server, enrolled in a data directory of its own with a linked admin.
struct EnrolledSecret {
    /// A way to rotate, as `rotation configure` takes it.
    struct Way: Sendable, CustomTestStringConvertible {
        let kind: DatabaseServer.Kind
        let arguments: [String]
        var isAlternating: Bool { arguments.contains("alternating-users") }
        var keepsOld: Bool { arguments.contains("--dual-password") || isAlternating }
        var testDescription: String { "\(kind): \(arguments.dropFirst().joined(separator: " "))" }

        init(_ kind: DatabaseServer.Kind, _ strategy: String, _ more: String...) {
            self.kind = kind
            arguments = ["--strategy", strategy] + more
        }

        /// Every strategy and mode of every server, but for those that have a test of their own.
        static let all: [Way] = DatabaseServer.Kind.available.flatMap { kind -> [Way] in
            let single = [Way(kind, "single-user")]
            if kind.isPostgres {
                return single
                    + ["assume", "member", "owner-role", "existing"].map {
                        Way(kind, "alternating-users", "--mode", $0)
                    }
            }
            return single + [
                Way(kind, "single-user", "--dual-password"), Way(kind, "alternating-users"),
                Way(kind, "alternating-users", "--mode", "existing"),
            ]
        }

        /// Those whose side effects differ: PostgreSQL 18 is left out where it does what 15 does.
        static let withOwnEffects = all.filter { way in
            way.kind != .postgres18 || !["member", "owner-role", "existing"].contains { way.arguments.contains($0) }
        }
    }

    let keyturn: Keyturn
    let server: DatabaseServer
    let way: Way
    let user: String
    let table: String
    let secret = "prod/orders"
    let adminPassword = "Rotator1PasswordOfTheFixture"

    var clone: String { user + "_clone" }

    init(_ way: Way, user name: String? = nil, configured: Bool = true) throws {
        self.way = way
        keyturn = try Keyturn()
        server = try DatabaseServer.shared(way.kind)
        user = name ?? server.uniqueName("app")
        let first = server.uniqueName("First")
        try server.makeUser(user, password: first)
        table = try server.makeTable()
        try server.grant("SELECT", on: table, to: user)
        if way.arguments.contains("existing") {
            try server.makeUser(user + "_clone", password: "AsTheAdminMadeIt1")
            try server.grant("SELECT", on: table, to: user + "_clone")
        }
        if way.arguments.contains("owner-role") {
            let owner = server.uniqueName("own")
            try server.sql(
                "CREATE ROLE \(owner) NOLOGIN; GRANT \(owner) TO \(server.quoted(user)); ALTER ROLE \(server.quoted(user)) SET role = \(owner);"
            )
            try server.grant("SELECT", on: table, to: owner)
        }
        try create(secret, document(first, user: user))
        let admin = server.superuser
        try create("admin", #"{"username":"\#(admin.name)","password":"\#(admin.password)"}"#)
        if configured { #expect(try configure().status == 0) }
    }

    private func create(_ name: String, _ document: String) throws {
        let made = try keyturn.run("secret", "create", name, input: document)
        try #require(made.status == 0, "\(made.error)")
    }

    func document(_ password: String, user: String) throws -> String {
        let name = String(decoding: try JSONEncoder().encode(user), as: UTF8.self)
        return #"{"engine":"\#(way.kind.engine)","host":"127.0.0.1","port":\#(server.port),"#
            + #""username":\#(name),"password":"\#(password)"}"#
    }

    func configure(_ more: String..., admin: String = "admin") throws -> ProcessResult {
        try KeyturnFixtures.run(
            Keyturn.binary,
            ["rotation", "configure", secret] + way.arguments + more
                + ["--admin-secret", admin, "--config", keyturn.configuration, "--output", "json"])
    }

    /// The user and password under a label, nil if there is none.
    func credential(_ label: String = "AWSCURRENT") throws -> (user: String, password: String)? {
        let result = try keyturn.run("secret", "get", secret, "--stage", label)
        guard result.status == 0,
            let document = try JSONSerialization.jsonObject(with: result.outputBytes) as? [String: Any],
            let user = document["username"] as? String, let password = document["password"] as? String
        else { return nil }
        return (user, password)
    }

    func works(_ label: String) throws -> Bool {
        try credential(label).map { server.canLogIn($0.user, $0.password) } ?? false
    }

    /// Laws 2 and 3: AWSCURRENT gets in and can read what it should; the one before does or does not, by the strategy.
    func expectCurrentWorks(_ comment: Comment? = nil) throws {
        let current = try #require(try credential(), comment)
        let read = server.sql("SELECT a FROM \(table);", as: current.user, password: current.password)
        #expect(read.output == "1", "\(comment.map { "\($0): " } ?? "")\(read.error)")
        if try credential("AWSPREVIOUS") != nil { #expect(try works("AWSPREVIOUS") == way.keepsOld, comment) }
    }

    /// Whether the second user can be logged in to by anything that is stored.
    func rotate(_ arguments: String..., failpoint: String? = nil) throws -> ProcessResult {
        try KeyturnFixtures.run(
            Keyturn.binary, ["rotate", secret] + arguments + ["--config", keyturn.configuration],
            environment: failpoint.map { ["KEYTURN_FAILPOINT": $0] } ?? [:], timeout: .seconds(60))
    }
}
