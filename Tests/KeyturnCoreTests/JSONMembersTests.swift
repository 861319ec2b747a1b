import KeyturnSimulation
import KeyturnTesting
import Testing

@testable import KeyturnCore

@Suite("JSONMembers") struct JSONMembersTests {
    private static let rich =
        #" { "a" : "x\u0041\ud83d\ude00" , "b":[1,-0.5e+3,{"c":null},[]],"d":{"e":{}},"f":true,"g":false,"h":1E2 } "#

    private func read(_ document: [UInt8]) throws -> JSONMembers {
        try document.withUnsafeBytes { try JSONMembers($0) }
    }

    private func failure(_ document: String) -> JSONMembers.Failure? {
        do {
            _ = try read(Array(document.utf8))
            return nil
        } catch let error as JSONMembers.Failure {
            return error
        } catch {
            Issue.record(error)
            return nil
        }
    }

    @Test("members come in their order, their values byte for byte")
    func members() throws {
        let document = Array(Self.rich.utf8)
        let members = try read(document)
        #expect(members.members.map(\.key) == ["a", "b", "d", "f", "g", "h"])
        #expect(
            members.members.map { String(decoding: document[$0.value], as: UTF8.self) } == [
                #""x\u0041\ud83d\ude00""#, #"[1,-0.5e+3,{"c":null},[]]"#, #"{"e":{}}"#, "true", "false", "1E2",
            ])
        #expect(members["d"] == members.members[2].value)
        #expect(members["e"] == nil, "a nested member is none of the object's")
    }

    @Test("an empty object has no members", arguments: ["{}", " {\t\r\n} "])
    func empty(document: String) throws {
        #expect(try read(Array(document.utf8)).members == [])
    }

    @Test("a key is compared as the text that it stands for")
    func escapedKey() throws {
        #expect(try read(Array(#"{"\u0070assword":1}"#.utf8))["password"] == 17..<18)
        #expect(failure(#"{"a":1,"\u0061":2}"#) == .duplicateKey("a"))
    }

    @Test("keys that differ in their bytes are two members")
    func canonicallyEquivalentKeys() throws {
        #expect(try read(Array("{\"caf\u{e9}\":1,\"cafe\u{301}\":2}".utf8)).members.count == 2)
    }

    @Test("anything but an object is refused", arguments: ["", " ", "[]", "1", #""a""#, "null", "\u{feff}{}"])
    func notAnObject(document: String) {
        #expect(failure(document) == .notAnObject)
    }

    @Test(
        "text that RFC 8259 does not know is refused where it stands",
        arguments: [
            ("{", 1), ("{,}", 1), (#"{"a"}"#, 4), (#"{"a":}"#, 5), (#"{"a":1,}"#, 7), (#"{"a" 1}"#, 5), ("{a:1}", 1),
            ("{'a':1}", 1), (#"{"a":01}"#, 6), (#"{"a":+1}"#, 5), (#"{"a":.5}"#, 5), (#"{"a":1.}"#, 7),
            (#"{"a":1e}"#, 7), (#"{"a":-}"#, 6), (#"{"a":1e+}"#, 8), (#"{"a":tru}"#, 8), (#"{"a":True}"#, 5),
            (#"{"a":nul"#, 8), (#"{"a":NaN}"#, 5), (#"{"a":[1,]}"#, 8), (#"{"a":[1 2]}"#, 8), (#"{"a":[}"#, 6),
            ("{\"a\":\"\n\"}", 6), ("{\"a\":\"\u{1f}\"}", 6), (#"{"a":"\x"}"#, 7), (#"{"a":"\u12g4"}"#, 10),
            (#"{"a":"\"#, 7),
            (#"{"\ud800":1}"#, 1),
            (#"{"a":/* */1}"#, 5), ("{\u{a0}}", 1),
        ])
    func unexpected(document: String, position: Int) {
        #expect(failure(document) == .unexpected(at: position))
    }

    @Test("a member named twice is refused by its name")
    func duplicates() {
        #expect(failure(#"{"a":1,"b":2,"a":1}"#) == .duplicateKey("a"))
        #expect(failure(#"{"a":{"b":1},"b":{"b":2}}"#) == nil, "objects at other places have members of their own")
    }

    @Test("nothing may stand behind the object", arguments: [("{}x", 2), ("{} {}", 3), ("{}\0", 2), (#"{"a":1}}"#, 7)])
    func trailing(document: String, position: Int) {
        #expect(failure(document) == .trailingBytes(at: position))
    }

    @Test("nesting is read to the limit and refused behind it", arguments: [("[", "]"), (#"{"a":"#, "}")])
    func depth(open: String, close: String) {
        func nested(_ levels: Int) -> String {
            let inner = levels - 1
            return #"{"x":"# + String(repeating: open, count: inner) + (open == "[" ? "" : "1")
                + String(repeating: close, count: inner) + "}"
        }
        #expect(failure(nested(JSONMembers.deepest)) == nil)
        let position = 5 + open.utf8.count * (JSONMembers.deepest - 1)
        #expect(failure(nested(JSONMembers.deepest + 1)) == .tooDeep(at: position))
        let endless = #"{"x":"# + String(repeating: open, count: 100_000)
        #expect(failure(endless) == .tooDeep(at: position))
    }

    @Test("every prefix of a document is refused")
    func prefixes() {
        let document = Array(Self.rich.utf8)
        let end = document.count - 1
        for length in 0..<end {
            #expect(throws: JSONMembers.Failure.self, "\(length) bytes") { try read(Array(document[..<length])) }
        }
        #expect(throws: Never.self) { try read(Array(document[..<end])) }
    }

    @Test("random bytes never trap, and what is accepted lies within the document", arguments: 0..<8 as Range<UInt64>)
    func randomBytes(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let alphabet = Array("{}[]\":,\\u0d8e-+.tfn ".utf8) + [0x00, 0x80, 0xc3, 0xff]
        for _ in 0..<1000 {
            let tail = (0..<Int.random(in: 0...30, using: &random)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            }
            let document = Array("{".utf8) + tail
            guard let members = try? read(document) else { continue }
            for member in members.members {
                try #require(document.indices.contains(member.value.lowerBound), "seed \(seed): \(document)")
                try #require(document.indices.contains(member.value.upperBound), "seed \(seed): \(document)")
            }
        }
    }
}
