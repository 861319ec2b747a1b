import KeyturnCore
import KeyturnSimulation
import KeyturnTesting
import Testing

@Suite("TZif files") struct TZifTests {
    /// A file of version 2 in parts that a test can spoil.
    private struct File {
        var magic = "TZif"
        var version = UInt8(ascii: "2")
        var leapCount: UInt32 = 0
        var times: [Int64] = [1_000_000, 2_000_000]
        var kinds: [UInt8] = [1, 0]
        var offsets: [Int32] = [3600, 7200]
        var standardCount: UInt32 = 0
        var footer = "\nCET-1\n"

        var bytes: [UInt8] {
            header(0, 0, 1) + Array(repeating: 0, count: 6) + [0]
                + header(UInt32(times.count), standardCount, UInt32(offsets.count))
                + times.flatMap { big(UInt64(bitPattern: $0), 8) } + kinds
                + offsets.flatMap { big(UInt64(UInt32(bitPattern: $0)), 4) + [0, 0] } + [0]
                + Array(repeating: 0, count: Int(standardCount) + Int(leapCount) * 12) + Array(footer.utf8)
        }

        private func header(_ times: UInt32, _ standard: UInt32, _ types: UInt32) -> [UInt8] {
            let counts: [UInt32] = [0, standard, times == 0 && types == 1 ? 0 : leapCount, times, types, 1]
            return Array(magic.utf8) + [version] + Array(repeating: 0, count: 15)
                + counts.flatMap { big(UInt64($0), 4) }
        }

        private func big(_ value: UInt64, _ count: Int) -> [UInt8] {
            (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> UInt64($0 * 8)) }
        }
    }

    @Test("transitions, the first offset and the TZ string are read")
    func reads() throws {
        let rules = try TimeZoneRules(tzif: File().bytes)
        let expected = try TimeZoneRules(
            initialOffset: 3600,
            transitions: [
                TimeZoneRules.Transition(at: UTCInstant(millisecondsSinceEpoch: 1_000_000_000), offset: 7200),
                TimeZoneRules.Transition(at: UTCInstant(millisecondsSinceEpoch: 2_000_000_000), offset: 3600),
            ], tzString: "CET-1")
        #expect(rules == expected)
        var file = File()
        file.footer = "\n\n"
        #expect(try TimeZoneRules(tzif: file.bytes).offset(at: utc("2200-01-01")) == 3600)
        file.version = UInt8(ascii: "4")
        file.standardCount = 2
        #expect(throws: Never.self) { try TimeZoneRules(tzif: file.bytes) }
    }

    @Test("the beginning and the end of time, as zic marks them, are no transitions")
    func beginningOfTime() throws {
        var file = File()
        file.times = [-(1 << 59), 2_000_000, 1 << 59]
        file.kinds = [1, 0, 1]
        let rules = try TimeZoneRules(tzif: file.bytes)
        #expect(rules.initialOffset == 7200 && rules.transitions.map(\.offset) == [3600])
    }

    @Test("a file that is wrong is refused with the place")
    func refuses() {
        func error(_ change: (inout File) -> Void) -> TimeZoneError? {
            var file = File()
            change(&file)
            return #expect(throws: TimeZoneError.self) { try TimeZoneRules(tzif: file.bytes) }
        }
        #expect(error { $0.magic = "TZIF" } == TimeZoneError("this is no TZif file", position: 0))
        #expect(error { $0.version = 0 }?.message.hasPrefix("TZif version 1") == true)
        #expect(error { $0.leapCount = 1 }?.message.hasPrefix("the file counts leap seconds") == true)
        #expect(error { $0.offsets = [] }?.message == "the counts of the header do not fit")
        #expect(error { $0.standardCount = 1 }?.message == "the counts of the header do not fit")
        #expect(error { $0.kinds = [0, 2] }?.message == "a transition has no type")
        #expect(error { $0.times = [2, 1] }?.message == "the transitions are not in ascending order")
        #expect(error { $0.times = [1, 1] }?.message == "the transitions are not in ascending order")
        #expect(error { $0.offsets = [0, .min] }?.message == "an offset is not between -25 and 26 hours")
        #expect(error { $0.footer = "" }?.message == "the TZ string at the end is missing")
        #expect(error { $0.footer = "\nCET-1" }?.message == "the TZ string at the end is missing")
        #expect(error { $0.footer = "\nCET\n" } != nil)
        #expect(throws: TimeZoneError.self) { try TimeZoneRules(tzif: []) }
        #expect(throws: TimeZoneError.self) { try TimeZoneRules(tzif: Array(repeating: 0, count: 70_000)) }
    }

    @Test("a file that is cut off anywhere is refused")
    func cutOff() {
        let bytes = File().bytes
        for count in 0..<bytes.count {
            #expect(throws: TimeZoneError.self) { try TimeZoneRules(tzif: Array(bytes.prefix(count))) }
        }
    }

    @Test("spoilt bytes never crash the reader, nor what it makes", arguments: 0..<20 as Range<UInt64>)
    func spoilt(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        for _ in 0..<200 {
            var bytes = File().bytes
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let rules = try? TimeZoneRules(tzif: bytes) else { continue }
            #expect(abs(try rules.offset(at: utc("2030-01-01"))) <= 94_000, "seed \(seed)")
        }
    }
}
