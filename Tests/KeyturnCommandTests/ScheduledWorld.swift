import Foundation
import GRDB
import KeyturnFixtures
import Testing

/// Several scheduled secrets of real users in one data directory, whose dates a test moves as time would.
struct ScheduledWorld {
    let keyturn: Keyturn
    let server: PostgresServer
    let users: [String]
    let port: Int

    /// - Parameter more: Further lines of the configuration's scheduler section.
    init(secrets count: Int, more: String = "pollInterval: 100ms") throws {
        keyturn = try Keyturn()
        server = try PostgresServer.shared.get()
        port = try Loopback.freePort()
        users = (0..<count).map { _ in PostgresServer.uniqueName("sch") }
        try configure(more)
        for user in users {
            try server.makeUser(user, password: "First1Password")
            try add(user, port: server.port)
        }
    }

    func configure(_ more: String) throws {
        try keyturn.configure(
            sinks: true, level: "info",
            more: "api: { listen: \"127.0.0.1:\(port)\" }\nscheduler: { \(more) }")
    }

    /// A secret of a user's name, with a schedule whose window is far away.
    func add(_ name: String, port: Int, schedule: String = "rate(30 days)") throws {
        let document =
            #"{"engine":"postgres","host":"127.0.0.1","port":\#(port),"dbname":"postgres","username":"\#(name)","password":"First1Password"}"#
        let made = try keyturn.run("secret", "create", name, input: document)
        try #require(made.status == 0, "\(made.error)")
        let configured = try keyturn.run(
            "rotation", "configure", name, "--strategy", "single-user", "--schedule", schedule)
        try #require(configured.status == 0, "\(configured.error)")
    }

    /// Has windows of secrets begin a moment ago.
    /// - Parameter endsIn: Seconds until they end; less than zero for windows that have passed.
    func makeDue(_ names: [String]? = nil, endsIn seconds: Int = 3_600) throws {
        let queue = try keyturn.openStore()
        let now = Int64(Date.now.timeIntervalSince1970 * 1_000)
        for name in names ?? users {
            try queue.write { db in
                try db.execute(
                    sql: """
                        UPDATE due SET at = ?, window_start = ?, window_end = ?, failures = 0
                        WHERE arn = (SELECT arn FROM secrets WHERE name = ?)
                        """, arguments: [now - 1_000, now - 3_600_000, now + Int64(seconds) * 1_000, name])
            }
        }
    }

    /// How often a secret was rotated, by its events.
    func rotations(of name: String) throws -> Int {
        let result = try keyturn.run("events")
        return result.output.split(separator: "\n").filter {
            $0.contains("RotationSucceeded") && $0.contains("  \(name)  ")
        }
        .count
    }

    func works(_ name: String) throws -> Bool {
        guard let password = try keyturn.password(name) else { return false }
        return server.canLogIn(user: name, password: password)
    }

    /// What the daemon answers; nil if it does not.
    func get(_ path: String) -> (status: Int, body: String)? {
        let result = try? KeyturnFixtures.run(
            "curl", ["-s", "--max-time", "5", "-w", "\n%{http_code}", "http://127.0.0.1:\(port)\(path)"])
        guard let result, result.status == 0 else { return nil }
        let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
        return Int(lines.last ?? "").map { ($0, lines.dropLast().joined(separator: "\n")) }
    }

    /// Starts the daemon and waits until it is ready.
    func serve() throws -> SpawnedProcess {
        let daemon = try keyturn.start("serve")
        let isReady = waitUntil(timeout: .seconds(60), every: .milliseconds(50)) { get("/readyz")?.status == 200 }
        try #require(isReady, "\(daemon.error)")
        return daemon
    }
}
