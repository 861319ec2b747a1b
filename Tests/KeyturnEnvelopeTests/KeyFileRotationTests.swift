import Foundation
import Glibc
import KeyturnCore
import KeyturnEnvelope
import KeyturnFixtures
import Testing

@Suite("KeyFile, new primary keys") struct KeyFileRotationTests {
    @Test("a new key comes first, and every old one stays as it was")
    func addPrimary() throws {
        let sample = try KeyFileSample()
        let keys = try sample.opened()
        for _ in 0..<5 {
            let (before, text) = (keys.keyIDs, try sample.text())
            try keys.addPrimaryKey(now: start.advanced(by: .seconds(86_400)))
            #expect(Array(keys.keyIDs.dropFirst()) == before && !before.contains(keys.primaryKeyID))
            #expect(try sample.text().hasSuffix(text))
            #expect(try sample.opened().keyIDs == keys.keyIDs)
        }
        var status = stat()
        #expect(stat(sample.path, &status) == 0 && status.st_mode & 0o7777 == 0o600)
        #expect(try sample.text().hasPrefix("keyturn-key-v1 \(keys.primaryKeyID) 2026-01-02T00:00:00Z "))
        #expect(try !sample.names().contains("keys.new"), "no half-written file stays behind")
    }

    @Test("a half-written file that a crash left does not stand in the way")
    func leftover() throws {
        let sample = try KeyFileSample()
        _ = try sample.directory.write("keys.new", "half a")
        let keys = try sample.opened()
        try keys.addPrimaryKey(now: start)
        #expect(keys.keyIDs.count == 2)
        #expect(try !sample.names().contains("keys.new"))
    }

    @Test("a file that can't be used is left as it is", arguments: ["garbage\n", "# no key\n"])
    func unusable(text: String) throws {
        let sample = try KeyFileSample()
        let keys = try sample.opened()
        try sample.rewrite(text)
        #expect(keyFileError { try keys.addPrimaryKey(now: start) } != nil)
        #expect(try sample.text() == text)
        #expect(keys.keyIDs.count == 1, "the keys in memory are still good")
    }

    @Test("a file that is full of keys is left as it is, and can still be read")
    func full() throws {
        let sample = try KeyFileSample()
        let keys = try sample.opened()
        while keys.keyIDs.count < 64 { try keys.addPrimaryKey(now: start) }
        let before = try sample.text()
        #expect(keyFileError { try keys.addPrimaryKey(now: start) } != nil)
        #expect(try sample.text() == before)
        #expect(keyFileError { try KeyFile(at: sample.path) } == nil)
    }

    @Test("a file that one more key would make too large is left as it is, and can still be read")
    func tooLarge() throws {
        let sample = try KeyFileSample()
        let keys = try sample.opened()
        let text = try sample.text() + "#" + String(repeating: "x", count: 65_400) + "\n"
        try sample.rewrite(text)
        #expect(keyFileError { try keys.addPrimaryKey(now: start) } != nil)
        #expect(try sample.text() == text)
        #expect(keyFileError { try KeyFile(at: sample.path) } == nil)
    }

    @Test("of keys that are added at the same moment, none is lost")
    func concurrent() async throws {
        let sample = try KeyFileSample()
        let path = sample.path
        let added = try await withThrowingTaskGroup(of: Set<String>.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let keys = try KeyFile(at: path)
                    var seen: Set<String> = [keys.primaryKeyID]
                    for _ in 0..<5 {
                        try keys.addPrimaryKey(now: start)
                        seen.formUnion(keys.keyIDs)
                    }
                    return seen
                }
            }
            return try await group.reduce(into: Set<String>()) { $0.formUnion($1) }
        }
        let keys = try sample.opened()
        #expect(keys.keyIDs.count == 41 && Set(keys.keyIDs) == added)
        #expect(try !sample.names().contains("keys.new"))
    }

    @Test("a running process follows a key that another one added")
    func follows() throws {
        let sample = try KeyFileSample()
        let running = try sample.opened()
        let other = try sample.opened()
        let (secret, version) = (secretID("prod/orders"), try versionID("v1"))
        try other.addPrimaryKey(now: start)
        let record = try Envelope(keys: other).seal(.string(secretBytes("new")), for: secret, version)
        #expect(try plaintext(Envelope(keys: running).open(record, of: secret, version).bytes) == "new")
        #expect(running.primaryKeyID == other.primaryKeyID)
        #expect(running.keyIDs == other.keyIDs)
    }

    @Test(
        "a running process keeps its keys when the file is gone or damaged", arguments: [nil, "garbage\n"] as [String?])
    func survives(text: String?) throws {
        let sample = try SealSample()
        let stranger = try SealSample()
        let record = try sample.seal("still here")
        if let text { try sample.keys.rewrite(text) } else { #expect(unlink(sample.keys.path) == 0) }
        let unknown = try stranger.seal("elsewhere")
        #expect(sample.refusal(unknown) == .keyMissing(stranger.envelope.primaryKeyID))
        #expect(try sample.open(record) == "still here")
    }
}
