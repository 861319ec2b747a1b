import KeyturnCore
import Testing

@Suite("SecretName") struct SecretNameTests {
    @Test(
        "every legal character is taken as it is",
        arguments: [
            "a", "prod/orders", "AZaz09/_+=.@-!", "rds!db-1234", "Invalid/_+=.@-Name-a1b2c3", "-", "!", "arn",
            String(repeating: "n", count: 512),
        ])
    func legal(text: String) throws {
        let name = try SecretName(text)
        #expect(name.text == text && name.description == text)
    }

    @Test(
        "everything else is refused with AWS's text, and nothing is trimmed",
        arguments: [
            "", " ", " a", "a ", "a b", "a*", "a?", "a]", "a\\b", "a:b", "a,b", "a#b", "a\nb", "a\0", "é", "ａ",
            "e\u{301}",
            String(repeating: "n", count: 513),
        ])
    func illegal(text: String) throws {
        let error = try #require(refusal { try SecretName(text) })
        #expect(error.field == "Name")
        let rule = "Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!"
        #expect(error.problem == "Invalid name. " + rule)
    }

    @Test("names are ordered by their characters")
    func order() throws {
        let names = try ["b", "a/1", "B", "a"].map { try SecretName($0) }
        #expect(names.sorted().map(\.text) == ["B", "a", "a/1", "b"])
    }
}
