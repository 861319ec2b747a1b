import KeyturnCore
import Yams

/// A part of the configuration, which refuses what it does not know.
struct ConfigurationNode {
    private let node: Node?
    private let place: String
    private let file: String

    init(_ node: Node?, file: String) { self.init(node, place: "", file: file) }

    private init(_ node: Node?, place: String, file: String) {
        self.node = node
        self.place = place
        self.file = file
    }

    /// Refuses keys that are not in the list, with the nearest one that is.
    func allow(_ keys: [String]) throws(CommandFailure) {
        guard let node else { return }
        // An empty section is a null scalar.
        if node.scalar?.string.isEmpty ?? false || node.scalar?.string == "null" { return }
        guard let mapping = node.mapping else { throw failure("is not a group of keys", "write key: value pairs") }
        for (key, _) in mapping {
            let name = key.string ?? "?"
            guard keys.contains(name) else {
                let nearest = EditDistance.nearest(to: name, in: keys)
                throw failure(
                    "holds the unknown key \"\(name)\"",
                    nearest.map { "did you mean \($0)?" } ?? "known here: \(keys.joined(separator: ", "))")
            }
        }
    }

    func section(_ key: String, allowing keys: [String]) throws(CommandFailure) -> ConfigurationNode {
        let section = ConfigurationNode(node?.mapping?[Node(key)], place: path(key), file: file)
        try section.allow(keys)
        return section
    }

    func text(_ key: String) throws(CommandFailure) -> String? {
        guard let value = node?.mapping?[Node(key)] else { return nil }
        guard let text = value.scalar?.string, !text.isEmpty, !text.contains("\0") else {
            throw ConfigurationNode(value, place: path(key), file: file).failure("is not a text", "write one value")
        }
        return text
    }

    /// A text that has to be there.
    func required(_ key: String, _ next: String) throws(CommandFailure) -> String {
        guard let text = try text(key) else { throw failure(of: key, "is missing", next) }
        return text
    }

    /// What is made of a key's text, with the key's place in the error.
    /// - Parameter key: Nil if the error names the key.
    func checked<Value>(
        _ key: String?, _ make: () throws(InvalidInput) -> Value
    ) throws(CommandFailure) -> Value {
        do throws(InvalidInput) { return try make() } catch {
            throw failure(of: key ?? error.field, error.problem, error.remedy)
        }
    }

    func list(_ key: String) throws(CommandFailure) -> [ConfigurationNode] {
        guard let value = node?.mapping?[Node(key)] else { return [] }
        guard let sequence = value.sequence else {
            throw ConfigurationNode(value, place: path(key), file: file).failure("is not a list", "write [ … ]")
        }
        return sequence.enumerated().map { ConfigurationNode($1, place: "\(path(key))[\($0)]", file: file) }
    }

    /// One of a set of words.
    func word<Value>(_ key: String, _ words: [(String, Value)]) throws(CommandFailure) -> Value? {
        guard let text = try text(key) else { return nil }
        guard let match = words.first(where: { $0.0 == text }) else {
            throw ConfigurationNode(nil, place: path(key), file: file).failure(
                "is \"\(text)\"", "use one of \(words.map(\.0).joined(separator: ", "))")
        }
        return match.1
    }

    /// A whole number in a range.
    func number(_ key: String, _ range: ClosedRange<Int>) throws(CommandFailure) -> Int? {
        guard let text = try text(key) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw ConfigurationNode(nil, place: path(key), file: file).failure(
                "is \"\(text)\"", "use a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// `500ms`, `5s`, `2m`, `1h`, `3d`.
    func duration(_ key: String, _ range: ClosedRange<Duration>) throws(CommandFailure) -> Duration? {
        guard let text = try text(key) else { return nil }
        guard let duration = Duration(written: text), range.contains(duration) else {
            throw ConfigurationNode(nil, place: path(key), file: file).failure(
                "is \"\(text)\"", "use a time from \(range.lowerBound.short) to \(range.upperBound.short), such as 5s")
        }
        return duration
    }

    /// ISO 8601, as `2026-12-20T00:00:00Z`.
    func instant(_ key: String) throws(CommandFailure) -> UTCInstant {
        let text = try text(key) ?? ""
        guard let instant = UTCInstant(written: text) else {
            throw ConfigurationNode(nil, place: path(key), file: file).failure(
                text.isEmpty ? "is missing" : "is \"\(text)\"", "write a time such as \"2026-12-20T00:00:00Z\"")
        }
        return instant
    }

    /// What YAML says, as JSON would: texts in quotes and what JSON has no other form for are texts.
    func document(_ key: String) throws(CommandFailure) -> JSONDocument? {
        guard let value = node?.mapping?[Node(key)] else { return nil }
        var nodesLeft = Self.mostNodes
        return try ConfigurationNode(value, place: path(key), file: file).document(value, depth: 0, &nodesLeft)
    }

    /// YAML's aliases make much of little.
    private static let mostNodes = 4_096

    private func document(
        _ value: Node, depth: Int, _ nodesLeft: inout Int
    ) throws(CommandFailure) -> JSONDocument {
        nodesLeft -= 1
        guard nodesLeft >= 0, depth <= JSONDocument.deepest else { throw failure("is too large", "make it smaller") }
        if let sequence = value.sequence {
            var elements: [JSONDocument] = []
            for element in sequence { elements.append(try document(element, depth: depth + 1, &nodesLeft)) }
            return .array(elements)
        }
        if let mapping = value.mapping {
            var members: [JSONDocument.Member] = []
            for (key, element) in mapping {
                guard let key = key.scalar?.string, !members.contains(where: { $0.key == key }) else {
                    throw failure("has a key that is no text, or is there twice", "write key: value pairs")
                }
                members.append(.init(key: key, value: try document(element, depth: depth + 1, &nodesLeft)))
            }
            return .object(members)
        }
        guard let scalar = value.scalar else { throw failure("can't be read", "mend it") }
        guard scalar.style == .plain else { return .string(scalar.string) }
        switch scalar.string {
        case "null", "~", "": return .null
        case "true": return .flag(true)
        case "false": return .flag(false)
        case let text: return JSONNumber(text).map(JSONDocument.number) ?? .string(text)
        }
    }

    private func path(_ key: String) -> String { place.isEmpty ? key : "\(place).\(key)" }

    /// What is wrong with the value of a key.
    func failure(of key: String, _ problem: String, _ next: String) -> CommandFailure {
        ConfigurationNode(nil, place: path(key), file: file).failure(problem, next)
    }

    func failure(_ problem: String, _ next: String) -> CommandFailure {
        ConfigurationFile.failure(file, "\(place.isEmpty ? "the file" : place) \(problem)", next)
    }
}

/// How far two words are apart, for suggestions.
enum EditDistance {
    /// The nearest of the candidates, nil if none is near.
    static func nearest(to word: String, in candidates: [String]) -> String? {
        let ranked = candidates.map { (distance(word, $0), $0) }.min { $0.0 < $1.0 }
        guard let ranked, ranked.0 <= max(2, word.count / 3) else { return nil }
        return ranked.1
    }

    /// Levenshtein's: insertions, deletions and replacements of one character.
    static func distance(_ left: String, _ right: String) -> Int {
        let right = Array(right)
        var row = Array(0...right.count)
        for (i, character) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for j in right.indices {
                let cost = diagonal + (character == right[j] ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(cost, diagonal + 1, row[j] + 1)
            }
        }
        return row[right.count]
    }
}
