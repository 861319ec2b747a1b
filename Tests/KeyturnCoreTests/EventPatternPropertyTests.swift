import KeyturnCore
import KeyturnSimulation
import Testing

@Suite("EventPattern against its oracle") struct EventPatternPropertyTests {
    /// Draws small patterns and events from few names and values, so that they often meet.
    private struct Draw {
        var random: SeededRandom
        private static let names = ["a", "b", "c"]
        private static let texts = ["", "a", "ab", "aB", "ba", "AB", "a*", "10.0.0.1", "10.0.1.1"]
        private static let numbers = ["0", "1", "1.0", "-1", "10", "1e1", "2.5"]

        mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &random) }
        mutating func pick(_ choices: [String]) -> String { choices[below(choices.count)] }
        mutating func several(_ limit: Int, _ make: (inout Draw) -> JSONDocument) -> [JSONDocument] {
            (0..<(1 + below(limit))).map { _ in make(&self) }
        }

        mutating func number() -> JSONDocument { JSONNumber(pick(Self.numbers)).map(JSONDocument.number) ?? .null }
        mutating func text() -> JSONDocument { .string(pick(Self.texts)) }

        mutating func scalar() -> JSONDocument {
            switch below(6) {
            case 0: .null
            case 1: .flag(below(2) == 0)
            case 2, 3: number()
            case _: text()
            }
        }

        mutating func object(fields: Int, _ make: (inout Draw) -> JSONDocument) -> JSONDocument {
            let names = Self.names.shuffled(using: &random).prefix(1 + below(fields))
            return .object(names.map { .init(key: $0, value: make(&self)) })
        }

        mutating func event(_ depth: Int = 0) -> JSONDocument { object(fields: 3) { $0.eventValue(depth) } }

        private mutating func eventValue(_ depth: Int) -> JSONDocument {
            switch below(depth > 2 ? 5 : 9) {
            case 0: .array((0..<below(3)).map { _ in scalar() })
            case 1...4: scalar()
            case 5, 6: event(depth + 1)
            case _: .array((0..<below(4)).map { _ in eventValue(depth + 1) })
            }
        }

        mutating func pattern(_ depth: Int = 0) -> JSONDocument {
            guard case .object(let members) = object(fields: 2, { $0.patternValue(depth) }), below(4) == 0, depth < 3
            else {
                return object(fields: 2) { $0.patternValue(depth) }
            }
            let choices = (0..<(2 + below(2))).map { _ in pattern(depth + 1) }
            return .object(members.dropLast(below(members.count)) + [.init(key: "$or", value: .array(choices))])
        }

        private mutating func patternValue(_ depth: Int) -> JSONDocument {
            if depth < 3, below(3) == 0 { return pattern(depth + 1) }
            return .array(several(3) { $0.below(2) == 0 ? $0.scalar() : $0.comparison() })
        }

        private mutating func comparison() -> JSONDocument {
            func of(_ key: String, _ value: JSONDocument) -> JSONDocument { .object([.init(key: key, value: value)]) }
            switch below(11) {
            case 0: return of(pick(["prefix", "suffix", "equals-ignore-case"]), text())
            case 1: return of(pick(["prefix", "suffix"]), of("equals-ignore-case", text()))
            case 2: return of("anything-but", below(2) == 0 ? number() : text())
            case 3: return of("anything-but", .array(several(3) { $0.number() }))
            case 4: return of("anything-but", .array(several(3) { $0.text() }))
            case 5:
                let words = several(2) { .string($0.pick(["a", "b", "ab", "B"])) }
                return of(
                    "anything-but", of(pick(["prefix", "suffix", "equals-ignore-case", "wildcard"]), .array(words)))
            case 6: return of("numeric", .array([.string(pick(["=", "<", "<=", ">", ">="])), number()]))
            case 7:
                let upper = JSONNumber("5").map(JSONDocument.number) ?? .null
                let lower = JSONNumber(pick(["-1", "0", "1", "2.5"])).map(JSONDocument.number) ?? .null
                return of("numeric", .array([.string(pick([">", ">="])), lower, .string(pick(["<", "<="])), upper]))
            case 8: return of("exists", .flag(below(2) == 0))
            case 9: return of("cidr", .string(pick(["10.0.0.0/24", "10.0.0.0/8", "0.0.0.0/0", "10.0.1.1/32"])))
            case _: return of("wildcard", .string(pick(["*", "a*", "*b", "a*b", "*a*", #"a\*"#, "", "10.*.1"])))
            }
        }
    }

    @Test("random patterns match random events where the oracle says so", arguments: 0..<12 as Range<UInt64>)
    func oracle(seed: UInt64) throws {
        var draw = Draw(random: SeededRandom(seed: seed))
        var counts = [true: 0, false: 0]
        for round in 0..<600 {
            let pattern = draw.pattern()
            let (built, read) = (try EventPattern(pattern), try EventPattern(pattern.text))
            for _ in 0..<4 {
                let event = draw.event()
                let expected = EventPatternOracle(event).matches(pattern)
                try #require(
                    built.matches(event) == expected, "seed \(seed), round \(round): \(pattern.text) on \(event.text)")
                try #require(try read.matches(json(event.text)) == expected, "seed \(seed), round \(round): as text")
                counts[expected, default: 0] += 1
            }
        }
        #expect(counts.values.allSatisfy { $0 > 100 }, "seed \(seed): both answers are common: \(counts)")
    }

    @Test("random bytes and damaged patterns never trap", arguments: 0..<8 as Range<UInt64>)
    func randomBytes(seed: UInt64) throws {
        var draw = Draw(random: SeededRandom(seed: seed))
        let event = try json(rotationEvent)
        let alphabet = Array(#"{}[]":,\u0d8e-+.tfn *$or"#.utf8) + [0x00, 0x80, 0xc3, 0xff]
        var accepted = 0
        for _ in 0..<800 {
            var bytes = Array(draw.pattern().text.utf8)
            for _ in 0..<draw.below(4) {
                let index = draw.below(bytes.count)
                if draw.below(2) == 0 {
                    bytes.remove(at: index)
                } else {
                    bytes[index] = alphabet[draw.below(alphabet.count)]
                }
            }
            guard let document = try? JSONDocument(bytes), let pattern = try? EventPattern(document) else { continue }
            accepted += 1
            _ = pattern.matches(event)
            _ = pattern.matches(document)
        }
        #expect(accepted > 50, "seed \(seed): \(accepted) were accepted")
    }
}
