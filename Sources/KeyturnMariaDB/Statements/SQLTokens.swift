/// The words of a statement as a server prints it: quoted texts are one word each, whatever they hold.
///
/// SHOW GRANTS and SHOW CREATE USER are read, never what a person wrote: the session's sql_mode is empty, so names stand
/// in backquotes and texts in single quotes.
enum SQLTokens {
    /// Words, commas and brackets; `'a'@'b'`, `db`.`t` and `0xAB` are one word, as is anything else without a blank.
    static func of(_ statement: String) -> [String] {
        var tokens: [String] = []
        var word = String.UnicodeScalarView()
        var rest = Array(statement.unicodeScalars)[...]
        func end() {
            if !word.isEmpty { tokens.append(String(word)) }
            word = String.UnicodeScalarView()
        }
        while let scalar = rest.popFirst() {
            switch scalar {
            case "`", "'", "\"":
                word.append(scalar)
                takeQuoted(&rest, until: scalar, into: &word)
            case " ", "\n", "\t": end()
            case ",", "(", ")":
                end()
                tokens.append(String(scalar))
            case _: word.append(scalar)
            }
        }
        end()
        return tokens
    }

    private static func takeQuoted(
        _ rest: inout ArraySlice<Unicode.Scalar>, until mark: Unicode.Scalar, into word: inout String.UnicodeScalarView
    ) {
        while let scalar = rest.popFirst() {
            word.append(scalar)
            if scalar == "\\", mark != "`", let escaped = rest.popFirst() {
                word.append(escaped)
            } else if scalar == mark {
                guard rest.first == mark else { return }
                word.append(rest.removeFirst())
            }
        }
    }

    /// Parts between commas outside of brackets.
    static func list(_ tokens: ArraySlice<String>) -> [[String]] {
        var parts: [[String]] = [[]]
        var depth = 0
        for token in tokens {
            if token == "(" { depth += 1 }
            if token == ")" { depth -= 1 }
            if token == ",", depth == 0 { parts.append([]) } else { parts[parts.count - 1].append(token) }
        }
        return parts.filter { !$0.isEmpty }
    }
}
