/// A database user's name, checked against its engine's limits.
public struct AccountName: Hashable, Sendable, CustomStringConvertible {
    /// The name, in the spelling of the secret.
    public let text: String

    /// Checks a PostgreSQL role name: 1 to 63 bytes of UTF-8 (PostgreSQL cuts longer names off in silence), no NUL or
    /// other control character, none of the names that no role can have (PostgreSQL manual, "CREATE ROLE", "Reserved
    /// role names").
    /// - Throws: `InvalidInput` naming `username`.
    public init(postgreSQL text: String) throws(InvalidInput) {
        guard (1...63).contains(text.utf8.count) else {
            throw InvalidInput(
                field: "username", problem: "has \(text.utf8.count) bytes",
                remedy: "a PostgreSQL role name has 1 to 63 bytes; longer ones are cut off by the server")
        }
        guard !text.unicodeScalars.contains(where: \.isControl) else {
            throw InvalidInput(
                field: "username", problem: "holds a control character",
                remedy: "write the role's name as \\du shows it")
        }
        guard !["none", "public"].contains(text), !text.hasPrefix("pg_") else {
            throw InvalidInput(
                field: "username", problem: "is a name that PostgreSQL keeps for itself",
                remedy: "name a role that was made with CREATE ROLE")
        }
        self.text = text
    }

    /// Names are the same if their bytes are; Swift takes a letter with an accent and the two apart for one text.
    public static func == (left: AccountName, right: AccountName) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    /// Hashes the bytes.
    public func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }

    /// The name itself.
    public var description: String { text }
}
