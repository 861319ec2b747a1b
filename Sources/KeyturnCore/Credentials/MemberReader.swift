/// Reads a document's members by name and type; every failure names the member, never its value.
struct MemberReader {
    private let document: SecretBytes
    private let members: JSONMembers

    /// Reads a document that has to be one JSON object.
    init(_ document: SecretBytes) throws(InvalidInput) {
        self.document = document
        members = try unsafe document.withBytes { (bytes) throws(InvalidInput) in try unsafe Self.members(of: bytes) }
    }

    static let remedy =
        #"store a JSON object such as {"engine":"postgres","host":"db.example.com","username":"app","password":"…"}"#

    private static func members(of bytes: UnsafeRawBufferPointer) throws(InvalidInput) -> JSONMembers {
        let problem: String
        do { return try unsafe JSONMembers(bytes) } catch {
            problem =
                switch error {
                case .notAnObject: "is not a JSON object"
                case .unexpected(let position): "is not JSON: unexpected byte at offset \(position)"
                case .tooDeep(let position): "nests deeper than \(JSONMembers.deepest) levels at offset \(position)"
                case .duplicateKey(let key): "holds the member \"\(printable(key))\" twice"
                case .trailingBytes(let position): "goes on behind the JSON object, at offset \(position)"
                }
        }
        throw InvalidInput(field: "SecretString", problem: problem, remedy: remedy)
    }

    /// A string member; nil if it is absent or null.
    func text(_ key: String) throws(InvalidInput) -> String? {
        guard let range = members[key], try !isNull(range) else { return nil }
        guard let bytes = string(range) else { throw wrongType(key, "a string") }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Where a member's value stands in the document.
    func range(of key: String) throws(InvalidInput) -> Range<Int> {
        guard let range = members[key] else { throw missing(key) }
        return range
    }

    /// A string member that has to be there and not empty.
    func requiredText(_ key: String) throws(InvalidInput) -> String {
        guard let text = try text(key), !text.isEmpty else { throw missing(key) }
        return text
    }

    /// `port`, a number or a numeric string, as AWS's functions take both.
    func port() throws(InvalidInput) -> Int? {
        guard let range = members["port"], try !isNull(range) else { return nil }
        let digits = string(range) ?? raw(range)
        guard let port = Int(String(decoding: digits, as: UTF8.self)), (1...65535).contains(port) else {
            throw InvalidInput(field: "port", problem: "is not a port", remedy: "use a number from 1 to 65535")
        }
        return port
    }

    /// A boolean member; AWS's functions take `"true"` and `"false"` in any case too, and read all else as absent.
    func flag(_ key: String) throws(InvalidInput) -> Bool? {
        guard let range = members[key] else { return nil }
        switch String(decoding: string(range) ?? raw(range), as: UTF8.self).lowercased() {
        case "true": return true
        case "false": return false
        case _: return nil
        }
    }

    /// Whether the document says anything of how connections are protected.
    var asksForProtection: Bool {
        ["ssl", "sslmode", "sslrootcert"].contains { members[$0] != nil }
    }

    /// The password, copied once into memory that is wiped, and where it stands.
    func password() throws(InvalidInput) -> (SecretBytes, Range<Int>) {
        guard let range = members["password"] else { throw missing("password") }
        guard var bytes = string(range) else { throw wrongType("password", "a string") }
        let password = SecretBytes(taking: &bytes)
        guard password.count > 0 else { throw missing("password") }
        guard !password.containsNUL else {
            throw InvalidInput(field: "password", problem: "holds a NUL character", remedy: "no database takes one")
        }
        guard password.count <= Self.longestPassword else {
            throw InvalidInput(
                field: "password", problem: "has \(password.count) bytes", remedy: "use at most \(Self.longestPassword)"
            )
        }
        return (password, range)
    }

    /// PostgreSQL's clients carry passwords of less than 1,024 bytes.
    static let longestPassword = 1023

    private func isNull(_ range: Range<Int>) throws(InvalidInput) -> Bool { raw(range) == Array("null".utf8) }

    private func raw(_ range: Range<Int>) -> [UInt8] { unsafe document.withBytes { unsafe Array($0[range]) } }

    /// The bytes of a string member, nil if it is no string or no UTF-8.
    private func string(_ range: Range<Int>) -> [UInt8]? {
        unsafe document.withBytes { bytes in
            guard unsafe bytes[range.lowerBound] == UInt8(ascii: "\"") else { return nil }
            return unsafe JSONText.decode(bytes, range)
        }
    }

    private func missing(_ key: String) -> InvalidInput {
        InvalidInput(field: key, problem: "is missing or empty", remedy: "add \"\(key)\" to the secret's JSON")
    }

    private func wrongType(_ key: String, _ type: String) -> InvalidInput {
        InvalidInput(field: key, problem: "is not \(type) of UTF-8 text", remedy: "write \"\(key)\" as \(type)")
    }
}
