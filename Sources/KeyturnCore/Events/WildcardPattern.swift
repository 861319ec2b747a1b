/// A text in which `*` stands for any characters, none included; `\*` is an asterisk and `\\` a backslash.
struct WildcardPattern: Sendable {
    /// What stands between the wildcards.
    private let parts: [[UInt8]]

    /// Why a text is no such pattern.
    enum Failure: Error {
        case consecutiveWildcards(at: Int)
        case escape(at: Int)
    }

    init(_ text: String) throws(Failure) {
        var parts: [[UInt8]] = [[]]
        let bytes = Array(text.utf8)
        var index = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "*"):
                if index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "*") {
                    throw .consecutiveWildcards(at: index)
                }
                parts.append([])
            case UInt8(ascii: "\\"):
                guard index + 1 < bytes.count, [UInt8(ascii: "*"), UInt8(ascii: "\\")].contains(bytes[index + 1]) else {
                    throw .escape(at: index)
                }
                index += 1
                parts[parts.count - 1].append(bytes[index])
            case let byte: parts[parts.count - 1].append(byte)
            }
            index += 1
        }
        self.parts = parts
    }

    /// Whether a text matches. Takes at most the product of both lengths: each part is put as far to the left as it goes,
    /// which leaves the most for the others, so that nothing is ever taken back.
    func accepts(_ text: [UInt8]) -> Bool {
        guard let first = parts.first, let last = parts.last, parts.count > 1 else { return text == parts.first }
        guard text.starts(with: first) else { return false }
        var rest = text[first.count...]
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let range = rest.firstRange(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return rest.count >= last.count && rest.suffix(last.count).elementsEqual(last)
    }
}
