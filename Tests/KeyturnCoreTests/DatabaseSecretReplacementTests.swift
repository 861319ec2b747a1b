import Testing

@testable import KeyturnCore

@Suite("DatabaseSecret: the next version's document") struct DatabaseSecretReplacementTests {
    /// Everything that a careless rewrite would change, on both sides of the password.
    private static let before =
        "\t{ \"z\" : 1.50e+02,\r\n \"engine\":\"postgres\",\"host\" :\"h\\u002eexample\", \"a\":[ 1 ,2.0 ]"
        + ",\"\\u0075sername\":\"app\",\"password\"  :\n"
    private static let after =
        "  , \"password2\":\"\\/\\u00e9\", \"n\":null,\"big\":12345678901234567890, \"é\":{\"password\":\"x\"} }\n"

    private func next(_ text: String, _ password: String) throws -> String {
        plaintext(try credential(reading: text).replacingPassword(with: secretBytes(password)).bytes)
    }

    @Test("only the password's own bytes change")
    func keepsEverythingElse() throws {
        let document = Self.before + "\"" + canary + "\"" + Self.after
        #expect(try next(document, "new") == Self.before + #""new""# + Self.after)
    }

    @Test("an escaped password is replaced whole")
    func escapedPassword() throws {
        let document = Self.before + #""\"\\\u0041\ud83d\ude00}""# + Self.after
        #expect(try next(document, "new") == Self.before + #""new""# + Self.after)
    }

    @Test(
        "a password that needs escapes is read back as it was",
        arguments: ["\"", "\\", "a\n\t\u{1}b", "é😀", "\\u0041", "/"])
    func escapesPassword(password: String) throws {
        let document = Self.before + "\"" + canary + "\"" + Self.after
        let replaced = try credential(reading: next(document, password))
        #expect(plaintext(replaced.password) == password)
        #expect(replaced.endpoints.map(\.host) == ["h.example"])
        #expect(replaced.differsOnlyInCredential(from: try credential(reading: document)))
    }

    @Test("putting the old password back gives the old document")
    func roundTrip() throws {
        let document = Self.before + "\"" + canary + "\"" + Self.after
        #expect(try next(next(document, "something much longer than before"), canary) == document)
    }

    @Test("the new value is text, and the old one is untouched")
    func leavesOldAlone() throws {
        let old = try credential()
        guard case .string = old.replacingPassword(with: secretBytes("new")) else {
            Issue.record("a binary value")
            return
        }
        #expect(plaintext(old.password) == canary && plaintext(old.document) == document())
    }
}
