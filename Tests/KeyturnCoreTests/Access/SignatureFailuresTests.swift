import Testing

@testable import KeyturnCore

@Suite("SignatureFailures") struct SignatureFailuresTests {
    private let now = AccessSample.now

    @Test("a second's worth of failures is looked at; then the network waits, and another does not")
    func rate() {
        var failures = SignatureFailures()
        for _ in 0..<SignatureFailures.rate {
            #expect(!failures.turnsAway("a", claiming: nil, at: now))
            failures.noteFailure("a", at: now)
        }
        #expect(failures.turnsAway("a", claiming: nil, at: now))
        #expect(failures.turnsAway("a", claiming: "unknown", at: now))
        #expect(!failures.turnsAway("b", claiming: nil, at: now))
        #expect(!failures.turnsAway("a", claiming: nil, at: now.advanced(by: .milliseconds(50))))
        failures.noteFailure("a", at: now.advanced(by: .milliseconds(50)))
        #expect(failures.turnsAway("a", claiming: nil, at: now.advanced(by: .milliseconds(50))))
    }

    @Test("whoever has signed well from a network is let in, whatever others of it do")
    func good() {
        var failures = SignatureFailures()
        failures.noteSuccess("a", key: "good", at: now)
        for _ in 0..<1_000 { failures.noteFailure("a", at: now) }
        #expect(!failures.turnsAway("a", claiming: "good", at: now))
        #expect(failures.turnsAway("a", claiming: "bad", at: now))
        for _ in 0..<1_000 { failures.noteFailure("b", at: now) }
        #expect(failures.turnsAway("b", claiming: "good", at: now), "from there it has not")
    }

    @Test("what is remembered is bounded, and the latest is kept")
    func bounded() {
        var failures = SignatureFailures()
        let most = SignatureFailures.mostEntries
        for index in 0..<(most * 2) {
            let later = now.advanced(by: .milliseconds(index / 100))
            for _ in 0..<2 { failures.noteFailure("n\(index)", at: later) }
            failures.noteSuccess("n", key: "k\(index)", at: later)
        }
        #expect(failures.entryCount.networks <= most && failures.entryCount.signers <= most)
        let end = now.advanced(by: .milliseconds(most * 2 / 100))
        for _ in 0..<1_000 { failures.noteFailure("n", at: end) }
        #expect(!failures.turnsAway("n", claiming: "k\(most * 2 - 1)", at: end))
        #expect(failures.turnsAway("n", claiming: "k0", at: end))
    }
}
