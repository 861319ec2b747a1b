/// Reads what a pattern's array holds: values and comparisons.
struct LeafReader {
    /// Where the array is, for errors.
    let place: String

    /// Bounds of ranges lie between minus and plus this. AWS: "Numeric matching".
    private static let largestBound = JSONNumber(5_000_000_000)
    private static let smallestBound = JSONNumber(-5_000_000_000)

    func alternatives(_ elements: [JSONDocument]) throws(EventPatternError) -> LeafAlternatives {
        var matchers: [LeafMatcher] = []
        var acceptsAbsence = false
        for (index, element) in elements.enumerated() {
            let place = "\(place)[\(index)]"
            switch element {
            case .null: matchers.append(.null)
            case .flag(let flag): matchers.append(.flag(flag))
            case .number(let number): matchers.append(.number(number))
            case .string(let text): matchers.append(.text(.exactly(Array(text.utf8))))
            case .array:
                throw EventPatternError(
                    "a value must be a string, a number, true, false, null or a comparison", at: place)
            case .object(let members):
                guard let member = members.first, members.count == 1 else {
                    throw EventPatternError("a comparison has one key, and this has \(members.count)", at: place)
                }
                if let matcher = try comparison(member, at: "\(place).\(member.key)") {
                    matchers.append(matcher)
                } else {
                    acceptsAbsence = true
                }
            }
        }
        return LeafAlternatives(matchers: matchers, acceptsAbsence: acceptsAbsence)
    }

    /// - Returns: Nil for `exists: false`, which no value matches.
    private func comparison(
        _ member: JSONDocument.Member, at place: String
    ) throws(EventPatternError) -> LeafMatcher? {
        switch member.key {
        case "prefix":
            return try affix(
                member.value, at: place, exactly: TextMatcher.prefix, ignoringCase: TextMatcher.prefixIgnoringCase)
        case "suffix":
            return try affix(
                member.value, at: place, exactly: TextMatcher.suffix, ignoringCase: TextMatcher.suffixIgnoringCase)
        case "equals-ignore-case":
            return .text(.exactlyIgnoringCase(try text(member.value, at: place).folded))
        case "wildcard": return .text(.wildcard(try wildcard(member.value, at: place)))
        case "anything-but": return .anythingBut(try exclusions(member.value, at: place))
        case "numeric": return .numeric(try range(member.value, at: place))
        case "cidr":
            guard let block = AddressBlock(try text(member.value, at: place)) else {
                throw EventPatternError("this is no block of addresses such as 10.0.0.0/24 or 2001:db8::/32", at: place)
            }
            return .address(block)
        case "exists":
            guard case .flag(let isThere) = member.value else {
                throw EventPatternError("exists must be either true or false", at: place)
            }
            return isThere ? .anything : nil
        case _:
            throw EventPatternError(
                "\"\(member.key)\" is no comparison; there are prefix, suffix, equals-ignore-case, anything-but, numeric, "
                    + "exists, cidr and wildcard", at: place)
        }
    }

    private func affix(
        _ value: JSONDocument, at place: String, exactly: ([UInt8]) -> TextMatcher,
        ignoringCase: ([UInt8]) -> TextMatcher
    ) throws(EventPatternError) -> LeafMatcher {
        guard case .object(let members) = value else { return .text(exactly(Array(try text(value, at: place).utf8))) }
        guard let member = members.first, members.count == 1, member.key == "equals-ignore-case" else {
            throw EventPatternError("only { \"equals-ignore-case\": \"…\" } or a string can stand here", at: place)
        }
        return .text(ignoringCase(try text(member.value, at: "\(place).\(member.key)").folded))
    }

    /// What `anything-but` excludes: strings, numbers, or one comparison with one or several strings.
    private func exclusions(_ value: JSONDocument, at place: String) throws(EventPatternError) -> [LeafMatcher] {
        guard case .object(let members) = value else {
            let found = try list(value, at: place).enumerated().map { index, element throws(EventPatternError) in
                switch element {
                case .string(let text): LeafMatcher.text(.exactly(Array(text.utf8)))
                case .number(let number): LeafMatcher.number(number)
                case .null, .flag, .array, .object:
                    throw EventPatternError(
                        "anything-but takes strings or numbers, and this is \(element.kind)", at: "\(place)[\(index)]")
                }
            }
            let numbers = found.count { if case .number = $0 { true } else { false } }
            guard numbers == 0 || numbers == found.count else {
                throw EventPatternError("anything-but takes strings or numbers, not both", at: place)
            }
            return found
        }
        guard let member = members.first, members.count == 1 else {
            throw EventPatternError("a comparison has one key, and this has \(members.count)", at: place)
        }
        let inner = "\(place).\(member.key)"
        return try list(member.value, at: inner).map { element throws(EventPatternError) in
            let text = try text(element, at: inner)
            guard !text.isEmpty else { throw EventPatternError("an empty string would exclude everything", at: inner) }
            switch member.key {
            case "prefix": return .text(.prefix(Array(text.utf8)))
            case "suffix": return .text(.suffix(Array(text.utf8)))
            case "equals-ignore-case": return .text(.exactlyIgnoringCase(text.folded))
            case "wildcard": return .text(.wildcard(try wildcard(element, at: inner)))
            case _:
                throw EventPatternError(
                    "anything-but takes prefix, suffix, equals-ignore-case or wildcard, not \"\(member.key)\"",
                    at: place)
            }
        }
    }

    /// One value, or those of an array that is not empty.
    private func list(_ value: JSONDocument, at place: String) throws(EventPatternError) -> [JSONDocument] {
        guard case .array(let elements) = value else { return [value] }
        guard !elements.isEmpty else { throw EventPatternError("empty arrays are not allowed", at: place) }
        return elements
    }

    private func text(_ value: JSONDocument, at place: String) throws(EventPatternError) -> String {
        guard case .string(let text) = value else {
            throw EventPatternError("this must be a string, and is \(value.kind)", at: place)
        }
        return text
    }

    private func wildcard(_ value: JSONDocument, at place: String) throws(EventPatternError) -> WildcardPattern {
        let text = try text(value, at: place)
        do throws(WildcardPattern.Failure) { return try WildcardPattern(text) } catch {
            switch error {
            case .consecutiveWildcards(let position):
                throw EventPatternError("consecutive wildcard characters at pos \(position)", at: place)
            case .escape(let position):
                throw EventPatternError(
                    "invalid escape character at pos \(position); only \\* and \\\\ are escapes", at: place)
            }
        }
    }

    /// `["=", n]`, `[">", n]`, `[">", n, "<=", m]` and so on: the lower bound first.
    private func range(_ value: JSONDocument, at place: String) throws(EventPatternError) -> NumericRange {
        guard case .array(let elements) = value, elements.count == 2 || elements.count == 4 else {
            throw EventPatternError("numeric takes an array such as [\">\", 0, \"<=\", 5]", at: place)
        }
        var range = NumericRange()
        for index in stride(from: 0, to: elements.count, by: 2) {
            let sign = try text(elements[index], at: "\(place)[\(index)]")
            let bound = "\(place)[\(index + 1)]"
            guard case .number(let number) = elements[index + 1] else {
                throw EventPatternError("value of \(sign) must be numeric", at: bound)
            }
            guard (Self.smallestBound...Self.largestBound).contains(number) else {
                throw EventPatternError("the number must be between -5.0e9 and 5.0e9", at: bound)
            }
            switch (sign, index, elements.count) {
            case ("=", 0, 2):
                range.lower = .init(number: number, isIncluded: true)
                range.upper = range.lower
            case (">", 0, _), (">=", 0, _): range.lower = .init(number: number, isIncluded: sign == ">=")
            case ("<", 0, 2), ("<=", 0, 2), ("<", 2, _), ("<=", 2, _):
                range.upper = .init(number: number, isIncluded: sign == "<=")
            case _:
                throw EventPatternError(
                    "\"\(sign)\" can't stand here; use =, <, <=, >, >=, and in a range the lower bound first",
                    at: "\(place)[\(index)]")
            }
        }
        if let lower = range.lower, let upper = range.upper, elements.count == 4, lower.number >= upper.number {
            throw EventPatternError("the lower bound must be less than the upper", at: place)
        }
        return range
    }
}
