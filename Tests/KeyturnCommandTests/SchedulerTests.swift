import Foundation
import GRDB
import KeyturnFixtures
import Testing

@Suite("Scheduled rotations", .enabled(if: Availability.postgresOrRequired), .timeLimit(.minutes(10)))
struct SchedulerTests {
    @Test("a job rotates what is due and nothing else, says so, and finds nothing left")
    func runDue() throws {
        let world = try ScheduledWorld(secrets: 4)
        #expect(try world.keyturn.run("run-due").output.contains("rotated 0"))
        let due = Array(world.users.prefix(3))
        try world.makeDue(due)
        let dry = try world.keyturn.json("run-due", "--dry-run")
        #expect((dry["due"] as? [[String: Any]])?.count == 3)
        let result = try world.keyturn.json("run-due")
        #expect(Set(try #require(result["rotated"] as? [String])) == Set(due))
        for user in world.users {
            #expect(try world.works(user))
            #expect(try world.rotations(of: user) == (due.contains(user) ? 1 : 0))
        }
        #expect(try (world.keyturn.json("run-due")["rotated"] as? [String])?.isEmpty ?? false)
    }

    @Test("a secret whose target is dead fails with a next try; the others are rotated at once")
    func deadTarget() throws {
        let hole = try BlackHole(.silent)
        let world = try ScheduledWorld(secrets: 6, more: "pollInterval: 100ms, perHost: 2, concurrency: 4")
        for index in 1...3 { try world.add("hole\(index)", port: hole.port) }
        try world.makeDue(world.users + ["hole1", "hole2", "hole3"])
        let daemon = try world.serve()
        let began = ContinuousClock.now
        let done = waitUntil(timeout: .seconds(60), every: .milliseconds(20)) {
            (try? world.users.allSatisfy { try world.rotations(of: $0) == 1 }) ?? false
        }
        #expect(done && began.duration(to: .now) < .seconds(30), "nobody waits for the black hole")
        #expect(
            waitUntil(timeout: .seconds(60), every: .milliseconds(200)) {
                world.get("/metrics")?.body.contains(#"keyturn_breaker_open{target="127.0.0.1:\#(hole.port)"} 1"#)
                    ?? false
            }, "\(world.get("/metrics")?.body ?? "")")
        daemon.send(signal: SIGTERM)
        #expect(try daemon.wait(timeout: .seconds(60)).status == 0)
        let calendar = try world.keyturn.json("calendar")["rotations"] as? [[String: Any]]
        #expect(calendar?.contains { $0["failures"] as? Int ?? 0 > 0 } ?? false)
    }

    @Test("the daemon rotates on time, counts it, and tells the events as they happen")
    func daemon() throws {
        let world = try ScheduledWorld(secrets: 3)
        let daemon = try world.serve()
        try world.makeDue()
        let rotated = waitUntil(timeout: .seconds(60), every: .milliseconds(50)) {
            (try? world.users.allSatisfy { try world.rotations(of: $0) == 1 }) ?? false
        }
        #expect(rotated)
        let events = waitUntil(timeout: .seconds(60), every: .milliseconds(50)) {
            let text = (try? String(contentsOfFile: world.keyturn.events, encoding: .utf8)) ?? ""
            return text.components(separatedBy: "RotationSucceeded").count == 4
        }
        #expect(events, "the sink has them while the daemon runs")
        let metrics = try #require(world.get("/metrics")).body
        #expect(
            metrics.contains(#"keyturn_rotations_total{code="",result="succeeded",step="",strategy="single-user"} 3"#),
            "\(metrics)")
        #expect(metrics.contains("keyturn_dispatch_lateness_seconds_count 3"))
        #expect(metrics.contains("\nkeyturn_credential_age_ratio "), "\(metrics)")
        #expect(world.get("/healthz")?.body == "ok\n" && world.get("/nothing")?.status == 404)
        for user in world.users { #expect(try world.works(user)) }
        daemon.send(signal: SIGINT)
        #expect(try daemon.wait(timeout: .seconds(60)).status == 0)
    }

    @Test("a configuration with an error is refused on reload, and the old one stays in force")
    func reload() throws {
        let world = try ScheduledWorld(secrets: 1)
        let daemon = try world.serve()
        func reloads(_ result: String) -> String? {
            world.get("/metrics")?.body.split(separator: "\n")
                .first { $0.hasPrefix(#"keyturn_reloads_total{result="\#(result)"}"#) }
                .map(String.init)
        }
        try world.configure("pollInterval: 100ms, concurrencyy: 3")
        daemon.send(signal: SIGHUP)
        #expect(
            waitUntil(timeout: .seconds(60), every: .milliseconds(50)) { reloads("refused")?.hasSuffix(" 1") ?? false })
        #expect(daemon.error.contains("did you mean concurrency?"), "\(daemon.error)")
        try world.configure(
            #"pollInterval: 100ms, freezes: [ { from: "2020-01-01T00:00:00Z", to: "2999-01-01T00:00:00Z", name: sale } ]"#
        )
        daemon.send(signal: SIGHUP)
        #expect(
            waitUntil(timeout: .seconds(60), every: .milliseconds(50)) { reloads("taken")?.hasSuffix(" 1") ?? false })
        try world.makeDue()
        let frozen = waitUntil(timeout: .seconds(60), every: .milliseconds(50)) {
            daemon.error.contains("a freeze holds")
        }
        #expect(frozen, "\(daemon.error)")
        usleep(500_000)
        daemon.send(signal: SIGTERM)
        #expect(try daemon.wait(timeout: .seconds(60)).status == 0)
        #expect(try world.rotations(of: world.users[0]) == 0)
        #expect(try world.keyturn.run("explain", world.users[0]).output.contains("sale"))
        // Taken away, the freeze leaves no trace: what was due is due.
        try world.configure("pollInterval: 100ms")
        #expect(try (world.keyturn.json("run-due")["rotated"] as? [String]) == world.users)
    }

    @Test(
        "what was cut after the server may have changed is gone on with, whatever was planned",
        arguments: ["none", "pause", "freeze"])
    func unfinished(_ hindrance: String) throws {
        let world = try ScheduledWorld(secrets: 2)
        let (cut, stopped) = (world.users[0], world.users[1])
        let killed = try world.keyturn.run("rotate", cut, failpoint: "kill@after:session.setPassword")
        #expect(killed.error.contains("failpoint"))
        #expect(try !world.works(cut), "the gap is open")
        #expect(try world.keyturn.run("rotate", stopped, "--until", "setSecret").status == 0)
        if hindrance == "pause" { #expect(try world.keyturn.run("pause").status == 0) }
        if hindrance == "freeze" {
            try world.configure(#"freezes: [ { from: "2020-01-01T00:00:00Z", to: "2999-01-01T00:00:00Z" } ]"#)
        }
        let result = try world.keyturn.json("run-due")
        #expect(result["takenUp"] as? Int == 1 && (result["rotated"] as? [String]) == [cut], "\(result)")
        #expect(try world.works(cut))
        #expect(try world.keyturn.password(stopped, "AWSPENDING") != nil, "who stopped it on purpose goes on by hand")
    }

    @Test("what has failed after the server may have changed is not tried at once by the next job")
    func pausesAreKept() throws {
        let world = try ScheduledWorld(secrets: 1)
        let user = world.users[0]
        _ = try world.keyturn.run("rotate", user, failpoint: "kill@after:session.setPassword")
        #expect(world.server.psql("ALTER ROLE \(user) PASSWORD 'ByHand1Password';").status == 0)
        #expect(try world.keyturn.json("run-due")["takenUp"] as? Int == 1)
        for _ in 1...2 {
            #expect(try world.keyturn.json("run-due")["takenUp"] as? Int == 0)
        }
        #expect(world.server.psql("ALTER ROLE \(user) PASSWORD 'First1Password';").status == 0)
        #expect(try world.keyturn.run("rotate", user).status == 0, "by hand it waits for nothing")
        #expect(try world.works(user))
    }

    @Test("a missed window is told once, when it is made up for, and what can't start keeps its place")
    func missedOnce() throws {
        let nobody = try Loopback.freePort()
        let world = try ScheduledWorld(secrets: 0)
        let names = (1...8).map { "late\($0)" }
        for name in names { try world.add(name, port: nobody) }
        try world.makeDue(names, endsIn: -60)
        for _ in 1...3 { _ = try world.keyturn.run("run-due") }
        let events = try world.keyturn.run("events", "--output", "json").output.split(separator: "\n")
        let missed = try events.compactMap { line -> String? in
            let event = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            let detail = event?["detail"] as? [String: Any]
            guard detail?["eventName"] as? String == "RotationWindowMissed" else { return nil }
            return (detail?["additionalEventData"] as? [String: Any])?["SecretId"] as? String
        }
        #expect(!missed.isEmpty && Set(missed).count == missed.count, "\(missed)")
    }

    @Test("a rollback that was cut is gone on with as one")
    func unfinishedRollback() throws {
        let world = try ScheduledWorld(secrets: 1)
        let first = try #require(try world.keyturn.password(world.users[0]))
        #expect(try world.keyturn.run("rotate", world.users[0]).status == 0)
        let killed = try world.keyturn.run("rollback", world.users[0], failpoint: "kill@after:session.setPassword")
        #expect(killed.error.contains("failpoint"))
        #expect(try world.keyturn.json("run-due")["takenUp"] as? Int == 1)
        #expect(try world.keyturn.password(world.users[0]) == first)
        #expect(try world.works(world.users[0]))
    }

    @Test("two schedulers on one store keep each other's pauses: a wrong password is tried once")
    func twoSchedulers() throws {
        let world = try ScheduledWorld(secrets: 1)
        _ = world.server.psql("ALTER ROLE \(world.users[0]) PASSWORD 'ByHand1Password';")
        let daemon = try world.serve()
        try world.makeDue()
        func failures() throws -> Int {
            try world.keyturn.run("events").output.components(separatedBy: "RotationFailed").count - 1
        }
        for _ in 1...3 { _ = try world.keyturn.run("run-due") }
        #expect(waitUntil(timeout: .seconds(60), every: .milliseconds(50)) { (try? failures()) == 1 })
        // Time for a second failure, which must not come.
        usleep(1_500_000)
        daemon.send(signal: SIGTERM)
        #expect(try daemon.wait(timeout: .seconds(60)).status == 0)
        #expect(try failures() == 1)
    }

    @Test("a schedule that is set while a rotation runs is kept")
    func configuredMeanwhile() throws {
        let world = try ScheduledWorld(secrets: 1)
        let user = world.users[0]
        #expect(
            try world.keyturn.run("rotation", "configure", user, "--strategy", "single-user", "--schedule", "none")
                .status == 0)
        #expect(try world.keyturn.run("rotate", user, "--until", "testSecret").status == 0)
        #expect(
            try world.keyturn.run(
                "rotation", "configure", user, "--strategy", "single-user", "--schedule", "rate(2 days)"
            )
            .status == 0)
        #expect(try world.keyturn.run("rotate", user).status == 0)
        #expect(try world.keyturn.run("calendar").output.contains(user))
    }

    @Test("a store that is removed under the daemon is noticed before a server is told a password")
    func removedStore() throws {
        let world = try ScheduledWorld(secrets: 1)
        let daemon = try world.serve()
        try world.makeDue(endsIn: 3_600)
        for suffix in ["", "-wal", "-shm"] {
            try? FileManager.default.moveItem(
                atPath: world.keyturn.directory + "/keyturn.db\(suffix)",
                toPath: world.keyturn.directory + "/moved\(suffix)")
        }
        // Only a new process finds what was put in its place.
        let end = try daemon.wait(timeout: .seconds(60))
        #expect(end.status == 69 && end.error.contains("removed or replaced"), "\(end.error)")
    }

    @Test("the daemon's health is asked for by a command")
    func health() throws {
        let world = try ScheduledWorld(secrets: 0)
        let nobody = try world.keyturn.run("health")
        #expect(nobody.status == 69 && nobody.error.contains("nobody answers"), "\(nobody.error)")
        let daemon = try world.serve()
        for arguments in [["health"], ["health", "--live"]] {
            let answer = try KeyturnFixtures.run(
                Keyturn.binary, arguments + ["--config", world.keyturn.configuration, "--output", "json"])
            #expect(answer.status == 0, "\(answer.error)")
            #expect(try Keyturn.object(answer)["ok"] as? Bool == true)
        }
        daemon.send(signal: SIGTERM)
        #expect(try daemon.wait(timeout: .seconds(60)).status == 0)
    }

    @Test("one damaged record keeps no other from being shown and rotated")
    func damagedRecord() throws {
        let world = try ScheduledWorld(secrets: 2)
        let (broken, whole) = (world.users[0], world.users[1])
        try world.keyturn.openStore().write { db in
            try db.execute(
                sql: "UPDATE rotation_settings SET options = '{' WHERE arn = (SELECT arn FROM secrets WHERE name = ?)",
                arguments: [broken])
        }
        let status = try world.keyturn.run("status")
        #expect(status.status == 0 && status.output.contains(whole) && status.output.contains("can't be read"))
        #expect(try world.keyturn.run("rotate", "--select", "name=*").status == 0)
        #expect(try world.rotations(of: whole) == 1)
        #expect(try world.keyturn.run("doctor").output.contains("secret-record"))
        try world.makeDue()
        let due = try world.keyturn.json("run-due")
        #expect(due["rotated"] as? [String] == [whole], "\(due)")
        #expect((due["failed"] as? [[String: Any]])?.first?["code"] as? String == "record-corrupted", "\(due)")
    }

    @Test("what a freeze of its group keeps back is no reason to say that something is left")
    func frozenGroup() throws {
        let world = try ScheduledWorld(
            secrets: 1,
            more: #"freezes: [ { group: shop, from: "2020-01-01T00:00:00Z", to: "2999-01-01T00:00:00Z" } ]"#)
        let document =
            #"{"engine":"postgres","host":"127.0.0.1","port":1,"username":"u","password":"First1Password"}"#
        _ = try world.keyturn.run("secret", "create", "shop/a", "--tag", "group=shop", input: document)
        _ = try world.keyturn.run(
            "rotation", "configure", "shop/a", "--strategy", "single-user", "--schedule", "rate(30 days)")
        try world.makeDue(["shop/a"])
        let result = try world.keyturn.run("run-due", "--output", "json")
        #expect(result.status == 0, "\(result.output)")
        #expect(try Keyturn.object(result)["frozenGroups"] as? [String] == ["shop"])
    }

    @Test("a deadline that leaves something due says so")
    func deadline() throws {
        let world = try ScheduledWorld(secrets: 2)
        try world.makeDue()
        let result = try world.keyturn.run("run-due", "--deadline", "1ms", "--output", "json")
        #expect(result.status == 75)
        #expect(try Keyturn.object(result)["stillDue"] as? Int == 2)
    }

    @Test("a pause holds everything but what is asked for by hand, and ends")
    func pause() throws {
        let world = try ScheduledWorld(secrets: 2)
        try world.makeDue()
        #expect(try world.keyturn.run("pause", "--for", "1h", "--reason", "a sale").status == 0)
        let result = try world.keyturn.run("run-due")
        #expect(result.status == 0 && result.output.contains("a sale"))
        #expect(try world.rotations(of: world.users[0]) == 0)
        #expect(try world.keyturn.run("rotate", world.users[0]).status == 0)
        #expect(try world.keyturn.run("resume").status == 0)
        #expect(try (world.keyturn.json("run-due")["rotated"] as? [String]) == [world.users[1]])
    }

    @Test("a window that nobody was there for is told, and made up for once")
    func missed() throws {
        let world = try ScheduledWorld(secrets: 1)
        try world.makeDue(endsIn: -60)
        let result = try world.keyturn.json("run-due")
        #expect(result["missedWindows"] as? Int == 1 && (result["rotated"] as? [String])?.count == 1)
        #expect(try world.keyturn.eventNames().filter { $0 == "RotationWindowMissed" }.count == 1)
        #expect(try world.rotations(of: world.users[0]) == 1)
    }

    @Test("what is put off is rotated then; a shorter delay than there is is refused")
    func deferring() throws {
        let world = try ScheduledWorld(secrets: 1)
        try world.makeDue()
        #expect(try world.keyturn.run("defer", world.users[0], "3d").status == 0)
        #expect(try (world.keyturn.json("run-due")["rotated"] as? [String])?.isEmpty ?? false)
        let refused = try world.keyturn.run("defer", world.users[0], "1h")
        #expect(refused.status == 65 && refused.error.contains("before the next rotation"))
        for bad in ["0d", "x", "1.5h", "400d", "1000000000000000000d"] {
            #expect(try world.keyturn.run("defer", world.users[0], bad).status == 65, "\(bad)")
        }
    }

    @Test("killed at any moment, the daemon loses nothing and does nothing twice")
    func kills() throws {
        let world = try ScheduledWorld(secrets: 5)
        for round in 1...8 {
            try world.makeDue()
            let before = try world.users.map { try world.rotations(of: $0) }
            // Killed a few times on the way, each time at another moment.
            for pause in [round * 7 + 20, 45, 90] {
                let daemon = try world.keyturn.start("serve")
                _ = waitUntil(timeout: .seconds(60)) { world.get("/healthz") != nil }
                usleep(useconds_t(pause) * 1_000)
                daemon.send(signal: SIGKILL)
                _ = try daemon.wait(timeout: .seconds(60))
            }
            let daemon = try world.serve()
            let done = waitUntil(timeout: .seconds(60), every: .milliseconds(50)) {
                (try? zip(world.users, before).allSatisfy { try world.rotations(of: $0) > $1 }) ?? false
            }
            #expect(done, "round \(round): \(daemon.error)")
            daemon.send(signal: SIGTERM)
            _ = try daemon.wait(timeout: .seconds(60))
            for (user, count) in zip(world.users, before) {
                #expect(try world.rotations(of: user) == count + 1, "round \(round): once, not twice")
                #expect(try world.works(user), "round \(round)")
            }
        }
    }

    @Test("many are rotated in waves, and no further one begins after too many failures")
    func waves() throws {
        let world = try ScheduledWorld(secrets: 4)
        let all = try world.keyturn.run("rotate", "--select", "name=sch*", "--wave", "50%", "--output", "json")
        #expect(all.status == 0, "\(all.error)")
        #expect((try Keyturn.object(all)["rotated"] as? [String])?.count == 4)
        let nobody = try Loopback.freePort()
        for index in 1...2 { try world.add("aaa\(index)", port: nobody) }
        let halted = try world.keyturn.run(
            "rotate", "--select", "name=*", "--wave", "2", "--halt-on", "1", "--output", "json")
        #expect(halted.status == 69, "\(halted.error)")
        #expect((try Keyturn.object(halted)["notBegun"] as? [String])?.count ?? 0 >= 4, "\(halted.output)")
        #expect(try world.keyturn.run("rotate", "--select", "tag:team=x").status == 65)
        for bad in ["x", "name=", "tag:=x", "size=3"] {
            #expect(try world.keyturn.run("rotate", "--select", bad).status == 65, "\(bad)")
        }
        #expect(try world.keyturn.run("rotate").status == 64)
        #expect(try world.keyturn.run("rotate", "a", "--wave", "10%").status == 64)
    }

    @Test("a schedule is read when it is set: bad ones name the option and the place, and change nothing")
    func badSchedules() throws {
        let world = try ScheduledWorld(secrets: 1)
        let before = try world.keyturn.run("calendar").output
        for (arguments, field) in [
            (["--schedule", "rate(1 hour)"], "--schedule"), (["--schedule", "cron(0 8 * * ? 2026)"], "--schedule"),
            (["--schedule", "rate(4 hours)", "--window", "5h"], "--window"),
            (["--schedule", "rate(4 hours)", "--time-zone", "Mars/Olympus"], "--time-zone"),
            (["--schedule", "rate(4 hours)", "--time-zone", "../../etc/passwd"], "--time-zone"),
            (["--window", "3h"], "--schedule"), (["--schedule", "none", "--window", "3h"], "--schedule"),
            (["--schedule", "cron(0 3 30 2 ? *)"], "--schedule"),
        ] {
            let refused = try KeyturnFixtures.run(
                Keyturn.binary,
                ["rotation", "configure", world.users[0], "--strategy", "single-user"] + arguments
                    + ["--config", world.keyturn.configuration])
            #expect(refused.status == 65 && refused.error.contains(field), "\(arguments): \(refused.error)")
        }
        #expect(try world.keyturn.run("calendar").output == before)
        let none = try world.keyturn.run(
            "rotation", "configure", world.users[0], "--strategy", "single-user", "--schedule", "none")
        #expect(none.status == 0)
        #expect(try !world.keyturn.run("calendar").output.contains(world.users[0]))
    }

    @Test(
        "a time without a zone, or with anything behind it, is refused",
        arguments: [
            "2026-12-20T18:00:00", "2026-12-20", "2026-12-20T18:00:00Zgarbage", "2026-12-20T25:00:00Z",
            "2026-02-30T00:00:00Z", "now", "",
        ])
    func badTimes(_ time: String) throws {
        let shown = try KeyturnFixtures.run(
            Keyturn.binary, ["schedule", "preview", "rate(1 day)", "--from", time])
        #expect(shown.status == 65 && shown.error.contains("--from"), "\(shown.output)")
    }

    @Test("preview shows windows in the contract's form")
    func preview() throws {
        let shown = try KeyturnFixtures.run(
            Keyturn.binary,
            [
                "schedule", "preview", "cron(0 8/8 * * ? *)", "--from", "2026-01-01T00:30:00Z", "--count", "3",
                "--output", "json",
            ])
        let list = try #require(try Keyturn.object(shown)["occurrences"] as? [[String: String]])
        #expect(
            list.map { $0["windowStart"] ?? "" } == [
                "2026-01-01T08:00:00.000Z", "2026-01-01T16:00:00.000Z", "2026-01-02T08:00:00.000Z",
            ])
        #expect(list.first?["windowEnd"] == "2026-01-01T09:00:00.000Z")
    }
}
