import Foundation

/// JSON that can be changed at any place into something that is JSON no more.
indirect enum JSONTree {
    case object([(name: String, value: JSONTree)])
    case array([JSONTree])
    /// As it stands in the text.
    case raw(String)

    /// Reads what is known to be JSON.
    init(_ text: String) throws {
        self.init(try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed))
    }

    private init(_ value: Any) {
        switch value {
        case let object as [String: Any]:
            self = .object(object.sorted { $0.key < $1.key }.map { (name: $0.key, value: JSONTree($0.value)) })
        case let array as [Any]: self = .array(array.map { JSONTree($0) })
        case _:
            // It came from JSON.
            let data = try? JSONSerialization.data(withJSONObject: value, options: .fragmentsAllowed)
            self = .raw(String(decoding: data ?? Data("null".utf8), as: UTF8.self))
        }
    }

    var text: String {
        switch self {
        case .object(let members):
            "{" + members.map { "\(Self.quoted($0.name)):\($0.value.text)" }.joined(separator: ",") + "}"
        case .array(let elements): "[" + elements.map(\.text).joined(separator: ",") + "]"
        case .raw(let text): text
        }
    }

    /// A name is written as it is if it already has quotes.
    private static func quoted(_ name: String) -> String { name.hasPrefix("\"") ? name : "\"\(name)\"" }

    /// What stands in the place of a value: other types, numbers and texts at and beyond the edges, and no JSON at all.
    static func strange(_ random: inout SeededRandom) -> String {
        let depth = random.pick([1, 15, 16, 17, 64, 10_000])
        let length = random.pick([0, 1, 31, 32, 64, 65, 256, 257, 512, 513, 2048, 4097, 65_537])
        return random.pick([
            "null", "true", "false", "0", "-0", "-1", "1e400", "-1e400", "1e-400", "0.5", "9223372036854775808", "01",
            "1.",
            "+1", "NaN", "Infinity", "{}", "[]", "[[]]", "[null]", "{\"\":\"\"}", "\"\"", #""\ud800""#,
            #""\udc00\ud800""#,
            #""\u0000""#, #""\ud83d\ude00""#, #""\x""#, "\"\u{0}\"", "\"\n\"", "'text'", "\"open", "\"\u{feff}\"",
            "\"arn:aws:secretsmanager:local:000000000000:secret:a\"", "\"arn:\"", "\"*\"", "\"../a\"", "\"a b\"",
            "\"" + String(repeating: "x", count: length) + "\"", "\"" + String(repeating: "ä", count: length) + "\"",
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth),
            String(repeating: "{\"a\":", count: depth) + "1" + String(repeating: "}", count: depth),
            String(repeating: "[", count: depth), String(repeating: "9", count: length + 1),
        ])
    }

    /// The same with one change somewhere.
    func changed(_ random: inout SeededRandom) -> JSONTree {
        if random.isOnce(in: 4) { return .raw(Self.strange(&random)) }
        switch self {
        case .raw: return .raw(Self.strange(&random))
        case .array(var elements):
            guard !elements.isEmpty else { return .array([.raw(Self.strange(&random))]) }
            let place = Int.random(in: elements.indices, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: elements.remove(at: place)
            case 1: elements = Array(repeating: elements[place], count: random.pick([2, 11, 21, 51, 2000]))
            case _: elements[place] = elements[place].changed(&random)
            }
            return .array(elements)
        case .object(var members):
            guard !members.isEmpty else { return .object([("a", .raw(Self.strange(&random)))]) }
            let place = Int.random(in: members.indices, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: members.remove(at: place)
            case 1: members.append(members[place])
            case 2:
                members.append((random.pick(["unknown", #""\u0053ecretId""#, #""\ud800""#, ""]), members[place].value))
            case _: members[place].value = members[place].value.changed(&random)
            }
            return .object(members)
        }
    }
}

/// The same bytes with some changes.
func changed(_ bytes: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        let rest = min(Int.random(in: 1...8, using: &random), bytes.count - place)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
        case 1: bytes.removeSubrange(place..<(place + rest))
        case 2: bytes.insert(contentsOf: bytes[place..<(place + rest)], at: place)
        case 3: bytes = Array(bytes.prefix(place))
        case _: if place < bytes.count { bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random) }
        }
    }
    return bytes
}
