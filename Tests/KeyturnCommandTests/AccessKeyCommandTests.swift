import Foundation
import KeyturnFixtures
import Testing

@Suite("keyturn access-key", .timeLimit(.minutes(5))) struct AccessKeyCommandTests {
    private static let policy = """
        {
          "Version": "2012-10-17",
          "Statement": [{
            "Sid": "ReadOrders",
            "Effect": "Allow",
            "Action": ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
            "Resource": "arn:aws:secretsmanager:*:*:secret:prod/orders-??????"
          }]
        }
        """

    private static func write(_ text: String, in keyturn: Keyturn, as name: String = "policy.json") throws -> String {
        let path = keyturn.directory + "/" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    private static func keys(_ keyturn: Keyturn) throws -> [[String: Any]] {
        try #require(try keyturn.json("access-key", "list")["accessKeys"] as? [[String: Any]])
    }

    @Test("create shows id and secret once; list shows all but the secret; delete ends the key")
    func life() throws {
        let keyturn = try Keyturn()
        let made = try keyturn.json("access-key", "create", "--name", "orders-app", "--expires", "90d")
        let id = try #require(made["accessKeyId"] as? String)
        let secret = try #require(made["secretAccessKey"] as? String)
        #expect(id.count == 20 && id.hasPrefix("KTAK") && secret.count == 40)
        #expect(made["policy"] as? String == "admin" && made["name"] as? String == "orders-app")
        #expect(made["schemaVersion"] as? Int == 1 && made["expiresAt"] is String)
        let plain = try keyturn.run("access-key", "create", "--policy", "read-only")
        #expect(plain.status == 0 && plain.error.contains("not shown again"), "\(plain.error)")
        let lines = plain.output.split(separator: "\n").compactMap { $0.split(separator: " ").last.map(String.init) }
        #expect(lines.map(\.count) == [20, 40])

        let listed = try Self.keys(keyturn)
        #expect(listed.map { $0["accessKeyId"] as? String } == [id, lines.first])
        #expect(listed.map { $0["policy"] as? String } == ["admin", "read-only"])
        #expect(listed[0]["lastUsedAt"] == nil && listed[0]["createdAt"] is String && listed[1]["name"] == nil)
        for output in ["table", "json"] {
            let list = try keyturn.run("access-key", "list", "--output", output)
            #expect(list.status == 0 && list.output.contains(id) && list.output.contains("orders-app"))
            #expect(!(list.output + list.error).contains(secret) && !(list.output + list.error).contains("ecretAccess"))
        }

        #expect(try keyturn.run("access-key", "delete", id).status == 0)
        #expect(try Self.keys(keyturn).count == 1)
        let again = try keyturn.run("access-key", "delete", id)
        #expect(again.status == 66 && again.error.contains(id))
        #expect(try keyturn.run("access-key", "delete", "AKIAIOSFODNN7EXAMPLE").status == 65)
    }

    @Test("a policy from a file is kept as it was written")
    func policyFile() throws {
        let keyturn = try Keyturn()
        let path = try Self.write(Self.policy, in: keyturn)
        let made = try keyturn.json("access-key", "create", "--policy", path)
        #expect(made["policy"] as? String == "custom")
        #expect(try Self.keys(keyturn).first?["policyDocument"] as? String == Self.policy)
    }

    @Test(
        "a policy with a mistake is 65, with its place, and nothing is made",
        arguments: [
            ("\"Allow\"", "\"Alow\"", "line 5, column 15 (Statement[0].Effect): Alow is no effect"),
            (
                "GetSecretValue\"", "GetSecretVlaue\"",
                "(Statement[0].Action[0]): secretsmanager:GetSecretVlaue is no action"
            ),
            ("\"Resource\": \"arn", "\"Resource\": \"orders arn", "(Statement[0].Resource)"),
            ("\"Sid\"", "\"Principal\": \"*\", \"Sid\"", "(Statement[0].Principal): policy document should not"),
            ("}]", "}", "line 9, column 1: the text is no JSON from here on"),
        ])
    func badPolicy(_ part: String, _ replacement: String, _ phrase: String) throws {
        let keyturn = try Keyturn()
        let text = Self.policy.replacingOccurrences(of: part, with: replacement)
        #expect(text != Self.policy)
        let path = try Self.write(text, in: keyturn)
        let refused = try keyturn.run("access-key", "create", "--policy", path, "--output", "json")
        #expect(refused.status == 65, "\(refused.error)")
        let error = try Keyturn.object(refused)["error"] as? [String: Any]
        let cause = try #require(error?["cause"] as? String)
        #expect(cause.hasPrefix("--policy \(path), line ") && cause.contains(phrase), "\(cause)")
        #expect(error?["next"] as? String != nil)
        #expect(try Self.keys(keyturn).isEmpty)
    }

    @Test("options that mean nothing are 65 and name the option; nothing is made")
    func badOptions() throws {
        let keyturn = try Keyturn()
        for (option, value, phrase) in [
            ("--policy", keyturn.directory + "/missing.json", "names no readable text file"),
            ("--policy", "readonly", "did you mean read-only?"), ("--policy", keyturn.directory, "names no readable"),
            ("--name", "two words", "no user's name"), ("--name", "", "no user's name"),
            ("--expires", "0d", "is \"0d\""),
            ("--expires", "soon", "is \"soon\""), ("--expires", "2026-12-31", "is \"2026-12-31\""),
        ] {
            let refused = try keyturn.run("access-key", "create", option, value)
            #expect(refused.status == 65, "\(option) \(value): \(refused.status) \(refused.error)")
            #expect(refused.error.contains(option) && refused.error.contains(phrase), "\(refused.error)")
        }
        let large = try Self.write(String(repeating: " ", count: 81_921), in: keyturn)
        #expect(try keyturn.run("access-key", "create", "--policy", large).status == 65)
        #expect(try Self.keys(keyturn).isEmpty)
    }

    @Test("no secret access key is in any file, and key rotate and doctor look after access keys")
    func keyRotation() throws {
        let keyturn = try Keyturn()
        let made = try keyturn.json("access-key", "create")
        let secret = try #require(made["secretAccessKey"] as? String)
        let rotated = try keyturn.json("key", "rotate")
        #expect(rotated["rewrapped"] as? Int == 1 && rotated["records"] as? Int == 1)
        let path = keyturn.directory + "/master.key"
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 2)
        // The old line is for backups only.
        try Data((lines[0] + "\n").utf8).write(to: URL(fileURLWithPath: path))
        #expect(chmod(path, 0o600) == 0)
        let doctor = try keyturn.run("doctor")
        #expect(doctor.status == 0, "\(doctor.output)\(doctor.error)")
        let files = try FileManager.default.subpathsOfDirectory(atPath: keyturn.directory)
        #expect(files.contains("keyturn.db"))
        for file in files {
            let bytes = FileManager.default.contents(atPath: keyturn.directory + "/" + file) ?? Data()
            #expect(bytes.range(of: Data(secret.utf8)) == nil, "the secret is in \(file)")
        }
    }

    @Test("the commands have help", arguments: ["create", "list", "delete"])
    func help(_ command: String) throws {
        let help = try KeyturnFixtures.run(Keyturn.binary, ["access-key", command, "--help"])
        #expect(help.status == 0 && help.output.contains("USAGE: keyturn access-key \(command)"))
    }
}
