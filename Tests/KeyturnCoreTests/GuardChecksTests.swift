import KeyturnCore
import Testing

@Suite("GuardChecks") struct GuardChecksTests {
    private static let current: [String: String?] = [
        "port": "5432", "hosts": #""b.example.com""#, "masterarn": #""arn:admin""#, "note": #""kept""#,
    ]

    private func pending(_ changes: [String: String?]) throws -> DatabaseSecret {
        try credential(Self.current.merging(["password": #""new""#]) { $1 }.merging(changes) { $1 })
    }

    private func failure(pending: DatabaseSecret, previous: DatabaseSecret? = nil) throws -> StepFailure? {
        do throws(StepFailure) {
            let current = try credentialOfCurrent()
            try GuardChecks.check(pending: pending, current: current, previous: previous, expected: current.account)
            return nil
        } catch {
            return error
        }
    }

    private func credentialOfCurrent() throws(StepFailure) -> DatabaseSecret {
        do { return try credential(Self.current) } catch { throw StepFailure(error, in: .current) }
    }

    @Test("a credential that differs in its password alone is let through")
    func identical() throws {
        #expect(try failure(pending: pending([:])) == nil)
        #expect(try failure(pending: pending([:]), previous: credential(["password": #""old""#])) == nil)
        let derived = try DatabaseSecret(credentialOfCurrent().replacingPassword(with: secretBytes("\"\\\n")))
        #expect(try failure(pending: derived) == nil)
    }

    @Test(
        "each member that differs is refused by its name",
        arguments: [
            ("engine", #""aurora-postgresql""#, "engine"), ("host", #""evil.example.com""#, "host"),
            ("port", "5433", "port"), ("port", nil, "document"), ("hosts", #""evil.example.com""#, "hosts"),
            ("hosts", nil, "hosts"), ("hosts", #""b.example.com,evil.example.com""#, "hosts"),
            ("dbname", #""other""#, "dbname"), ("dbname", nil, "dbname"), ("username", #""postgres""#, "username"),
            ("username", #""App""#, "username"), ("masterarn", #""arn:other""#, "masterarn"),
            ("masterarn", nil, "masterarn"), ("ssl", "false", "ssl"), ("ssl", "true", "document"),
            ("sslmode", #""require""#, "sslmode"), ("sslrootcert", #""/tmp/ca.pem""#, "sslrootcert"),
            ("note", #""changed""#, "document"), ("note", nil, "document"), ("added", "1", "document"),
            ("host", #""DB.example.com""#, "document"),
        ] as [(String, String?, String)])
    func differences(member: String, value: String?, named: String) throws {
        let failure = try #require(try failure(pending: pending([member: value])))
        #expect(failure.code == .pendingMismatch)
        #expect(failure.message.contains(named))
        #expect(!failure.description.contains(canary))
    }

    @Test("a difference in blanks alone is refused too")
    func blanks() throws {
        let text = document(Self.current.merging(["password": #""new""#]) { $1 }).replacing(",", with: ", ")
        #expect(try failure(pending: credential(reading: text))?.code == .pendingMismatch)
    }

    @Test("AWSCURRENT's password is refused, however it is spelled", arguments: [canary, #"\u0063anary-7Qx"#])
    func samePasswordAsCurrent(spelling: String) throws {
        let failure = try #require(try failure(pending: pending(["password": "\"\(spelling)\""])))
        #expect(failure.code == .pendingMismatch && failure.message.contains("AWSCURRENT"))
        #expect(!failure.description.contains(canary))
    }

    @Test("AWSPREVIOUS's password is refused")
    func samePasswordAsPrevious() throws {
        let previous = try credential(["password": #""new""#])
        let failure = try #require(try failure(pending: pending([:]), previous: previous))
        #expect(failure.code == .pendingMismatch && failure.message.contains("AWSPREVIOUS"))
    }

    @Test(
        "an older credential may be tried only at the same server, for the same user and database",
        arguments: [
            ([:], true), (["password": #""older""#], true), (["host": #""DB.Example.com.""#], true),
            (["port": "5432"], true), (["note": "1"], true), (["engine": #""aurora-postgresql""#], false),
            (["host": #""evil.example.com""#], false), (["port": "1"], false), (["hosts": #""c""#], false),
            (["dbname": #""other""#], false), (["username": #""APP""#], false),
        ] as [([String: String?], Bool)])
    func sameAccount(changes: [String: String?], isSame: Bool) throws {
        #expect(GuardChecks.isSameAccount(try credential(changes), as: try credential()) == isSame)
    }

    @Test("names that only look alike are not the same", arguments: ["username", "dbname"])
    func lookalikes(member: String) throws {
        let composed = try credential([member: "\"caf\u{e9}\""])
        let decomposed = try credential([member: "\"cafe\u{301}\""])
        #expect(!GuardChecks.isSameAccount(decomposed, as: composed))
    }
}
