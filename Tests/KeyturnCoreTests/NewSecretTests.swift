import KeyturnCore
import Testing

@Suite("NewSecret") struct NewSecretTests {
    private func make(
        description: String? = nil, type: String? = nil, tags: [String: String] = [:]
    ) throws(InvalidInput) -> NewSecret {
        try NewSecret(
            id: SecretID(arn: "arn:x"), name: SecretName("a"), description: description, type: type, tags: tags)
    }

    private static func text(_ count: Int) -> String { String(repeating: "x", count: count) }

    private static func tags(_ count: Int) -> [String: String] {
        Dictionary(uniqueKeysWithValues: (0..<count).map { ("tag\($0)", "") })
    }

    @Test("what lies within AWS's limits is taken as it is")
    func limits() throws {
        let secret = try make(description: Self.text(2048), type: Self.text(256), tags: Self.tags(50))
        #expect(secret.description == Self.text(2048) && secret.type == Self.text(256) && secret.tags == Self.tags(50))
        let tags = [Self.text(128): Self.text(256)]
        #expect(try make(tags: tags).tags == tags)
    }

    @Test("an empty description is none")
    func emptyDescription() throws {
        #expect(try make(description: "").description == nil)
        #expect(try make(description: " ").description == " ")
    }

    @Test("what lies beyond them is refused by its field")
    func beyond() {
        #expect(refusal { try make(description: Self.text(2049)) }?.field == "Description")
        #expect(refusal { try make(type: "") }?.field == "Type")
        #expect(refusal { try make(type: Self.text(257)) }?.field == "Type")
        #expect(refusal { try make(tags: Self.tags(51)) }?.field == "Tags")
        #expect(refusal { try make(tags: ["": "x"]) }?.field == "Tags")
        #expect(refusal { try make(tags: [Self.text(129): "x"]) }?.field == "Tags")
        #expect(refusal { try make(tags: ["x": Self.text(257)]) }?.field == "Tags")
    }

    @Test("characters that are joined into one still count")
    func combiningMarks() {
        let marks = "e" + String(repeating: "\u{301}", count: 5000)
        #expect(refusal { try make(description: marks) }?.field == "Description")
        #expect(refusal { try make(type: marks) }?.field == "Type")
        #expect(refusal { try make(tags: [marks: "x"]) }?.field == "Tags")
        #expect(refusal { try make(tags: ["x": marks]) }?.field == "Tags")
    }
}
