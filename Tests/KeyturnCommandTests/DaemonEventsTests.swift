import Foundation
import GRDB
import Glibc
import KeyturnFixtures
import Testing

@Suite("The daemon's events", .timeLimit(.minutes(5)))
struct DaemonEventsTests {
    private func stop(_ daemon: SpawnedProcess) throws {
        daemon.send(signal: SIGTERM)
        let result = try daemon.wait(timeout: .seconds(20))
        #expect(result.status == 0, "\(result.error)")
    }

    @Test("sinks, filters and source are taken at a reload; the last places stay")
    func reload() throws {
        let world = try EventsWorld("source: before, sinks: [ { type: file, path: a.jsonl } ]")
        try world.addSecret("one")
        let daemon = try world.serve()
        try world.configure(
            """
            source: after, sinks: [ { type: file, path: a.jsonl },
              { type: file, path: b.jsonl, name: two, filter: { detail: { name: [ two ] } } } ]
            """)
        daemon.send(signal: SIGHUP)
        #expect(world.eventually { daemon.error.contains("the configuration was read again") }, "\(daemon.error)")
        // Written past the daemon and without a delivery of its own: only the daemon can have brought it to the sinks.
        let own = try EventsWorld("sinks: []")
        for name in ["two", "three"] {
            let made = try KeyturnFixtures.run(
                Keyturn.binary, ["secret", "create", name, "--config", try sinkless(world, own)],
                input: Data("x".utf8))
            #expect(made.status == 0, "\(made.error)")
        }
        #expect(world.eventually { try world.names("a.jsonl") == ["one", "two", "three"] })
        #expect(world.eventually { try world.names("b.jsonl") == ["two"] })
        #expect(try world.lines("a.jsonl").compactMap { $0["source"] as? String } == ["before", "after", "after"])
        try stop(daemon)
    }

    /// A configuration for the same store that has no sink.
    private func sinkless(_ world: EventsWorld, _ other: EventsWorld) throws -> String {
        let text = """
            store: { sqlite: { path: \(world.keyturn.directory)/keyturn.db } }
            keys: { file: \(world.keyturn.directory)/master.key }
            """
        try Data(text.utf8).write(to: URL(fileURLWithPath: other.keyturn.configuration))
        return other.keyturn.configuration
    }

    @Test("what a reload could not take is shown until it can: refused files, and keys that need a restart")
    func problems() throws {
        let world = try EventsWorld("sinks: []")
        let daemon = try world.serve()
        #expect(world.get("/readyz")?.body == "ready\n")
        try world.configure("sinks: [ { type: file, path: a, filter: { source: [] } } ]")
        daemon.send(signal: SIGHUP)
        let refused = world.eventually {
            world.get("/readyz").map { $0.status == 200 && $0.body.contains("events.sinks[0].filter") } ?? false
        }
        #expect(refused, "\(world.get("/readyz")?.body ?? "")")
        #expect(world.get("/metrics")?.body.contains("\nkeyturn_reload_refused 1\n") ?? false)
        try world.configure("sinks: []", more: "log: { level: debug, format: json }")
        daemon.send(signal: SIGHUP)
        let waits = world.eventually {
            world.get("/readyz")?.body == "ready\nnote: changes of log.level, log.format need a restart\n"
        }
        #expect(waits, "\(world.get("/readyz")?.body ?? "")")
        #expect(daemon.error.contains("changes of log.level, log.format need a restart"))
        #expect(world.get("/metrics")?.body.contains("\nkeyturn_reload_refused 0\n") ?? false)
        try stop(daemon)
    }

    @Test("a sink that is behind is told of by the checks and the metrics, and does not make the daemon unready")
    func behind() throws {
        let world = try EventsWorld("sinks: [ { type: file, path: gone/a.jsonl }, { type: file, path: b.jsonl } ]")
        try world.addSecret("one")
        let daemon = try world.serve()
        let told = world.eventually {
            world.get("/readyz").map {
                $0.status == 200 && $0.body.contains("gone/a.jsonl is 1 event behind")
                    && $0.body.contains("can't be opened")
            } ?? false
        }
        #expect(told, "\(world.get("/readyz")?.body ?? "")")
        let metrics = try #require(world.get("/metrics")).body
        let bad = "{sink=\"file:\(world.keyturn.directory)/gone/a.jsonl\"}"
        let good = "{sink=\"file:\(world.keyturn.directory)/b.jsonl\"}"
        #expect(metrics.contains("keyturn_sink_lag_events\(bad) 1\n"), "\(metrics)")
        #expect(
            metrics.contains("keyturn_sink_lag_events\(good) 0\n")
                && metrics.contains("keyturn_sink_lag_seconds\(good) 0\n"))
        #expect(
            metrics.contains("keyturn_sink_failing\(bad) 1\n") && metrics.contains("keyturn_sink_failing\(good) 0\n"))
        try FileManager.default.createDirectory(
            atPath: world.keyturn.directory + "/gone", withIntermediateDirectories: false)
        #expect(world.eventually { try world.names("gone/a.jsonl") == ["one"] }, "asked again by itself")
        #expect(world.eventually { world.get("/readyz")?.body == "ready\n" })
        try stop(daemon)
    }

    @Test("the daemon removes old events when it starts")
    func retention() throws {
        let world = try EventsWorld("retention: 1d, sinks: [ { type: file, path: a.jsonl } ]")
        try world.addSecret("one")
        try world.age(days: 2)
        let daemon = try world.serve()
        #expect(world.eventually { try world.places().isEmpty })
        try stop(daemon)
    }

    @Test("SIGHUP before the store is open ends nothing, and is obeyed afterwards")
    func earlyHangUp() throws {
        let world = try EventsWorld("sinks: []")
        let daemon: SpawnedProcess
        do {
            // A store that nobody else can open holds the daemon where the test wants it.
            let lock = try world.keyturn.openStore()
            try lock.inDatabase { db in
                try db.execute(sql: "PRAGMA locking_mode = EXCLUSIVE; CREATE TABLE held (a); DROP TABLE held")
            }
            daemon = try world.keyturn.start("serve")
            try #require(world.eventually { hasCaught(SIGHUP, daemon.pid) }, "\(daemon.error)")
            for _ in 0..<5 { daemon.send(signal: SIGHUP) }
            #expect(world.get("/healthz") == nil && daemon.isRunning)
            try lock.close()
        }
        #expect(world.eventually { world.get("/readyz")?.status == 200 }, "\(daemon.error)")
        #expect(world.eventually { daemon.error.contains("the configuration was read again") }, "\(daemon.error)")
        try stop(daemon)
    }

    /// Whether a process ignores or handles a signal by now; until then the kernel's own rule holds.
    private func hasCaught(_ signal: Int32, _ pid: Int32) -> Bool {
        guard let status = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8) else { return false }
        return ["SigIgn:", "SigCgt:"].contains { name in
            let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
            let mask = line.flatMap { UInt64($0.dropFirst(name.count).drop { $0 == "\t" || $0 == " " }, radix: 16) }
            return (mask ?? 0) & (1 << UInt64(signal - 1)) != 0
        }
    }

    @Test("a port that is taken is 78 and says so")
    func portTaken() throws {
        let world = try EventsWorld("sinks: []")
        let daemon = try world.serve()
        let second = try world.keyturn.run("serve")
        #expect(second.status == 78 && second.error.contains("can't listen on 127.0.0.1"), "\(second.error)")
        #expect(second.error.contains("[listen]"))
        try stop(daemon)
    }
}
