import Foundation
import KeyturnFixtures
import Testing

@Suite("Several processes", .enabled(if: Availability.postgresOrRequired), .timeLimit(.minutes(15)))
struct RaceTests {
    @Test("two processes rotating one secret at the same moment, 200 times: one rotates, the other says 75")
    func sameSecret() throws {
        let user = try EnrolledUser()
        for round in 1...200 {
            let both = try run(
                "bash", ["-c", Self.script, Keyturn.binary, user.secret, user.keyturn.configuration],
                timeout: .seconds(60))
            #expect(["0 75\n", "75 0\n"].contains(both.output), "round \(round): \(both.output)\(both.error)")
        }
        let versions =
            try user.keyturn.json("secret", "versions", user.secret, "--include-deprecated")["Versions"]
            as? [[String: Any]]
        // The first one and one for each round: never two pending versions, never one too many.
        #expect(versions?.count == 201)
        #expect(try user.keyturn.password(user.secret, "AWSPENDING") == nil)
        try user.expectCurrentWorks()
    }

    /// One shell starts both, so that nothing but its two forks lies between them.
    private static let script = """
        "$0" rotate "$1" --config "$2" >/dev/null & first=$!
        "$0" rotate "$1" --config "$2" >/dev/null & second=$!
        wait $first; a=$?; wait $second; b=$?; echo $a $b
        """

    @Test("a hundred rotations in a row: after each exactly the expected password logs in")
    func sequence() throws {
        let user = try EnrolledUser()
        for round in 1...100 {
            let result = try user.keyturn.run("rotate", user.secret)
            #expect(result.status == 0, "round \(round): \(result.error)")
            if round % 10 == 0 { try user.expectCurrentWorks("round \(round)") }
        }
        try user.expectCurrentWorks()
    }

    @Test("writers of all kinds on one store at once lose nothing")
    func manyWriters() throws {
        let user = try EnrolledUser()
        let puts = 10
        var running: [SpawnedProcess] = []
        for number in 0..<puts {
            running.append(
                try spawn(
                    Keyturn.binary, ["secret", "create", "other/\(number)", "--config", user.keyturn.configuration],
                    input: Data("value \(number)".utf8)))
            running.append(try user.keyturn.start("key", "rotate"))
            running.append(try user.keyturn.start("rotate", user.secret))
            running.append(try user.keyturn.start("secret", "list"))
        }
        for process in running {
            let ended = try process.wait(timeout: .seconds(120))
            #expect([0, 75].contains(ended.status), "\(ended.error)")
        }
        for number in 0..<puts {
            #expect(try user.keyturn.run("secret", "get", "other/\(number)").output == "value \(number)")
        }
        #expect(try user.keyturn.run("doctor").status == 0)
        try user.expectCurrentWorks()
    }
}
