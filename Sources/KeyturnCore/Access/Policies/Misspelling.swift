/// Finds what somebody meant who wrote something else.
enum Misspelling {
    /// More slips than this make another word.
    private static let mostSlips = 3

    /// The known word that is nearest in its letters, whatever their case; nil if none is near.
    static func nearest(to text: String, in known: [String]) -> String? {
        let written = Array(text.lowercased().utf8)
        var best: (word: String, slips: Int)?
        for word in known {
            let letters = Array(word.lowercased().utf8)
            // So many letters are missing or too many: this also bounds the work.
            guard abs(letters.count - written.count) <= mostSlips else { continue }
            let slips = distance(written, letters)
            if slips <= mostSlips, slips < best?.slips ?? .max { best = (word, slips) }
        }
        return best?.word
    }

    /// How many letters have to be put in, taken out or replaced (Levenshtein).
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (index, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in right.indices {
                let replaced = diagonal + (letter == right[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
            }
        }
        return row[right.count]
    }
}
