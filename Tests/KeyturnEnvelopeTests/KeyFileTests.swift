import Foundation
import Glibc
import KeyturnCore
import KeyturnEnvelope
import KeyturnFixtures
import Testing

@Suite("KeyFile") struct KeyFileTests {
    @Test("a new key file has one key in the documented form and mode 0600")
    func create() throws {
        let sample = try KeyFileSample()
        var status = stat()
        #expect(stat(sample.path, &status) == 0 && status.st_mode & 0o7777 == 0o600)
        let fields = try sample.text().split(separator: " ")
        try #require(fields.count == 4)
        let keys = try sample.opened()
        #expect(fields[0] == "keyturn-key-v1" && fields[2] == "2026-01-01T00:00:00Z")
        #expect(String(fields[1]) == keys.primaryKeyID && keys.keyIDs == [keys.primaryKeyID])
        #expect(keys.primaryKeyID.hasPrefix("local:") && keys.primaryKeyID.utf8.count == 14)
        #expect(Data(base64Encoded: fields[3].trimmingCharacters(in: .newlines))?.count == 32)
        #expect(try sample.names() == ["keys"])
    }

    @Test("no two new keys are the same")
    func fresh() throws {
        let ids = try (0..<8).map { _ in try KeyFileSample().opened().primaryKeyID }
        #expect(Set(ids).count == 8)
    }

    @Test("a file that is there is never overwritten, whatever it is")
    func noOverwriting() throws {
        let sample = try KeyFileSample()
        let before = try sample.text()
        let refusal = try #require(keyFileError { try KeyFile.create(at: sample.path, now: start) })
        #expect(refusal.path == sample.path && refusal.remedy.contains("never overwritten"))
        #expect(try sample.text() == before)
        let dangling = sample.directory.path + "/dangling"
        #expect(symlink(sample.directory.path + "/target", dangling) == 0)
        #expect(keyFileError { try KeyFile.create(at: dangling, now: start) } != nil)
        #expect(access(sample.directory.path + "/target", F_OK) != 0, "nothing was made behind the link")
    }

    @Test(
        "a file that anybody else may read, write or run is refused",
        arguments: [0o040, 0o020, 0o010, 0o004, 0o002, 0o001, 0o044, 0o077] as [mode_t])
    func modes(bits: mode_t) throws {
        let sample = try KeyFileSample()
        #expect(chmod(sample.path, 0o600 | bits) == 0)
        let refusal = try #require(keyFileError { try KeyFile(at: sample.path) })
        #expect(refusal.problem.contains(String(0o600 | bits, radix: 8)) && refusal.remedy.contains("chmod 600"))
        #expect(chmod(sample.path, 0o400) == 0)
        #expect(try sample.opened().keyIDs.count == 1, "read-only for its owner is fine")
    }

    @Test("a symbolic link, a directory and a missing file are refused, each with what to do")
    func notAFile() throws {
        let sample = try KeyFileSample()
        let link = sample.directory.path + "/link"
        #expect(symlink(sample.path, link) == 0)
        let linked = try #require(keyFileError { try KeyFile(at: link) })
        #expect(linked.remedy == "name the file itself, not a symbolic link")
        let directory = try #require(keyFileError { try KeyFile(at: sample.directory.path) })
        #expect(directory.problem == "is not a regular file")
        let missing = try #require(keyFileError { try KeyFile(at: sample.path + ".gone") })
        #expect(missing.remedy.contains("keys.file") && missing.description.contains(sample.path + ".gone"))
    }

    @Test("a file of another user is refused")
    func otherOwner() throws {
        let sample = try KeyFileSample()
        // Only root can give a file away; for everybody else there is one of root's to read.
        let isRoot = geteuid() == 0
        if isRoot { #expect(chown(sample.path, 65_534, 65_534) == 0) }
        let refusal = try #require(keyFileError { try KeyFile(at: isRoot ? sample.path : "/etc/passwd") })
        #expect(refusal.problem.contains("belongs to another user (uid \(isRoot ? 65_534 : 0)"))
    }

    @Test("a file without a key is refused", arguments: ["", "\n", "# only a comment\n", "\n\n#\n"])
    func noKey(text: String) throws {
        let sample = try KeyFileSample()
        try sample.rewrite(text)
        #expect(keyFileError { try KeyFile(at: sample.path) }?.problem == "holds 0 keys")
    }

    @Test(
        "a line that is no key is refused, by its number",
        arguments: [
            "garbage", "keyturn-key-v1", "keyturn-key-v1 a b", "keyturn-key-v1 a b c", "keyturn-key-v2 a b AAAA",
            "keyturn-key-v1 local:00000000 2026-01-01T00:00:00Z AAAA", "\u{0}", "KEYTURN-KEY-V1 a b c",
            "keyturn-key-v1 a b " + Data(count: 31).base64EncodedString(),
            "keyturn-key-v1 a b " + Data(count: 33).base64EncodedString(),
            "keyturn-key-v1 a b " + Data(count: 32).base64EncodedString() + " more",
        ])
    func garbage(line: String) throws {
        let sample = try KeyFileSample()
        try sample.rewrite(try sample.text() + line + "\n")
        let refusal = try #require(keyFileError { try KeyFile(at: sample.path) })
        #expect(refusal.problem.hasPrefix("line 2 "))
        if line.utf8.count > 20 {
            #expect(!refusal.description.contains(line), "a damaged line may still be most of a key")
        }
    }

    @Test("empty lines count when a bad line is named")
    func lineNumbers() throws {
        let sample = try KeyFileSample()
        try sample.rewrite("# keys\n\n" + sample.text() + "\ngarbage\n")
        let refusal = try #require(keyFileError { try KeyFile(at: sample.path) })
        #expect(refusal.problem.hasPrefix("line 5 "))
    }

    @Test("a key that is not the one its id names is refused")
    func alteredKey() throws {
        let sample = try KeyFileSample()
        var fields = try sample.text().split(separator: " ").map(String.init)
        fields[3] = Data(repeating: 7, count: 32).base64EncodedString() + "\n"
        try sample.rewrite(fields.joined(separator: " "))
        let refusal = try #require(keyFileError { try KeyFile(at: sample.path) })
        #expect(refusal.problem.contains("holds another key than its id \(fields[1]) says"))
        #expect(!refusal.description.contains(fields[3].prefix(10)))
    }

    @Test("comments and empty lines are no keys")
    func comments() throws {
        let sample = try KeyFileSample()
        let id = try sample.opened().primaryKeyID
        try sample.rewrite("# made on a Tuesday\n\n" + sample.text() + "#" + sample.text() + "\n")
        #expect(try sample.opened().keyIDs == [id])
    }

    @Test("a file is read up to 65,536 bytes, and none that is larger")
    func size() throws {
        let sample = try KeyFileSample()
        let text = try sample.text()
        let padding = 65_536 - text.utf8.count - 2
        try sample.rewrite(text + "#" + String(repeating: "x", count: padding) + "\n")
        #expect(try sample.opened().keyIDs.count == 1)
        try sample.rewrite(text + "#" + String(repeating: "x", count: padding + 1) + "\n")
        let refusal = try #require(keyFileError { try KeyFile(at: sample.path) })
        #expect(refusal.problem == "is larger than 65536 bytes")
    }

    @Test("a derived key is the same each time, another for another purpose, and another under another primary key")
    func derived() throws {
        let sample = try KeyFileSample()
        let keys = try sample.opened()
        func bytes(_ keys: KeyFile, _ purpose: String) -> [UInt8] {
            keys.derivedKey(for: purpose).withBytes { Array($0) }
        }
        let first = bytes(keys, "one")
        #expect(first.count == 32)
        #expect(try bytes(sample.opened(), "one") == first)
        #expect(bytes(keys, "two") != first)
        try keys.addPrimaryKey(now: start)
        #expect(bytes(keys, "one") != first)
    }
}
