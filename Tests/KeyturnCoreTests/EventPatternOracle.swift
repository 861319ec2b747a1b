import Foundation
import KeyturnCore

/// Answers whether a pattern matches an event in another way than `EventPattern`: the event is cut into its leaves, and
/// every choice of leaves for the pattern's fields is tried. For small patterns only.
struct EventPatternOracle {
    /// A value with the names above it, and which element of which array each name was found in.
    private struct Leaf {
        let path: [String]
        let value: JSONDocument
        let elements: [String: Int]
    }

    private typealias Rule = [(path: [String], values: [JSONDocument])]

    private let leaves: [Leaf]

    init(_ event: JSONDocument) {
        var found: [Leaf] = []
        Self.cut(event, path: [], place: "", crossed: [:], above: [:], into: &found)
        leaves = found
    }

    func matches(_ pattern: JSONDocument) -> Bool {
        Self.rules(pattern, path: []).contains { rule in choose(rule[...], [:]) }
    }

    /// - Parameters:
    ///   - crossed: Elements chosen since the last name; they count for what is below a name, not for a value itself.
    ///   - above: Elements chosen above the last name.
    private static func cut(
        _ value: JSONDocument, path: [String], place: String, crossed: [String: Int], above: [String: Int],
        into leaves: inout [Leaf]
    ) {
        switch value {
        case .object(let members):
            for member in members {
                cut(
                    member.value, path: path + [member.key], place: place + "/" + member.key, crossed: [:],
                    above: above.merging(crossed) { $1 }, into: &leaves)
            }
        case .array(let elements):
            for (index, element) in elements.enumerated() {
                cut(
                    element, path: path, place: "\(place)#\(index)", crossed: crossed.merging([place: index]) { $1 },
                    above: above, into: &leaves)
            }
        case .null, .flag, .number, .string: leaves.append(Leaf(path: path, value: value, elements: above))
        }
    }

    private static func rules(_ pattern: JSONDocument, path: [String]) -> [Rule] {
        guard case .object(let members) = pattern else { return [] }
        return members.reduce([[]]) { rules, member in
            let more: [Rule]
            switch member.value {
            case .array(let choices) where member.key == "$or": more = choices.flatMap { Self.rules($0, path: path) }
            case .array(let values): more = [[(path + [member.key], values)]]
            case .object, .null, .flag, .number, .string: more = Self.rules(member.value, path: path + [member.key])
            }
            return rules.flatMap { rule in more.map { rule + $0 } }
        }
    }

    private func choose(_ rest: Rule.SubSequence, _ chosen: [String: Int]) -> Bool {
        guard let (path, values) = rest.first else { return true }
        if values.contains(where: Self.isAbsence), !leaves.contains(where: { $0.path == path }) {
            return choose(rest.dropFirst(), chosen)
        }
        return leaves.contains { leaf in
            leaf.path == path && values.contains { Self.accepts($0, leaf.value) }
                && leaf.elements.allSatisfy { chosen[$0] == nil || chosen[$0] == $1 }
                && choose(rest.dropFirst(), chosen.merging(leaf.elements) { $1 })
        }
    }

    private static func isAbsence(_ value: JSONDocument) -> Bool { value.text == #"{"exists":false}"# }

    private static func accepts(_ wanted: JSONDocument, _ value: JSONDocument) -> Bool {
        switch wanted {
        case .object(let members):
            guard let member = members.first else { return false }
            return accepts(member.key, member.value, value)
        case .number(let number):
            if case .number(let other) = value { return Double(number.description) == Double(other.description) }
            return false
        case .null, .flag, .string, .array: return wanted.text == value.text
        }
    }

    private static func accepts(_ comparison: String, _ wanted: JSONDocument, _ value: JSONDocument) -> Bool {
        if comparison == "exists" { return wanted.text == "true" }
        if comparison == "anything-but" {
            switch wanted {
            case .array(let several): return several.allSatisfy { !accepts($0, value) }
            case .object(let members):
                return members.allSatisfy { member in
                    if case .array(let several) = member.value {
                        return several.allSatisfy { !accepts(member.key, $0, value) }
                    }
                    return !accepts(member.key, member.value, value)
                }
            case .null, .flag, .number, .string: return !accepts(wanted, value)
            }
        }
        if comparison == "numeric", case .array(let terms) = wanted, case .number(let number) = value {
            let numbers = terms.map { Double($0.text) ?? 0 }
            let actual = Double(number.description) ?? 0
            return stride(from: 0, to: terms.count, by: 2).allSatisfy { index in
                switch terms[index].text {
                case #""=""#: actual == numbers[index + 1]
                case #""<""#: actual < numbers[index + 1]
                case #""<=""#: actual <= numbers[index + 1]
                case #"">""#: actual > numbers[index + 1]
                case _: actual >= numbers[index + 1]
                }
            }
        }
        guard case .string(let text) = value else { return false }
        if case .object(let members) = wanted, let inner = members.first, case .string(let affix) = inner.value {
            return accepts(comparison, .string(affix.lowercased()), .string(text.lowercased()))
        }
        guard case .string(let wanted) = wanted else { return false }
        switch comparison {
        case "prefix": return text.hasPrefix(wanted)
        case "suffix": return text.hasSuffix(wanted)
        case "equals-ignore-case": return text.uppercased() == wanted.uppercased()
        case "wildcard": return isWild(Array(wanted)[...], Array(text)[...])
        case _: return isInBlock(text, wanted)
        }
    }

    private static func isWild(_ pattern: ArraySlice<Character>, _ text: ArraySlice<Character>) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        if first == "*" {
            return isWild(pattern.dropFirst(), text) || !text.isEmpty && isWild(pattern, text.dropFirst())
        }
        let rest = first == "\\" ? pattern.dropFirst() : pattern
        return text.first == rest.first && !text.isEmpty && isWild(rest.dropFirst(), text.dropFirst())
    }

    /// Version 4 alone, as one number.
    private static func isInBlock(_ text: String, _ block: String) -> Bool {
        func number(_ text: Substring) -> UInt32? {
            let parts = text.split(separator: ".").compactMap { UInt32($0) }
            return parts.count == 4 ? parts.reduce(0) { $0 << 8 | $1 } : nil
        }
        let parts = block.split(separator: "/")
        guard let address = number(text[...]), let base = number(parts[0]), let bits = UInt32(parts[1]) else {
            return false
        }
        return bits == 0 || address >> (32 - bits) == base >> (32 - bits)
    }
}
