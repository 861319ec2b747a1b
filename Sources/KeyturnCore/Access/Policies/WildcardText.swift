/// A pattern of characters, `*` and `?`, matched without backtracking beyond the last `*`: the work is bounded by the
/// product of both lengths, whatever the pattern.
struct WildcardText: Hashable, Sendable {
    /// What a pattern is made of.
    enum Token: Hashable, Sendable {
        case character(Unicode.Scalar)
        /// `*`
        case anyRun
        /// `?`
        case anyOne
    }

    let tokens: [Token]

    /// Takes the tokens.
    init(tokens: some Sequence<Token>) { self.tokens = Array(tokens) }

    /// Reads `*` and `?` as wildcards.
    init(_ text: String) {
        tokens = text.unicodeScalars.map { scalar in
            switch scalar {
            case "*": .anyRun
            case "?": .anyOne
            case _: .character(scalar)
            }
        }
    }

    /// The same pattern in lower case.
    var lowercased: WildcardText {
        WildcardText(
            tokens: tokens.flatMap { token in
                guard case .character(let scalar) = token else { return [token] }
                return String(scalar).lowercased().unicodeScalars.map(Token.character)
            })
    }

    /// Whether the whole text is matched.
    func matches(_ text: String) -> Bool { matches(Array(text.unicodeScalars)[...]) }

    private func matches(_ text: ArraySlice<Unicode.Scalar>) -> Bool {
        var token = 0
        var index = text.startIndex
        // The last `*` seen, and how far it has reached so far.
        var run: (token: Int, end: Int)?
        while index < text.endIndex {
            if token < tokens.count, tokens[token] == .anyRun {
                run = (token, index)
                token += 1
            } else if token < tokens.count, tokens[token] == .anyOne || tokens[token] == .character(text[index]) {
                token += 1
                index += 1
            } else if let last = run {
                run = (last.token, last.end + 1)
                token = last.token + 1
                index = last.end + 1
            } else {
                return false
            }
        }
        return tokens[token...].allSatisfy { $0 == .anyRun }
    }

    /// How many parts an ARN has; the last may hold colons.
    private static let partsOfARN = 6

    /// Whether an ARN is matched part by part: a `*` does not reach over a colon. A lone `*` matches every ARN.
    ///
    /// AWS: "IAM JSON policy elements: Condition operators", ARN condition operators.
    func matches(arn: String) -> Bool {
        if tokens == [.anyRun] { return true }
        let colon: Unicode.Scalar = ":"
        let patterns = tokens.split(
            separator: .character(colon), maxSplits: Self.partsOfARN - 1, omittingEmptySubsequences: false)
        let parts = Array(arn.unicodeScalars).split(
            separator: colon, maxSplits: Self.partsOfARN - 1, omittingEmptySubsequences: false)
        guard patterns.count == parts.count else { return false }
        return zip(patterns, parts).allSatisfy { WildcardText(tokens: $0).matches($1) }
    }
}
