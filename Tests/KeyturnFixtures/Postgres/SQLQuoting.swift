/// Quoting for the statements that fixtures build; the code under test has its own.
package enum SQLQuoting {
    /// `name` as an SQL identifier.
    package static func identifier(_ name: String) throws -> String {
        try quoted(name, by: "\"")
    }

    /// `text` as an SQL string literal, for servers with standard_conforming_strings on.
    package static func literal(_ text: String) throws -> String {
        try quoted(text, by: "'")
    }

    /// Puts `mark` around the text and doubles it inside.
    private static func quoted(_ text: String, by mark: Character) throws -> String {
        guard !text.unicodeScalars.contains("\0") else { throw FixtureFailure("SQL text cannot hold a NUL") }
        // Scalar by scalar: a mark followed by a combining accent is one Character, and still ends the text.
        var result = String.UnicodeScalarView()
        let scalars = mark.unicodeScalars
        result.append(contentsOf: scalars)
        for scalar in text.unicodeScalars {
            if scalars.contains(scalar) { result.append(scalar) }
            result.append(scalar)
        }
        result.append(contentsOf: scalars)
        return String(result)
    }
}
