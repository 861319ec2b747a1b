import Foundation
import KeyturnFixtures
import Synchronization
import Testing

@Suite("Every server, strategy and mode", .timeLimit(.minutes(30)))
struct EveryWayTests {
    /// What a run ended by the failpoint says before it dies.
    private func point(_ result: ProcessResult) -> String? {
        result.error.split(separator: "\n").first { $0.hasPrefix("failpoint") }.map(String.init)
    }

    @Test(
        "SIGKILL at each side effect: someone always gets in, no half-made user is of use, the next run finishes",
        arguments: EnrolledSecret.Way.withOwnEffects)
    func kill(_ way: EnrolledSecret.Way) throws {
        let enrolled = try EnrolledSecret(way)
        var points = 0
        // The first rotation makes the second user: it is enrolled anew for each point.
        for number in 1...100 {
            let fresh = way.isAlternating ? try EnrolledSecret(way) : enrolled
            let killed = try fresh.rotate(failpoint: "kill@\(number)")
            guard let point = point(killed) else {
                #expect(killed.status == 0, "\(killed.error)")
                break
            }
            #expect(killed.terminationSignal == SIGKILL)
            points += 1
            #expect(try fresh.works("AWSCURRENT") || fresh.works("AWSPENDING"), "\(point)")
            if way.isAlternating { try expectNoHalfClone(fresh, "\(point)") }
            let resumed = try fresh.rotate()
            #expect(resumed.status == 0, "\(point): \(resumed.error)")
            try fresh.expectCurrentWorks("\(point)")
            #expect(try fresh.credential("AWSPENDING") == nil, "\(point)")
        }
        #expect(points >= 20)
    }

    /// Where the pending password gets in already, it can do what it should.
    private func expectNoHalfClone(_ enrolled: EnrolledSecret, _ comment: Comment) throws {
        guard let pending = try enrolled.credential("AWSPENDING"),
            enrolled.server.canLogIn(pending.user, pending.password)
        else { return }
        let read = enrolled.server.sql(
            "SELECT a FROM \(enrolled.table);", as: pending.user, password: pending.password)
        #expect(read.output == "1", comment)
    }

    @Test("the n-th effect fails, for every n: the next runs converge", arguments: EnrolledSecret.Way.withOwnEffects)
    func fail(_ way: EnrolledSecret.Way) throws {
        let enrolled = try EnrolledSecret(way)
        for number in 1...100 {
            let failed = try enrolled.rotate(failpoint: "fail@\(number)")
            guard let point = point(failed) else { break }
            #expect([0, 1, 69, 75].contains(failed.status), "\(point): \(failed.status) \(failed.error)")
            #expect(try enrolled.works("AWSCURRENT") || enrolled.works("AWSPENDING"), "\(point)")
            let next = try enrolled.rotate()
            #expect(next.status == 0, "\(point): \(next.error)")
            try enrolled.expectCurrentWorks("\(point)")
        }
    }

    @Test("50 rotations under a client: no log-in fails where two credentials work", arguments: EnrolledSecret.Way.all)
    func gapless(_ way: EnrolledSecret.Way) async throws {
        let enrolled = try EnrolledSecret(way)
        let client = try RereadingClient(enrolled)
        for _ in 1...50 {
            let rotated = try enrolled.rotate()
            #expect(rotated.status == 0, "\(rotated.error)")
            #expect(client.waitForRead())
        }
        let seen = try client.stop()
        #expect(seen.logIns >= 50)
        // A single user's old password is refused until the new one can be read; reading again is then enough.
        #expect(way.keepsOld ? seen.failures == 0 : seen.failures < seen.logIns, "\(seen)")
        #expect(seen.lockedOut == 0, "\(seen)")
        try enrolled.expectCurrentWorks()
    }

    @Test("no log of a server at its loudest holds a password of ours", arguments: EnrolledSecret.Way.all)
    func silent(_ way: EnrolledSecret.Way) throws {
        let enrolled = try EnrolledSecret(way)
        var passwords: Set<String> = []
        for failpoint in [nil, "fail@9", "fail@12", "kill@14", nil] as [String?] {
            _ = try enrolled.rotate(failpoint: failpoint)
            for label in ["AWSCURRENT", "AWSPENDING"] {
                if let password = try enrolled.credential(label)?.password { passwords.insert(password) }
            }
        }
        #expect(passwords.count >= 3)
        for (log, bytes) in enrolled.server.logs {
            #expect(bytes.range(of: Data(enrolled.user.utf8)) != nil, "\(log) is the right one")
            for password in passwords { #expect(bytes.range(of: Data(password.utf8)) == nil, "\(log)") }
        }
    }

    @Test(
        "a rehearsal leaves the catalogs as they were, and shows how a fault is got over",
        arguments: EnrolledSecret.Way.all)
    func rehearse(_ way: EnrolledSecret.Way) throws {
        let enrolled = try EnrolledSecret(way)
        let before = try enrolled.server.catalog()
        for inject in [[], ["--inject", "setSecret:crash"], ["--inject", "testSecret:unreachable"]] {
            let result = try KeyturnFixtures.run(
                Keyturn.binary,
                ["rehearse", enrolled.secret, "--config", enrolled.keyturn.configuration, "--output", "json"] + inject)
            #expect(result.status == 0, "\(inject): \(result.output)\(result.error)")
            let object = try Keyturn.object(result)
            #expect(object["succeeded"] as? Bool == true)
            #expect((object["differences"] as? [String]) == [])
        }
        #expect(try enrolled.server.catalog() == before)
        #expect(try enrolled.credential()?.user == enrolled.user)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: enrolled.keyturn.directory).allSatisfy {
                !$0.hasPrefix("rehearsal")
            })
    }

    @Test("rollback, repair, retire and who-uses do what they say", arguments: EnrolledSecret.Way.all)
    func nightShift(_ way: EnrolledSecret.Way) throws {
        let enrolled = try EnrolledSecret(way)
        let first = try #require(try enrolled.credential())
        #expect(try enrolled.rotate().status == 0)
        #expect(try enrolled.keyturn.run("rollback", enrolled.secret).status == 0)
        #expect(try #require(try enrolled.credential()) == first, "AWSPREVIOUS's credential is AWSCURRENT again")
        try enrolled.expectCurrentWorks()
        #expect(try enrolled.rotate("--until", "setSecret").status == 0)
        #expect(try enrolled.keyturn.run("rollback", enrolled.secret).status == 0)
        #expect(try enrolled.credential("AWSPENDING") == nil)
        #expect(try #require(try enrolled.credential()) == first)
        #expect(enrolled.server.canLogIn(first.user, first.password))
        // Whatever the server had kept beside it, AWSCURRENT is not what goes.
        #expect(try enrolled.keyturn.run("retire", enrolled.secret, "--force").status == 0)
        #expect(enrolled.server.canLogIn(first.user, first.password))
        #expect(try enrolled.rotate().status == 0)
        let uses = try enrolled.keyturn.json("who-uses", enrolled.secret)
        #expect((uses["sessions"] as? [Any])?.isEmpty ?? false)
        let retired = try enrolled.keyturn.run("retire", enrolled.secret)
        #expect(retired.status == 0, "\(retired.error)")
        #expect(try !enrolled.works("AWSPREVIOUS"))
        #expect(try enrolled.works("AWSCURRENT"))
        try lockOut(enrolled)
        #expect(try !enrolled.works("AWSCURRENT"))
        let stuck = try enrolled.rotate()
        #expect(stuck.status == 7, "\(stuck.error)")
        let repaired = try enrolled.keyturn.run("repair", enrolled.secret)
        #expect(repaired.status == 0, "\(repaired.error)")
        #expect(try enrolled.works("AWSCURRENT"))
        #expect(try enrolled.keyturn.run("repair", enrolled.secret).output.contains("nothing to repair"))
    }

    /// Somebody resets AWSCURRENT's user by hand and tells nobody.
    private func lockOut(_ enrolled: EnrolledSecret) throws {
        let current = try #require(try enrolled.credential())
        let name = enrolled.server.quoted(current.user)
        try enrolled.server.sql(
            enrolled.server.isPostgres
                ? "ALTER ROLE \(name) PASSWORD 'SomethingElse1';"
                : "ALTER USER \(name) IDENTIFIED BY 'SomethingElse1'\(way(enrolled) ? "; ALTER USER \(name) DISCARD OLD PASSWORD" : "");"
        )
    }

    /// A MySQL user may have two passwords.
    private func way(_ enrolled: EnrolledSecret) -> Bool { enrolled.way.kind == .mySQL }
}
