/// The words of a text or a name, in lower case; a value matches if each of its words begins one of them.
struct FilterWords: Hashable, Sendable {
    private static let separators: [Character] = ["/", "-", "_", "+", "=", ".", "@"]

    let words: [String]

    /// The words of a text: between blanks, where a separator stands, and where a capital begins a word. What has two
    /// kinds of separators is one word (second-hand: no recording of the service has one).
    init(_ text: String) { words = text.split(separator: " ").flatMap(Self.parts).map { $0.lowercased() } }

    /// Whether a text is nothing but one separator; such a value finds nothing [R].
    static func isSeparator(_ text: String) -> Bool { text.count == 1 && separators.contains { text.contains($0) } }

    /// Whether each word of a value begins a word here; a value without words matches nothing [K].
    func matches(_ value: FilterWords) -> Bool {
        !value.words.isEmpty && value.words.allSatisfy { word in words.contains { $0.hasPrefix(word) } }
    }

    private static func parts(_ name: Substring) -> [Substring] {
        let present = separators.filter(name.contains)
        guard present.count < 2 else { return [name] }
        return name.split { present.contains($0) }.flatMap(capitalized)
    }

    /// `COMPANYthings` is `COMPAN` and `Ythings`: a word begins where a small letter follows a character that is none.
    private static func capitalized(_ text: Substring) -> [Substring] {
        var words: [Substring] = []
        var start = text.startIndex
        var index = text.startIndex
        while index < text.endIndex {
            let next = text.index(after: index)
            if next < text.endIndex, !isSmall(text[index]), isSmall(text[next]), index > start {
                words.append(text[start..<index])
                start = index
            }
            index = next
        }
        return words + (start < text.endIndex ? [text[start...]] : [])
    }

    private static func isSmall(_ character: Character) -> Bool { ("a"..."z").contains(character) }
}
