import Foundation
import GRDB
import KeyturnFixtures
import Testing

/// A data directory whose events section a test writes, and a port for the daemon. No database server is needed.
struct EventsWorld {
    let keyturn: Keyturn
    let port: Int

    init(_ events: String) throws {
        keyturn = try Keyturn()
        port = try Loopback.freePort()
        try configure(events)
    }

    func configure(_ events: String, more: String = "") throws {
        let text = """
            store: { sqlite: { path: keyturn.db } }
            keys: { file: master.key }
            api: { listen: "127.0.0.1:\(port)" }
            scheduler: { pollInterval: 100ms }
            events: { \(events) }
            \(more.isEmpty ? "log: { level: info }" : more)
            """
        try Data(text.utf8).write(to: URL(fileURLWithPath: keyturn.configuration))
    }

    /// Makes a secret, which writes one event: a label moved.
    func addSecret(_ name: String) throws {
        let made = try keyturn.run("secret", "create", name, input: "x")
        try #require(made.status == 0, "\(made.error)")
    }

    /// The lines of a file beside the configuration, none if it is not there.
    func lines(_ file: String = "events.jsonl") throws -> [[String: Any]] {
        guard let data = FileManager.default.contents(atPath: keyturn.directory + "/" + file) else { return [] }
        return try data.split(separator: 0x0a).map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
        }
    }

    /// The secrets that a file's events are about.
    func names(_ file: String = "events.jsonl") throws -> [String] {
        try lines(file).map { event in
            let detail = event["detail"] as? [String: Any]
            return detail?["name"] as? String ?? detail?["eventName"] as? String ?? ""
        }
    }

    /// Has all events be that old.
    func age(days: Int) throws {
        let queue = try keyturn.openStore()
        try queue.write { db in
            try db.execute(sql: "UPDATE outbox SET at = at - ?", arguments: [Int64(days) * 86_400_000])
        }
    }

    /// The places of the events that are in the store.
    func places() throws -> [Int64] {
        let queue = try keyturn.openStore()
        return try queue.read { db in try Int64.fetchAll(db, sql: "SELECT sequence FROM outbox ORDER BY sequence") }
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
        let isReady = waitUntil(timeout: .seconds(20), every: .milliseconds(50)) { get("/readyz")?.status == 200 }
        try #require(isReady, "\(daemon.error)")
        return daemon
    }

    /// Waits until something holds that the daemon does by and by.
    func eventually(_ holds: () throws -> Bool) -> Bool {
        waitUntil(timeout: .seconds(20), every: .milliseconds(50)) { (try? holds()) ?? false }
    }
}
