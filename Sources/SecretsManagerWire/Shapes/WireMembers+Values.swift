import KeyturnCore

/// One value, by the index of its node; `name` is the member that it belongs to, for the error.
extension WireMembers {
    func text(at node: Int, _ name: String) throws(WireRefusal) -> String {
        try expect(.string, at: node, name, "String")
        return document.text(node)
    }

    func secret(at node: Int, _ name: String) throws(WireRefusal) -> SecretBytes {
        try expect(.string, at: node, name, "String")
        var bytes = document.stringBytes(node)
        return SecretBytes(taking: &bytes)
    }

    func blob(at node: Int, _ name: String) throws(WireRefusal) -> SecretBytes {
        try expect(.string, at: node, name, "Blob")
        var text = document.stringBytes(node)
        defer { _ = SecretBytes(taking: &text) }  // Wipes the text.
        guard var bytes = Base64Text.decode(text) else { throw WireRefusal(.notBase64(member: name)) }
        return SecretBytes(taking: &bytes)
    }

    /// A number without a fraction; `30.0` and `3e1` are, as JSON does not tell whole numbers from others.
    func integer(at node: Int, _ name: String) throws(WireRefusal) -> Int {
        try expect(.number, at: node, name, "Integer")
        let text = document.numberText(node)
        guard let integer = Int(text) ?? Double(text).flatMap({ Int(exactly: $0) }) else {
            throw wrongType(node, name, "Integer")
        }
        return integer
    }

    func flag(at node: Int, _ name: String) throws(WireRefusal) -> Bool {
        switch document.nodes[node].kind {
        case .yes: return true
        case .no: return false
        case .object, .array, .string, .number, .null: throw wrongType(node, name, "Boolean")
        }
    }

    func instant(at node: Int, _ name: String) throws(WireRefusal) -> UTCInstant {
        try expect(.number, at: node, name, "Timestamp")
        guard let seconds = Double(document.numberText(node)), let instant = Int64(exactly: (seconds * 1000).rounded())
        else { throw wrongType(node, name, "Timestamp") }
        return UTCInstant(millisecondsSinceEpoch: instant)
    }

    func elements(at node: Int, _ name: String) throws(WireRefusal) -> [Int] {
        try expect(.array, at: node, name, "List")
        return document.children(of: node)
    }

    func object(at node: Int, _ name: String) throws(WireRefusal) -> WireMembers {
        try expect(.object, at: node, name, "Structure")
        return WireMembers(document, at: node)
    }

    private func expect(
        _ kind: WireDocument.Kind, at node: Int, _ name: String, _ wanted: String
    ) throws(WireRefusal) {
        guard document.nodes[node].kind == kind else { throw wrongType(node, name, wanted) }
    }

    private func wrongType(_ node: Int, _ name: String, _ wanted: String) -> WireRefusal {
        WireRefusal(.wrongType(member: name, found: document.nodes[node].kind, wanted: wanted))
    }
}
