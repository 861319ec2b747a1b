extension PolicyDocument {
    /// The first statement that lets everybody in, nil if none does.
    ///
    /// Broad is an Allow for `*`, or for all but some, that no condition narrows to callers or addresses named in full.
    /// AWS says what it checks ("ValidateResourcePolicy", API reference) and not how; this is at least as strict.
    public var broadStatement: DecidingStatement? {
        for (index, statement) in statements.enumerated() where statement.isBroad {
            return DecidingStatement(source: .resource, index: index, sid: statement.sid)
        }
        return nil
    }
}

extension PolicyStatement {
    fileprivate var isBroad: Bool {
        guard effect == .allow, !actions.isEmpty else { return false }
        return switch principals {
        case nil, .only: false
        case .everyone, .allBut: !conditions.contains(where: \.narrowsCallers)
        }
    }
}

extension PolicyCondition {
    /// Of an IPv4 range at least so many bits have to be given for it to count as narrow, as for AWS's S3 buckets
    /// ("Blocking public access", S3 user guide).
    private static let fewestIPv4Bits = 8
    /// The same of an IPv6 range.
    private static let fewestIPv6Bits = 32

    /// Whether only callers that the condition names can pass it.
    fileprivate var narrowsCallers: Bool {
        // A key of one value, so that a quantifier changes nothing but what it says of absence.
        guard !isNegated, !passesIfAbsent, quantifier != .all else { return false }
        switch (key, operands) {
        case (.ambient(.principalARN), .text(let patterns, _)), (.ambient(.principalARN), .arn(let patterns)),
            (.ambient(.principalAccount), .text(let patterns, _)), (.ambient(.username), .text(let patterns, _)),
            (.ambient(.userID), .text(let patterns, _)):
            return patterns.allSatisfy(\.isFixed)
        case (.ambient(.sourceIP), .addresses(let ranges)):
            return ranges.allSatisfy {
                $0.prefixLength >= ($0.isIPv4 ? Self.fewestIPv4Bits : Self.fewestIPv6Bits)
            }
        case (.ambient(.sourceIP), .text(let patterns, _)): return patterns.allSatisfy(\.isFixed)
        case _: return false
        }
    }
}
