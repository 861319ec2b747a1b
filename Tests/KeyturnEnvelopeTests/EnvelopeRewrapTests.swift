import KeyturnCore
import KeyturnEnvelope
import Testing

@Suite("Envelope, re-wrapping") struct EnvelopeRewrapTests {
    private static let value = "the value"
    private static let tail = 12 + value.utf8.count + 16

    /// A key file with only the primary key of `sample`'s file.
    private static func withoutOldKeys(_ sample: SealSample) throws -> Envelope {
        let only = try KeyFileSample()
        let first = try #require(try sample.keys.text().split(separator: "\n").first)
        try only.rewrite(first + "\n")
        return Envelope(keys: try only.opened())
    }

    @Test("a copy under the primary key is added, the sealed value stays byte for byte, and both keys open it")
    func adding() throws {
        let sample = try SealSample()
        let old = sample.envelope.primaryKeyID
        let record = try sample.seal(Self.value)
        let oldFile = try KeyFileSample()
        try oldFile.rewrite(try sample.keys.text())
        let rotated = try EnvelopeTests.rotated(sample)
        let both = try #require(try rotated.addingPrimaryCopy(to: record, of: sample.secret, sample.version))
        #expect(both.suffix(Self.tail) == record.suffix(Self.tail))
        #expect(try Envelope.keyIDs(of: both) == [old, rotated.primaryKeyID])
        for envelope in [Envelope(keys: try oldFile.opened()), rotated, try Self.withoutOldKeys(sample)] {
            #expect(plaintext(try envelope.open(both, of: sample.secret, sample.version).bytes) == Self.value)
        }
    }

    @Test("dropping leaves the primary copy alone, which opens without the old key")
    func dropping() throws {
        let sample = try SealSample()
        let record = try sample.seal(Self.value)
        let rotated = try EnvelopeTests.rotated(sample)
        let both = try #require(try rotated.addingPrimaryCopy(to: record, of: sample.secret, sample.version))
        let one = try #require(try rotated.droppingOtherCopies(from: both, of: sample.secret, sample.version))
        #expect(one.suffix(Self.tail) == record.suffix(Self.tail))
        #expect(try Envelope.keyIDs(of: one) == [rotated.primaryKeyID])
        let alone = try Self.withoutOldKeys(sample)
        #expect(plaintext(try alone.open(one, of: sample.secret, sample.version).bytes) == Self.value)
        #expect(alone.primaryKeyID == rotated.primaryKeyID)
    }

    @Test("doing either twice changes nothing, and dropping without a primary copy does nothing")
    func idempotence() throws {
        let sample = try SealSample()
        let record = try sample.seal(Self.value)
        #expect(try sample.envelope.addingPrimaryCopy(to: record, of: sample.secret, sample.version) == nil)
        #expect(try sample.envelope.droppingOtherCopies(from: record, of: sample.secret, sample.version) == nil)
        let rotated = try EnvelopeTests.rotated(sample)
        #expect(try rotated.droppingOtherCopies(from: record, of: sample.secret, sample.version) == nil)
        let both = try #require(try rotated.addingPrimaryCopy(to: record, of: sample.secret, sample.version))
        #expect(try rotated.addingPrimaryCopy(to: both, of: sample.secret, sample.version) == nil)
        let one = try #require(try rotated.droppingOtherCopies(from: both, of: sample.secret, sample.version))
        #expect(try rotated.droppingOtherCopies(from: one, of: sample.secret, sample.version) == nil)
    }

    @Test("however often the key is replaced without dropping, a record has at most the four newest copies")
    func atMostFour() throws {
        let sample = try SealSample()
        var record = try sample.seal(Self.value)
        let keys = try sample.keys.opened()
        let envelope = Envelope(keys: keys)
        for round in 1...6 {
            try keys.addPrimaryKey(now: start)
            record = try #require(try envelope.addingPrimaryCopy(to: record, of: sample.secret, sample.version))
            let expected = Array(keys.keyIDs.prefix(min(round + 1, 4)).reversed())
            #expect(try Envelope.keyIDs(of: record) == expected)
            #expect(plaintext(try envelope.open(record, of: sample.secret, sample.version).bytes) == Self.value)
        }
    }

    @Test("other copies are not dropped while the primary copy does not open the value")
    func provenFirst() throws {
        let sample = try SealSample()
        let record = try sample.seal(Self.value)
        let rotated = try EnvelopeTests.rotated(sample)
        var both = try #require(try rotated.addingPrimaryCopy(to: record, of: sample.secret, sample.version))
        both[both.count - Self.tail - 1] ^= 1
        #expect(
            isCorrupted(
                envelopeError { try rotated.droppingOtherCopies(from: both, of: sample.secret, sample.version) }))
    }

    @Test("no copy is added to a record of another version")
    func binding() throws {
        let sample = try SealSample()
        let record = try sample.seal(Self.value)
        let rotated = try EnvelopeTests.rotated(sample)
        let other = try versionID("v2")
        #expect(isCorrupted(envelopeError { try rotated.addingPrimaryCopy(to: record, of: sample.secret, other) }))
    }
}
