import KeyturnCore
import KeyturnEnvelope
import KeyturnSimulation
import KeyturnTesting
import Testing

@Suite("Envelope, damaged records") struct EnvelopeDamageTests {
    @Test("no record opens after one of its bytes changed, whichever and however")
    func everyByte() throws {
        let sample = try SealSample()
        let record = try sample.seal("a value of some length")
        for index in record.indices {
            for mask in [0x01, 0x02, 0x03, 0x80, 0xff] as [UInt8] {
                var damaged = record
                damaged[index] ^= mask
                #expect(sample.refusal(damaged) != nil, "byte \(index) ^ \(mask) opened")
            }
        }
        #expect(try sample.open(record) == "a value of some length")
    }

    @Test("no byte can be given any other value in the header")
    func everyHeaderValue() throws {
        let sample = try SealSample()
        let record = try sample.seal("v")
        for index in 0..<11 {
            for byte in UInt8.min...UInt8.max where byte != record[index] {
                var damaged = record
                damaged[index] = byte
                #expect(sample.refusal(damaged) != nil, "byte \(index) = \(byte) opened")
            }
        }
    }

    @Test("no record opens that is cut short or goes on")
    func everyTruncation() throws {
        let sample = try SealSample()
        let record = try sample.seal("a value of some length")
        for length in record.indices {
            #expect(isCorrupted(sample.refusal(Array(record[..<length]))), "\(length) of \(record.count) bytes opened")
            #expect(sample.refusal(Array(record[length...].dropFirst())) != nil)
        }
        #expect(isCorrupted(sample.refusal(record + [0])))
        #expect(isCorrupted(sample.refusal(record + record)))
    }

    @Test("random bytes are refused and never trap", arguments: 1...20 as ClosedRange<UInt64>)
    func garbage(seed: UInt64) throws {
        let sample = try SealSample()
        var random = SeededRandom(seed: seed)
        let header = Array("KTS1".utf8) + [1, 1, 0, 1]
        for round in 0..<300 {
            var bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in
                UInt8.random(in: .min ... .max, using: &random)
            }
            if round % 2 == 0 { bytes = header.prefix(Int.random(in: 0...8, using: &random)) + bytes }
            if round % 4 == 0, bytes.count > 7 { bytes[7] = UInt8.random(in: 0...5, using: &random) }
            Self.expectRefusal(of: bytes, by: sample, "seed \(seed), round \(round)")
        }
    }

    @Test(
        "a damaged record with many damaged bytes is refused and never traps", arguments: 1...20 as ClosedRange<UInt64>)
    func mutations(seed: UInt64) throws {
        let sample = try SealSample()
        var random = SeededRandom(seed: seed)
        let rotated = try EnvelopeTests.rotated(sample)
        let record = try rotated.seal(.string(secretBytes("value")), for: sample.secret, sample.version)
        for round in 0..<200 {
            var bytes = record
            // The tail is hit each time: a value opens though a copy of its key that is not used is damaged.
            bytes[Int.random(in: (bytes.count - 33)..<bytes.count, using: &random)] ^= 0x10
            for _ in 0..<Int.random(in: 0...6, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
            }
            if bytes.suffix(33) == record.suffix(33) { continue }
            Self.expectRefusal(of: bytes, by: sample, "seed \(seed), round \(round)")
        }
    }

    @Test(
        "a record whose lengths lie is refused",
        arguments: [
            [1, 0xff, 0xff], [1, 0, 0, 0, 0], [1, 0, 1, 0x61, 0xff, 0xff], [1, 0, 2, 0xc3, 0x28, 0, 0],
            [1, 0, 1, 0x61, 0, 0], [0, 0, 1, 0x61, 0, 0], [2, 0, 1, 0x61, 0, 0],
        ] as [[UInt8]])
    func lengths(copy: [UInt8]) throws {
        let sample = try SealSample()
        let record = Array("KTS1".utf8) + [1, 1, 0, 1] + copy + [UInt8](repeating: 7, count: 28)
        Self.expectRefusal(of: record, by: sample, "\(copy)")
    }

    @Test("no copy, or more than four, is refused", arguments: [0, 5, 6, 255] as [UInt8])
    func copyCount(count: UInt8) throws {
        let sample = try SealSample()
        var record = try sample.seal("value")
        record[7] = count
        #expect(isCorrupted(sample.refusal(record)))
        #expect(isCorrupted(envelopeError { try Envelope.keyIDs(of: record) }))
    }

    private static func expectRefusal(of bytes: [UInt8], by sample: SealSample, _ what: String) {
        let (envelope, secret, version) = (sample.envelope, sample.secret, sample.version)
        #expect(sample.refusal(bytes) != nil, "\(what) opened")
        // Reading or re-wrapping may succeed on a header that is whole; all that matters is that it comes back.
        _ = envelopeError { try Envelope.keyIDs(of: bytes) }
        _ = envelopeError { try envelope.addingPrimaryCopy(to: bytes, of: secret, version) }
        _ = envelopeError { try envelope.droppingOtherCopies(from: bytes, of: secret, version) }
    }
}
