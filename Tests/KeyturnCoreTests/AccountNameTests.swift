import KeyturnCore
import Testing

@Suite("AccountName") struct AccountNameTests {
    @Test(
        "a name keeps its spelling",
        arguments: ["app", "App", "a b", "a\"b", "é", "pg", "pgbouncer", "publics", "None"])
    func legal(text: String) throws {
        #expect(try AccountName(postgreSQL: text).text == text)
        #expect(try AccountName(postgreSQL: text).description == text)
    }

    @Test(
        "names that no role can have are refused",
        arguments: ["", "none", "public", "pg_monitor", "pg_", "a\0b", "a\u{9f}"])
    func illegal(text: String) {
        #expect(refusal { try AccountName(postgreSQL: text) }?.field == "username")
    }

    @Test("names that differ in their bytes are two users, as they are to the server")
    func lookalikes() throws {
        #expect(try AccountName(postgreSQL: "caf\u{e9}") != AccountName(postgreSQL: "cafe\u{301}"))
        #expect(try AccountName(postgreSQL: "app") != AccountName(postgreSQL: "App"))
    }
}
