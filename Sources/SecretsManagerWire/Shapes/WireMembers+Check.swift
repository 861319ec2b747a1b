import KeyturnCore

/// The service model's constraints, checked over a whole request before anything is done with it.
extension WireMembers {
    /// The most violations that a message lists; the model has no limit on how many tags a list holds.
    static let mostViolations = 10

    /// Checks types first, then constraints.
    /// - Throws: The first wrong type, else all violations together.
    func check(_ shape: StructureShape) throws(WireRefusal) {
        var violations: [String] = []
        try check(shape, at: "", &violations)
        guard violations.isEmpty else {
            throw WireRefusal(.constraints(Array(violations.prefix(Self.mostViolations))))
        }
    }

    private func check(_ shape: StructureShape, at path: String, _ violations: inout [String]) throws(WireRefusal) {
        for member in shape.members {
            let path = ConstraintText.path(of: member.name, in: path)
            if let node = node(member.name) {
                try check(member.shape, node, member.name, at: path, &violations)
            } else if member.isRequired {
                violations.append(ConstraintText.violation(.null, at: path, "Member must not be null"))
            }
        }
    }

    private func check(
        _ shape: WireShape, _ node: Int, _ name: String, at path: String, _ violations: inout [String]
    ) throws(WireRefusal) {
        switch shape {
        case .text(let rule) where rule.isSensitive:
            let secret = try secret(at: node, name)
            let broken = unsafe secret.withBytes { unsafe rule.broken(by: $0) }
            violations += broken.map { ConstraintText.violation(.nothing, at: path, $0) }
        case .text(let rule):
            let text = try text(at: node, name)
            violations += rule.broken(by: text.utf8).map { ConstraintText.violation(.value(text), at: path, $0) }
            if Self.isCutShort(text) { violations.append(Self.cutShort(at: path)) }
        case .blob(let least, let most):
            let count = try blob(at: node, name).count
            let broken = CountRule(least: least, most: most).broken(by: count)
            violations += broken.map { ConstraintText.violation(.nothing, at: path, $0) }
        case .integer(let least, let most), .long(let least, let most):
            let value = try integer(at: node, name)
            let broken = CountRule(least: least, most: most).brokenByValue(value)
            violations += broken.map { ConstraintText.violation(.value(String(value)), at: path, $0) }
        case .boolean: _ = try flag(at: node, name)
        case .timestamp: _ = try instant(at: node, name)
        case .list(let element, let least, let most):
            let rule = CountRule(least: least, most: most)
            try checkList(element, rule, node, name, at: path, &violations)
        case .map: _ = try textLists(name)
        case .structure(let shape): try object(at: node, name).check(shape, at: path, &violations)
        }
    }

    /// Whether a text holds U+0000, where a database would take it for the end. A value may: it is stored as bytes [K].
    private static func isCutShort(_ text: String) -> Bool { text.utf8.contains(0) }

    private static func cutShort(at path: String) -> String {
        ConstraintText.violation(.nothing, at: path, "Member must not contain the character U+0000")
    }

    private func checkList(
        _ element: WireShape, _ rule: CountRule, _ node: Int, _ name: String, at path: String,
        _ violations: inout [String]
    ) throws(WireRefusal) {
        let nodes = try elements(at: node, name)
        if case .text(let textRule) = element {
            // A list of strings is judged as one value: the message shows the list and all that its elements must be.
            let texts = try texts(name) ?? []
            let shown = ConstraintText.Shown.value("[\(texts.joined(separator: ", "))]")
            violations += rule.broken(by: texts.count).map { ConstraintText.violation(shown, at: path, $0) }
            if texts.contains(where: Self.isCutShort) { violations.append(Self.cutShort(at: path)) }
            if texts.contains(where: { !textRule.broken(by: $0.utf8).isEmpty }) {
                let all = "Member must satisfy constraint: [\(textRule.constraints.joined(separator: ", "))]"
                violations.append(ConstraintText.violation(shown, at: path, all))
            }
            return
        }
        let shown = ConstraintText.Shown.value(nodes.isEmpty ? "[]" : "[…]")
        violations += rule.broken(by: nodes.count).map { ConstraintText.violation(shown, at: path, $0) }
        for (position, node) in nodes.enumerated() {
            try check(element, node, name, at: "\(path).\(position + 1).member", &violations)
        }
    }
}
