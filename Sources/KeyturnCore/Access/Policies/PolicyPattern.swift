/// Text with wildcards and policy variables, such as `arn:aws:secretsmanager:*:*:secret:${aws:username}/*`.
///
/// AWS: "IAM policy elements: Variables and tags", IAM user guide.
struct PolicyPattern: Hashable, Sendable {
    /// What a pattern is made of.
    enum Piece: Hashable, Sendable {
        case text(String)
        /// `*`
        case anyRun
        /// `?`
        case anyOne
        /// `${key}` or `${key, 'default'}`
        case variable(ConditionKey, default: String?)
    }

    let pieces: [Piece]

    /// Reads a pattern.
    /// - Parameters:
    ///   - hasWildcards: Whether `*` and `?` are more than characters.
    ///   - hasVariables: Whether `${…}` is more than text: the policy's version says so.
    init(_ node: PolicyNode, hasWildcards: Bool, hasVariables: Bool) throws(PolicyFault) {
        var pieces: [Piece] = []
        var plain = String.UnicodeScalarView()
        var rest = try node.text().unicodeScalars[...]
        func endText() {
            if !plain.isEmpty { pieces.append(.text(String(plain))) }
            plain.removeAll()
        }
        while let scalar = rest.popFirst() {
            switch scalar {
            case "$" where hasVariables && rest.first == "{":
                guard let end = rest.firstIndex(of: "}") else {
                    throw node.fault("${ has no }", "close the variable, or write ${$} for a dollar sign")
                }
                let piece = try Self.variable(Substring(rest[..<end].dropFirst()), node)
                rest = rest[rest.index(after: end)...]
                if case .text(let text) = piece {
                    plain.append(contentsOf: text.unicodeScalars)
                } else {
                    endText()
                    pieces.append(piece)
                }
            case "*" where hasWildcards:
                endText()
                // Any number of them in a row match the same.
                if pieces.last != .anyRun { pieces.append(.anyRun) }
            case "?" where hasWildcards:
                endText()
                pieces.append(.anyOne)
            case _: plain.append(scalar)
            }
        }
        endText()
        self.pieces = pieces
    }

    /// Takes the pieces.
    init(pieces: [Piece]) { self.pieces = pieces }

    /// Matches everything.
    static let anything = PolicyPattern(pieces: [.anyRun])

    /// Whether there is a wildcard in it.
    var hasWildcards: Bool { pieces.contains(.anyRun) || pieces.contains(.anyOne) }

    /// Whether the pattern stands for one text, whoever asks.
    var isFixed: Bool {
        pieces.allSatisfy { piece in
            switch piece {
            case .text: true
            case .anyRun, .anyOne, .variable: false
            }
        }
    }

    /// The text before the first wildcard or variable.
    var fixedPrefix: String {
        if case .text(let text) = pieces.first { text } else { "" }
    }

    /// The pattern for one request; nil if a variable has no value and no default: it then matches nothing.
    func wildcards(in request: AccessRequest) -> WildcardText? {
        var tokens: [WildcardText.Token] = []
        for piece in pieces {
            switch piece {
            case .text(let text): tokens += text.unicodeScalars.map(WildcardText.Token.character)
            case .anyRun: tokens.append(.anyRun)
            case .anyOne: tokens.append(.anyOne)
            case .variable(let key, let fallback):
                guard let value = request.values(of: key)?.first ?? fallback else { return nil }
                tokens += value.unicodeScalars.map(WildcardText.Token.character)
            }
        }
        return WildcardText(tokens: tokens)
    }

    private static func variable(_ written: Substring, _ node: PolicyNode) throws(PolicyFault) -> Piece {
        if ["*", "?", "$"].contains(written) { return .text(String(written)) }
        let parts = written.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0].filter { $0 != " " })
        let key: ConditionKey
        do { key = try ConditionKey(name) } catch {
            throw node.fault("the variable ${\(name)} can't be used: \(error.problem)", error.remedy)
        }
        guard !key.isMultivalued else {
            throw node.fault("the variable ${\(name)} has any number of values", "use a key that has one")
        }
        guard parts.count == 2 else { return .variable(key, default: nil) }
        let fallback = parts[1].drop { $0 == " " }
        guard fallback.count >= 2, fallback.hasPrefix("'"), fallback.hasSuffix("'") else {
            throw node.fault("the default of ${\(name)} is not in quotes", "write ${\(name), 'text'}")
        }
        return .variable(key, default: String(fallback.dropFirst().dropLast()))
    }
}
