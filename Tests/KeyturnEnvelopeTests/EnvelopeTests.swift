import KeyturnCore
import KeyturnEnvelope
import KeyturnSimulation
import KeyturnTesting
import Testing

@Suite("Envelope") struct EnvelopeTests {
    @Test("what was sealed is what opens, for every size", arguments: [1, 2, 15, 16, 17, 4096, 65_535, 65_536])
    func roundTrip(size: Int) throws {
        let sample = try SealSample()
        var random = SeededRandom(seed: UInt64(size))
        let bytes = (0..<size).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        for isText in [true, false] {
            let secret = bytes.withUnsafeBytes { SecretBytes(copying: $0) }
            let value: SecretValue = isText ? .string(secret) : .binary(secret)
            let record = try sample.envelope.seal(value, for: sample.secret, sample.version)
            let opened = try sample.envelope.open(record, of: sample.secret, sample.version)
            #expect(opened.isSame(as: value), "size \(size), text \(isText)")
        }
    }

    @Test("text does not open as bytes, nor bytes as text")
    func kinds() throws {
        let sample = try SealSample()
        for value in [SecretValue.string(secretBytes("same")), .binary(secretBytes("same"))] {
            var record = try sample.envelope.seal(value, for: sample.secret, sample.version)
            #expect(try sample.envelope.open(record, of: sample.secret, sample.version).isSame(as: value))
            record[6] ^= 1
            #expect(isCorrupted(sample.refusal(record)))
        }
    }

    @Test("a record opens only as the version of the secret that it was sealed for")
    func binding() throws {
        let sample = try SealSample()
        let record = try sample.seal("bound")
        let others: [(SecretID, VersionID)] = [
            (secretID("prod/other"), sample.version), (sample.secret, try versionID("v2")),
            (SecretID(arn: sample.secret.arn.lowercased()), sample.version),
            (SecretID(arn: sample.secret.arn + sample.version.text.prefix(1)), try versionID("1")),
        ]
        for (secret, version) in others {
            #expect(isCorrupted(envelopeError { try sample.envelope.open(record, of: secret, version) }))
        }
        #expect(try sample.open(record) == "bound")
    }

    @Test("a wrapped key that is moved to another record opens nothing there")
    func movedKey() throws {
        let sample = try SealSample()
        let first = try sample.seal("first")
        let second = try sample.seal("other")
        let tail = 12 + 5 + 16
        #expect(isCorrupted(sample.refusal(Array(first.dropLast(tail)) + second.suffix(tail))))
    }

    @Test("the same value sealed twice gives two records that share no key and no ciphertext")
    func fresh() throws {
        let sample = try SealSample()
        let records = try (0..<50).map { _ in try sample.seal("the same") }
        #expect(Set(records.map { Array($0.suffix(24)) }).count == 50)
        #expect(Set(records.map { Array($0.suffix(12 + 8 + 16).prefix(12)) }).count == 50, "a nonce is used once")
        #expect(Set(records.map { Array($0.dropLast(12 + 8 + 16).suffix(60)) }).count == 50)
    }

    @Test("neither plaintext nor a part of it appears in a record")
    func plaintextIsHidden() throws {
        let sample = try SealSample()
        let record = try sample.seal(String(repeating: "canary-7Qx", count: 100))
        #expect(!contains(record, Array("canary".utf8)))
        #expect(!contains(record, Array("7Qx".utf8)) || record.count < 100)
        let adding = try #require(
            try Self.rotated(sample).addingPrimaryCopy(to: record, of: sample.secret, sample.version))
        #expect(!contains(adding, Array("canary".utf8)))
    }

    @Test("a key that is not there is named, and a record under it does not open")
    func wrongKey() throws {
        let sample = try SealSample()
        let record = try sample.seal("locked away")
        let stranger = try SealSample()
        #expect(stranger.refusal(record) == .keyMissing(sample.envelope.primaryKeyID))
        #expect(try Envelope.keyIDs(of: record) == [sample.envelope.primaryKeyID])
        let secret = sample.secret
        let adding = envelopeError { try stranger.envelope.addingPrimaryCopy(to: record, of: secret, sample.version) }
        #expect(adding == .keyMissing(sample.envelope.primaryKeyID))
    }

    @Test("a data key wrapped under a key of the same name but other bytes is refused")
    func sameNameOtherKey() throws {
        let sample = try SealSample()
        let stranger = try SealSample()
        let record = try sample.seal("locked away")
        let (ours, theirs) = (Array(sample.envelope.primaryKeyID.utf8), Array(stranger.envelope.primaryKeyID.utf8))
        let renamed = Array(record[..<11]) + theirs + record[(11 + ours.count)...]
        #expect(isCorrupted(stranger.refusal(renamed)))
    }

    /// An envelope whose primary key is new and which still has the sample's key.
    static func rotated(_ sample: SealSample) throws -> Envelope {
        let keys = try sample.keys.opened()
        try keys.addPrimaryKey(now: start)
        return Envelope(keys: keys)
    }
}
