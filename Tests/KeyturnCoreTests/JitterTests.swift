import Testing

@testable import KeyturnCore

@Suite("Jitter") struct JitterTests {
    @Test("SipHash-2-4 gives its authors' test vectors")
    func vectors() {
        // Bytes 0, 1, 2 … under the key 00 01 … 0f, by number of bytes.
        let key: (UInt64, UInt64) = (0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908)
        let expected: [Int: UInt64] = [
            0: 0x726f_db47_dd0e_0e31, 1: 0x74f8_39c5_93dc_67fd, 7: 0xab02_00f5_8b01_d137, 8: 0x93f5_f579_9a93_2462,
            15: 0xa129_ca61_49be_45e5,
        ]
        for (count, hash) in expected {
            #expect(SipHash.hash((0..<count).map { UInt8($0) }, key: key) == hash, "\(count) bytes")
        }
    }

    @Test("the delay of a secret's occurrence never changes")
    func stable() throws {
        let offset = Jitter.offset(secret: "prod/orders", occurrence: try utc("2026-01-01"), within: .seconds(86_400))
        #expect(offset == .milliseconds(7_638_149))
    }

    @Test("a delay is at least zero and less than its limit, in whole milliseconds")
    func range() throws {
        let start = try utc("2026-01-01")
        for limit in [Duration.milliseconds(1), .milliseconds(7), .seconds(60), .seconds(86_400)] {
            for day in 0..<200 {
                let occurrence = start.advanced(by: .seconds(day * 86_400))
                let offset = Jitter.offset(secret: "s", occurrence: occurrence, within: limit)
                #expect(offset >= .zero && offset < limit && offset == .milliseconds(offset.wholeMilliseconds))
            }
        }
        for limit in [Duration.zero, .seconds(-1), .microseconds(999)] {
            #expect(Jitter.offset(secret: "s", occurrence: start, within: limit) == .zero)
        }
    }

    @Test("delays are spread evenly over secrets, and over the occurrences of one")
    func spread() throws {
        let start = try utc("2026-01-01")
        let bySecret = (0..<4000).map { ("prod/db-\($0)", start) }
        let byDay = (0..<4000).map { ("prod/orders", start.advanced(by: .seconds($0 * 86_400))) }
        for inputs in [bySecret, byDay] {
            var counts = Array(repeating: 0, count: 24)
            for (secret, occurrence) in inputs {
                let offset = Jitter.offset(secret: secret, occurrence: occurrence, within: .seconds(86_400))
                counts[Int(offset.wholeMilliseconds / 3_600_000)] += 1
            }
            // 167 an hour; five standard deviations either way.
            #expect(counts.allSatisfy { (103...231).contains($0) }, "\(counts)")
        }
    }
}
