import Foundation
import KeyturnFixtures
import Testing

@Suite(
    "Killed at every side effect", .enabled(if: Availability.postgresOrRequired), .timeLimit(.minutes(15)))
struct CrashTests {
    /// What a run ended by the failpoint says before it dies.
    private func point(_ result: ProcessResult) -> String? {
        result.error.split(separator: "\n").first { $0.hasPrefix("failpoint") }.map(String.init)
    }

    @Test(
        "SIGKILL before and after each side effect: someone always gets in, and the next run finishes without help",
        arguments: [false, true])
    func kill(admin: Bool) throws {
        let user = try EnrolledUser(admin: admin)
        var points: [String] = []
        for number in 1...100 {
            let killed = try user.keyturn.run("rotate", user.secret, failpoint: "kill@\(number)")
            guard let point = point(killed) else {
                #expect(killed.status == 0, "\(killed.error)")
                break
            }
            #expect(killed.terminationSignal == SIGKILL)
            points.append(point)
            #expect(try user.someoneGetsIn(), "\(point)")
            let pending = try user.keyturn.json("status")["secrets"].flatMap {
                ($0 as? [[String: Any]])?.first?["pending"] as? String
            }
            let resumed = try user.keyturn.run("rotate", user.secret, "--output", "json")
            #expect(resumed.status == 0, "\(point): \(resumed.error)")
            if let pending {
                #expect(try Keyturn.object(resumed)["VersionId"] as? String == pending, "\(point): law 4, same token")
            }
            try user.expectCurrentWorks("\(point)")
            #expect(try user.keyturn.password(user.secret, "AWSPENDING") == nil, "\(point)")
        }
        #expect(points.count >= 20, "\(points)")
        try expectEventsAreFacts(user)
    }

    /// Law 6: started before it succeeded, each succeeded once, delivered in order with nothing missing.
    private func expectEventsAreFacts(_ user: EnrolledUser) throws {
        let names = try user.keyturn.eventNames()
        #expect(names.filter { $0 == "RotationStarted" }.count == names.filter { $0 == "RotationSucceeded" }.count)
        let delivered = try String(contentsOfFile: user.keyturn.events, encoding: .utf8).split(separator: "\n")
        var seen: [String] = []
        for line in delivered {
            let event = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            let id = try #require(event?["id"] as? String)
            if !seen.contains(id) { seen.append(id) }
        }
        let outbox = try user.keyturn.run("events", "--output", "json").output.split(separator: "\n").map { line in
            (try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])?["id"] as? String
        }
        #expect(seen == outbox.compactMap { $0 })
    }

    @Test(
        "the n-th effect fails, for every n: the error says what is safe, and the next runs converge",
        arguments: [false, true])
    func fail(admin: Bool) throws {
        let user = try EnrolledUser(admin: admin)
        for number in 1...100 {
            let failed = try user.keyturn.run("rotate", user.secret, failpoint: "fail@\(number)")
            guard let point = point(failed) else { break }
            #expect([0, 1, 69, 75].contains(failed.status), "\(point): \(failed.status) \(failed.error)")
            #expect(try user.someoneGetsIn(), "\(point)")
            let next = try user.keyturn.run("rotate", user.secret)
            #expect(next.status == 0, "\(point): \(next.error)")
            try user.expectCurrentWorks("\(point)")
        }
    }

    @Test("a run stopped by SIGTERM parks the attempt, says 130, and the next run finishes it")
    func terminated() throws {
        let user = try EnrolledUser()
        // Somebody else's transaction on the role makes setSecret wait.
        let lock = try spawn(
            "psql",
            ["-X", "-A", "-t", "-h", user.server.socketDirectory, "-p", "\(user.server.port)", "-U", "postgres"],
            input: Data(
                "BEGIN; ALTER ROLE \(user.name) CONNECTION LIMIT 50; SELECT 'locked'; SELECT pg_sleep(30);\n".utf8),
            environment: ["PGPASSWORD": user.server.superuserPassword])
        #expect(lock.waitForOutput(containing: "locked", timeout: .seconds(10)))
        let rotation = try user.keyturn.start("rotate", user.secret)
        let isWaiting = waitUntil(timeout: .seconds(60), every: .milliseconds(20)) {
            user.server.psql(
                "SELECT count(*) FROM pg_stat_activity WHERE usename = '\(user.name)' AND wait_event_type = 'Lock';"
            ).output == "1"
        }
        #expect(isWaiting)
        rotation.send(signal: SIGTERM)
        let ended = try rotation.wait(timeout: .seconds(15))
        #expect(ended.status == 130, "\(ended.error)")
        #expect(
            user.server.psql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%' AND pid <> pg_backend_pid();"
            ).status == 0)
        lock.kill()
        let explained = try user.keyturn.json("explain", user.secret)
        #expect(explained["state"] as? String == "failed at setSecret")
        #expect(try user.someoneGetsIn())
        let resumed = try user.keyturn.run("rotate", user.secret)
        #expect(resumed.status == 0, "\(resumed.error)")
        try user.expectCurrentWorks()
    }
}
