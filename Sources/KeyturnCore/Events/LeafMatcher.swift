/// One comparison of a pattern with a value that is no array and no object.
indirect enum LeafMatcher: Sendable {
    /// `null`
    case null
    /// `true` or `false`
    case flag(Bool)
    /// The same number, however it is written.
    case number(JSONNumber)
    /// A string's text.
    case text(TextMatcher)
    /// A number in a range.
    case numeric(NumericRange)
    /// A string that is an address in a block.
    case address(AddressBlock)
    /// Anything at all (`exists: true`).
    case anything
    /// Anything that none of these accepts.
    case anythingBut([LeafMatcher])

    /// Whether a value matches.
    func accepts(_ value: JSONDocument) -> Bool {
        switch self {
        case .anything: return true
        case .anythingBut(let others): return !others.contains { $0.accepts(value) }
        case .null:
            if case .null = value { return true }
            return false
        case .flag(let wanted):
            if case .flag(let flag) = value { return flag == wanted }
            return false
        case .number(let wanted):
            if case .number(let number) = value { return number == wanted }
            return false
        case .numeric(let range):
            if case .number(let number) = value { return range.contains(number) }
            return false
        case .text(let matcher):
            if case .string(let text) = value { return matcher.accepts(text) }
            return false
        case .address(let block):
            if case .string(let text) = value { return block.contains(text) }
            return false
        }
    }
}

/// A comparison of a string, by bytes.
enum TextMatcher: Sendable {
    case exactly([UInt8])
    case prefix([UInt8])
    case suffix([UInt8])
    case exactlyIgnoringCase([UInt8])
    case prefixIgnoringCase([UInt8])
    case suffixIgnoringCase([UInt8])
    case wildcard(WildcardPattern)

    /// Whether a text matches.
    func accepts(_ text: String) -> Bool {
        switch self {
        case .exactly(let wanted): text.utf8.elementsEqual(wanted)
        case .prefix(let wanted): text.utf8.starts(with: wanted)
        case .suffix(let wanted): text.utf8.reversed().starts(with: wanted.reversed())
        case .exactlyIgnoringCase(let wanted): text.folded == wanted
        case .prefixIgnoringCase(let wanted): text.folded.starts(with: wanted)
        case .suffixIgnoringCase(let wanted): text.folded.reversed().starts(with: wanted.reversed())
        case .wildcard(let pattern): pattern.accepts(Array(text.utf8))
        }
    }
}

extension String {
    /// Each character's lower case by Unicode's own table, in UTF-8.
    var folded: [UInt8] { unicodeScalars.flatMap { Array($0.properties.lowercaseMapping.utf8) } }
}

/// A range of numbers; a bound that is not there is no bound.
struct NumericRange: Sendable {
    struct Bound: Sendable {
        let number: JSONNumber
        let isIncluded: Bool
    }

    var lower: Bound?
    var upper: Bound?

    /// Whether a number is in the range.
    func contains(_ number: JSONNumber) -> Bool {
        if let lower, number < lower.number || number == lower.number && !lower.isIncluded { return false }
        if let upper, number > upper.number || number == upper.number && !upper.isIncluded { return false }
        return true
    }
}
