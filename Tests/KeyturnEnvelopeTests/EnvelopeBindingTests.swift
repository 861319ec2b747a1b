import KeyturnCore
import KeyturnEnvelope
import Testing

@Suite("EnvelopeBinding") struct EnvelopeBindingTests {
    private static func binding(_ id: String = "KTAKAAAAAAAAAAAAAAAA", _ attributes: String...) throws
        -> EnvelopeBinding
    {
        EnvelopeBinding(try AccessKeyID(id), attributes: attributes)
    }

    @Test("a record opens with the binding it was sealed with, and with no other")
    func accessKeys() throws {
        let sample = try SealSample()
        let binding = try Self.binding("KTAKAAAAAAAAAAAAAAAA", "app", "read-only")
        let record = try sample.envelope.seal(.binary(secretBytes("the key")), boundTo: binding)
        #expect(plaintext(try sample.envelope.open(record, boundTo: binding).bytes) == "the key")
        for other in [
            try Self.binding("KTAKAAAAAAAAAAAAAAAB", "app", "read-only"), try Self.binding(),
            try Self.binding("KTAKAAAAAAAAAAAAAAAA", "app", "admin"),
            // Where one attribute ends is part of it.
            try Self.binding("KTAKAAAAAAAAAAAAAAAA", "appread-only"),
            try Self.binding("KTAKAAAAAAAAAAAAAAAA", "appr", "ead-only"),
            EnvelopeBinding(sample.secret, sample.version),
        ] {
            #expect(isCorrupted(envelopeError { try sample.envelope.open(record, boundTo: other) }))
            #expect(
                isCorrupted(
                    envelopeError { try EnvelopeTests.rotated(sample).addingPrimaryCopy(to: record, boundTo: other) }))
        }
    }

    @Test("a version's record is bound as it always was, and is none of a key's")
    func versions() throws {
        let sample = try SealSample()
        let record = try sample.seal("value")
        let binding = EnvelopeBinding(sample.secret, sample.version)
        #expect(plaintext(try sample.envelope.open(record, boundTo: binding).bytes) == "value")
        #expect(isCorrupted(envelopeError { try sample.envelope.open(record, boundTo: try Self.binding()) }))
    }
}
