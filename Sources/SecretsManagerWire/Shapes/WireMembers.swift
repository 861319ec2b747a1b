import KeyturnCore

/// The members of one object, by name and type. A member that is null counts as absent; an unknown one is not seen.
package struct WireMembers {
    let document: WireDocument
    let index: Int

    /// Reads a body.
    init(_ body: SecretBytes) throws(WireRefusal) {
        do { document = try WireDocument(body) } catch { throw WireRefusal(.json(error)) }
        index = 0
    }

    init(_ document: WireDocument, at index: Int) {
        self.document = document
        self.index = index
    }

    func node(_ name: String) -> Int? { document.member(name, of: index) }

    /// A string; nil if there is none.
    func text(_ name: String) throws(WireRefusal) -> String? {
        guard let node = node(name) else { return nil }
        return try text(at: node, name)
    }

    /// A string that is a secret.
    func secret(_ name: String) throws(WireRefusal) -> SecretBytes? {
        guard let node = node(name) else { return nil }
        return try secret(at: node, name)
    }

    /// Bytes, from base64.
    func blob(_ name: String) throws(WireRefusal) -> SecretBytes? {
        guard let node = node(name) else { return nil }
        return try blob(at: node, name)
    }

    /// A whole number.
    func integer(_ name: String) throws(WireRefusal) -> Int? {
        guard let node = node(name) else { return nil }
        return try integer(at: node, name)
    }

    /// True or false.
    func flag(_ name: String) throws(WireRefusal) -> Bool? {
        guard let node = node(name) else { return nil }
        return try flag(at: node, name)
    }

    /// A moment, rounded to milliseconds.
    func instant(_ name: String) throws(WireRefusal) -> UTCInstant? {
        guard let node = node(name) else { return nil }
        return try instant(at: node, name)
    }

    /// A list of strings.
    func texts(_ name: String) throws(WireRefusal) -> [String]? {
        guard let node = node(name) else { return nil }
        var texts: [String] = []
        for element in try elements(at: node, name) { texts.append(try text(at: element, name)) }
        return texts
    }

    /// A structure.
    func structure<Structure: WireStructure>(_ name: String) throws(WireRefusal) -> Structure? {
        guard let node = node(name) else { return nil }
        return try Structure(try object(at: node, name))
    }

    /// A list of structures.
    func structures<Structure: WireStructure>(_ name: String) throws(WireRefusal) -> [Structure]? {
        guard let node = node(name) else { return nil }
        var structures: [Structure] = []
        for element in try elements(at: node, name) {
            structures.append(try Structure(try object(at: element, name)))
        }
        return structures
    }

    /// A map from strings to lists of strings.
    func textLists(_ name: String) throws(WireRefusal) -> [String: [String]]? {
        guard let node = node(name) else { return nil }
        let map = try object(at: node, name)
        var lists: [String: [String]] = [:]
        let children = document.children(of: node)
        for position in stride(from: 0, to: children.count, by: 2) {
            let key = document.text(children[position])
            lists[key] = try map.texts(key)
        }
        return lists
    }

    /// A member that the structure cannot be without.
    func required<Value>(_ name: String, _ value: Value?) throws(WireRefusal) -> Value {
        guard let value else { throw WireRefusal(.missing(member: name)) }
        return value
    }
}
