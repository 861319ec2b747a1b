import Foundation
import Glibc
import KeyturnFixtures
import Testing

@Suite("The installation", .timeLimit(.minutes(5)))
struct InstallationTests {
    @Test("init makes private files, and overwrites nothing")
    func initialize() throws {
        let keyturn = try Keyturn()
        for file in ["keyturn.yaml", "master.key", "keyturn.db"] {
            let mode =
                try FileManager.default.attributesOfItem(atPath: keyturn.directory + "/" + file)[.posixPermissions]
                as? Int
            if file != "keyturn.yaml" { #expect(mode == 0o600, "\(file)") }
        }
        let key = FileManager.default.contents(atPath: keyturn.directory + "/master.key")
        let again = try KeyturnFixtures.run(Keyturn.binary, ["init", keyturn.directory])
        #expect(again.status == 65)
        #expect(FileManager.default.contents(atPath: keyturn.directory + "/master.key") == key)
    }

    @Test("a configuration with a mistake is 78, and the nearest key is named")
    func configuration() throws {
        let keyturn = try Keyturn()
        for (text, expected) in [
            ("stroe: {}", "did you mean store?"), ("log: { levle: info }", "did you mean level?"),
            ("log: { level: loud }", "log.level"), ("store: [1]", "store"), ("a: b: c", "not YAML"),
            ("events: { source: aws.secretsmanager }", "aws."), ("api: { account: 12 }", "account"),
        ] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: keyturn.configuration))
            let refused = try keyturn.run("status")
            #expect(refused.status == 78 && refused.error.contains(expected), "\(text): \(refused.error)")
        }
    }

    @Test(
        "a key file that others can read, or that is gone, is 78 and nothing is touched",
        arguments: ["mode", "missing", "altered"])
    func keyFile(_ fault: String) throws {
        let keyturn = try Keyturn()
        #expect(try keyturn.run("secret", "create", "a", input: "x").status == 0)
        let path = keyturn.directory + "/master.key"
        let key = try String(contentsOfFile: path, encoding: .utf8)
        switch fault {
        case "mode": chmod(path, 0o644)
        case "missing": unlink(path)
        case _:
            try Data(key.replacingOccurrences(of: "local:", with: "local:0").utf8).write(to: URL(fileURLWithPath: path))
        }
        let refused = try keyturn.run("secret", "get", "a")
        #expect(refused.status == 78 && refused.error.contains("master.key"), "\(refused.error)")
        unlink(path)
        #expect(
            FileManager.default.createFile(
                atPath: path, contents: Data(key.utf8), attributes: [.posixPermissions: 0o600]))
        #expect(try keyturn.run("secret", "get", "a").output == "x")
    }

    @Test("key rotate: old and new values open, and only the new key is in use")
    func keyRotation() throws {
        let keyturn = try Keyturn()
        for number in 0..<5 {
            #expect(try keyturn.run("secret", "create", "s\(number)", input: "value \(number)").status == 0)
        }
        let before = try keyturn.json("secret", "versions", "s0")["Versions"] as? [[String: Any]]
        let rotated = try keyturn.json("key", "rotate")
        #expect(rotated["rewrapped"] as? Int == 5)
        let after = try keyturn.json("secret", "versions", "s0")["Versions"] as? [[String: Any]]
        #expect(before?.first?["KmsKeyIds"] as? [String] != after?.first?["KmsKeyIds"] as? [String])
        for number in 0..<5 { #expect(try keyturn.run("secret", "get", "s\(number)").output == "value \(number)") }
        // The old line is for backups only.
        let path = keyturn.directory + "/master.key"
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 2)
        try Data((lines[0] + "\n").utf8).write(to: URL(fileURLWithPath: path))
        chmod(path, 0o600)
        #expect(try keyturn.run("doctor").status == 0)
    }

    @Test("every command has help, and completions are made for three shells")
    func help() throws {
        let commands = [
            ["init"], ["secret", "create"], ["secret", "get"], ["secret", "put"], ["secret", "describe"],
            ["secret", "list"],
            ["secret", "versions"], ["secret", "delete"], ["secret", "restore"], ["rotation", "configure"],
            ["rotation", "cancel"], ["plan"], ["check"], ["rotate"], ["verify"], ["status"], ["history"], ["explain"],
            ["events"], ["doctor"], ["key", "rotate"], ["strategy", "list"],
        ]
        for command in commands {
            let help = try KeyturnFixtures.run(Keyturn.binary, command + ["--help"])
            #expect(help.status == 0 && help.output.contains("USAGE: keyturn \(command.joined(separator: " "))"))
            #expect(help.output.contains("--output"))
        }
        for shell in ["bash", "zsh", "fish"] {
            let script = try KeyturnFixtures.run(Keyturn.binary, ["--generate-completion-script", shell])
            #expect(script.status == 0 && script.output.contains("rotate"))
        }
    }

    @Test("every command that lists writes one JSON document with its schema's version")
    func jsonOutput() throws {
        let keyturn = try Keyturn()
        #expect(try keyturn.run("secret", "create", "a", "--tag", "team=x", input: "x").status == 0)
        let commands = [
            ["secret", "get", "a"], ["secret", "describe", "a"], ["secret", "list"], ["secret", "versions", "a"],
            ["status"],
            ["history", "a"], ["explain", "a"], ["plan"], ["check"], ["verify", "--all"], ["doctor"],
            ["strategy", "list"],
        ]
        for command in commands {
            let configuration = command[0] == "strategy" ? [] : ["--config", keyturn.configuration]
            let result = try KeyturnFixtures.run(Keyturn.binary, command + configuration + ["--output", "json"])
            #expect(result.status == 0, "\(command): \(result.error)")
            #expect(try Keyturn.object(result)["schemaVersion"] as? Int == 1, "\(command)")
        }
    }

    @Test("a secret scheduled for deletion gives nothing away until it is restored")
    func deletion() throws {
        let keyturn = try Keyturn()
        #expect(try keyturn.run("secret", "create", "a", input: "x").status == 0)
        #expect(try keyturn.run("secret", "delete", "a").status == 0)
        #expect(try keyturn.run("secret", "get", "a").status == 65)
        #expect(try keyturn.run("secret", "create", "a", input: "y").status == 65)
        #expect(try keyturn.run("secret", "restore", "a").status == 0)
        #expect(try keyturn.run("secret", "get", "a").output == "x")
        #expect(try keyturn.run("secret", "delete", "a", "--force").status == 0)
        #expect(try keyturn.run("secret", "get", "a").status == 66)
        #expect(try keyturn.eventNames().contains("EndSecretVersionDelete"))
    }

    @Test("events can be followed while they happen")
    func follow() throws {
        let keyturn = try Keyturn()
        let follower = try keyturn.start("events", "--follow")
        #expect(try keyturn.run("secret", "create", "followed", input: "x").status == 0)
        #expect(follower.waitForOutput(containing: "followed", timeout: .seconds(10)))
        follower.send(signal: SIGINT)
        #expect(try follower.wait(timeout: .seconds(10)).status == 130)
    }
}
