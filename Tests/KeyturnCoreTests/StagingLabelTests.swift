import KeyturnCore
import Testing

@Suite("StagingLabel") struct StagingLabelTests {
    @Test(
        "1 to 256 printable characters make a label",
        arguments: [
            "a", "AWSSOMETHING", "with blank", "é€😀", String(repeating: "l", count: 256),
            String(repeating: "é", count: 256),
        ])
    func legal(text: String) throws {
        #expect(try StagingLabel(text).text == text)
        #expect(try StagingLabel(text).description == text)
    }

    @Test(
        "anything else is refused",
        arguments: ["", "a\nb", "\0", "\u{7f}", "\u{85}", String(repeating: "l", count: 257)])
    func illegal(text: String) {
        #expect(refusal { try StagingLabel(text) }?.field == "VersionStage")
    }

    @Test("characters that are joined into one still count")
    func combiningMarks() {
        #expect(refusal { try StagingLabel("e" + String(repeating: "\u{301}", count: 1000)) }?.field == "VersionStage")
    }

    @Test("labels that only look alike are two labels")
    func lookalikes() throws {
        #expect(try StagingLabel("caf\u{e9}") != StagingLabel("cafe\u{301}"))
    }

    @Test("AWS's three labels are what their names say, and a label is case-sensitive")
    func known() throws {
        #expect(try StagingLabel("AWSCURRENT") == .current)
        #expect(try StagingLabel("AWSPREVIOUS") == .previous)
        #expect(try StagingLabel("AWSPENDING") == .pending)
        #expect(try StagingLabel("awscurrent") != .current)
    }

    @Test("labels are ordered by their characters")
    func order() throws {
        let labels: [StagingLabel] = [try StagingLabel("a"), .previous, .pending, .current, try StagingLabel("Z")]
        #expect(labels.sorted().map(\.text) == ["AWSCURRENT", "AWSPENDING", "AWSPREVIOUS", "Z", "a"])
    }
}
