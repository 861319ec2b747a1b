import Foundation
import KeyturnFixtures
import Testing

@Suite("Leaks", .enabled(if: Availability.postgresOrRequired), .timeLimit(.minutes(5)))
struct LeakTests {
    @Test("no password is in a log, an error, an event, an argument, an environment or a file, whatever fails")
    func canaries() throws {
        let user = try EnrolledUser(admin: true)
        try user.keyturn.configure(sinks: true, level: "trace")
        var passwords: Set<String> = [user.firstPassword, "Rotator1Password"]
        var said = ""
        var seenInProc = ""
        func keep(_ result: ProcessResult) { said += result.output + result.error }

        for failpoint in [nil, "fail@8", "fail@10", "kill@12", "fail@14", nil] as [String?] {
            keep(try user.keyturn.run("rotate", user.secret, failpoint: failpoint))
            for label in ["AWSCURRENT", "AWSPENDING", "AWSPREVIOUS"] {
                if let password = try user.keyturn.password(user.secret, label) { passwords.insert(password) }
            }
        }
        keep(try user.keyturn.run("put", user.secret))
        keep(
            try user.keyturn.run(
                "secret", "put", user.secret, "--stage", "AWSPENDING",
                input: "{\"password\":\"\(user.firstPassword)\", broken"))
        for command in [["plan"], ["check"], ["verify"], ["explain"], ["history"], ["secret", "describe"]] {
            let name = command + [user.secret, "--config", user.keyturn.configuration, "--output", "json"]
            keep(try KeyturnFixtures.run(Keyturn.binary, name))
        }
        for _ in 0..<5 {
            let rotation = try user.keyturn.start("rotate", user.secret)
            repeat {
                for file in ["cmdline", "environ"] {
                    let bytes = FileManager.default.contents(atPath: "/proc/\(rotation.pid)/\(file)") ?? Data()
                    seenInProc += String(decoding: bytes, as: UTF8.self)
                }
            } while rotation.isRunning
            keep(try rotation.wait(timeout: .seconds(30)))
            if let password = try user.keyturn.password(user.secret) { passwords.insert(password) }
        }
        #expect(passwords.count >= 8)
        #expect(seenInProc.contains("rotate"))
        #expect(said.contains("step done"))

        let files = try FileManager.default.subpathsOfDirectory(atPath: user.keyturn.directory)
            .map { user.keyturn.directory + "/" + $0 }
        #expect(files.contains { $0.hasSuffix("keyturn.db") } && files.contains { $0.hasSuffix("events.jsonl") })
        var places = [
            "commands": Data(said.utf8), "proc": Data(seenInProc.utf8), "server log": Data(user.server.log.utf8),
        ]
        for file in files { places[file] = FileManager.default.contents(atPath: file) ?? Data() }
        for (place, bytes) in places {
            for password in passwords {
                #expect(bytes.range(of: Data(password.utf8)) == nil, "a password is in \(place)")
                let base64 = Data(password.utf8).base64EncodedData()
                #expect(bytes.range(of: base64) == nil, "a password in base64 is in \(place)")
            }
        }
        #expect(user.server.log.contains("ALTER ROLE \"\(user.name)\" PASSWORD 'SCRAM-SHA-256$"))
    }
}
