import SecretsManagerWire
import Testing

/// The examples are recordings of the service, unless a test says otherwise.
@Suite("SecretFilter") struct SecretFilterTests {
    private func names(_ secrets: [FilteredSecret], _ filters: (SecretFilter.Key, [String])...) -> [String] {
        secrets.filter { $0.matches(filters.map { SecretFilter($0.0, $0.1) }) }.map(\.name)
    }

    private func named(_ names: String...) -> [FilteredSecret] { names.map { FilteredSecret(name: $0) } }

    private let described = ["a secret", "an secret", "asecret", "thesecret"].map {
        FilteredSecret(name: $0, description: $0)
    }

    @Test(
        "the words of a description begin with each word of the value",
        arguments: [
            ("a", ["a secret", "an secret", "asecret"]), ("a secret", ["a secret", "an secret"]),
            ("A", ["a secret", "an secret", "asecret"]), ("!a", ["thesecret"]),
            ("!c", ["a secret", "an secret", "asecret", "thesecret"]), ("secret a", ["a secret", "an secret"]),
        ])
    func descriptionWords(value: String, found: [String]) {
        #expect(names(described, (.description, [value])) == found)
    }

    @Test(
        "words of a description are found in any order and by their beginnings",
        arguments: ["one two", "o t", "two one"])
    func descriptionOrder(value: String) {
        #expect(names([FilteredSecret(name: "s", description: "one and two")], (.description, [value])) == ["s"])
    }

    @Test("a secret without a description has no words")
    func noDescription() {
        #expect(names(named("s"), (.description, ["a"])) == [])
        #expect(names(named("s"), (.description, ["!a"])) == ["s"])
    }

    @Test("a name is found by its beginning, case included, and a blank is no separator")
    func name() {
        let secrets = named("testing1", "testing2", "/a", "Testing3")
        #expect(names(secrets, (.name, ["testing"])) == ["testing1", "testing2"])
        #expect(names(secrets, (.name, ["/"])) == ["/a"])
        #expect(names(secrets, (.name, ["!/"])) == ["testing1", "testing2", "Testing3"])
        #expect(names(secrets, (.name, ["testing1 one"])) == [])
        #expect(names(secrets, (.name, ["ing1"])) == [])
    }

    @Test("values of one filter are alternatives, filters are not, even for one key")
    func combinations() {
        let secrets = ["one", "two", "three"].map { FilteredSecret(name: $0, description: "d \($0)") }
        #expect(names(secrets, (.name, ["one", "two"])) == ["one", "two"])
        #expect(names(secrets, (.name, ["t"]), (.name, ["tw"])) == ["two"])
        #expect(names(secrets, (.name, ["t"]), (.description, ["!two"])) == ["three"])
        #expect(names(secrets, (.name, ["!t", "two"])) == ["one", "two"])
        #expect(names(secrets) == ["one", "two", "three"])
    }

    @Test("tags, the primary region and the managing service are found by their beginnings, case included")
    func otherKeys() {
        let secret = FilteredSecret(
            name: "s", tags: [("Team", "Blue"), ("env", "prod")], primaryRegion: "eu-central-1", owningService: "rds")
        let values: [(SecretFilter.Key, String, Bool)] = [
            (.tagKey, "Te", true), (.tagKey, "te", false), (.tagKey, "eam", false), (.tagValue, "pro", true),
            (.tagValue, "blue", false), (.primaryRegion, "eu-", true), (.primaryRegion, "EU", false),
            (.owningService, "rds", true), (.owningService, "ds", false), (.tagKey, "!x", true), (.tagKey, "!T", false),
        ]
        for (key, value, isFound) in values {
            #expect(SecretFilter(key, [value]).matches(secret) == isFound, "\(key) \(value)")
        }
        #expect(!SecretFilter(.owningService, ["r"]).matches(FilteredSecret(name: "s")))
    }

    @Test(
        "all looks at the words of names: between separators, and from capital to capital",
        arguments: [
            ("Beta", "prod/AppBeta/x", true), ("beta", "prod/AppBeta/x", true), ("sec", "SecretOne", true),
            ("one", "SecretOne", true), ("ret", "SecretOne", false), ("company", "uat/COMPANY/x", true),
            ("Ythings", "COMPANYthings", true), ("COMPAN", "COMPANYthings", true), ("things", "COMPANYthings", false),
            ("N", "COMPANYthings", false), ("x", "prod/AppBeta/x", true), ("app beta", "prod/AppBeta/x", true),
            ("one", "first-one", true), ("one", "first_one", true), ("one", "first+one", true),
            ("one", "first=one", true),
            ("one", "first.one", true), ("one", "first@one", true), ("!one", "first@one", false),
        ])
    func allNames(value: String, name: String, isFound: Bool) {
        #expect((names(named(name), (.all, [value])) == [name]) == isFound)
    }

    @Test("a lone separator finds nothing", arguments: ["/", "-", "_", "+", "=", ".", "@"])
    func separators(value: String) {
        let secret = FilteredSecret(name: "a\(value)b", description: "\(value) \(value)", tags: [(value, value)])
        #expect(names([secret], (.all, [value])) == [])
    }

    @Test("a name with two kinds of separators is one word; second-hand")
    func mixedSeparators() {
        #expect(names(named("one/two_three"), (.all, ["two"])) == [])
        #expect(names(named("one/two_three"), (.all, ["one/two_"])) == ["one/two_three"])
    }

    @Test("all looks at the description and at tags, in any case, one at a time")
    func allAttributes() {
        let secret = FilteredSecret(name: "s", description: "For the Shop", tags: [("Team", "Blue Sky")])
        for value in ["shop", "FOR the", "tea", "blue", "sky b"] { #expect(names([secret], (.all, [value])) == ["s"]) }
        for value in ["hop", "shop blue", "team sky"] { #expect(names([secret], (.all, [value])) == []) }
        let joined = FilteredSecret(name: "SecretTwo", description: "DescTwo")
        for value in ["d", "d t", "desc two", "two"] { #expect(names([joined], (.all, [value])) == ["SecretTwo"]) }
        #expect(names([joined], (.description, ["two"])) == ["SecretTwo"] && names([joined], (.all, ["d s"])) == [])
        #expect(names([secret], (.all, ["!shop"])) == [] && names([secret], (.all, ["!other"])) == ["s"])
    }

    @Test("a filter without a key or without values is refused")
    func incomplete() throws {
        #expect(throws: SecretsManagerError(.invalidParameter, "Invalid filter key")) {
            try SecretFilter(WireFilter(values: ["a"]))
        }
        #expect(throws: SecretsManagerError.invalidFilterValues()) { try SecretFilter(WireFilter(key: .name)) }
        #expect(try SecretFilter(WireFilter(key: .name, values: ["a"])) == SecretFilter(.name, ["a"]))
    }
}
