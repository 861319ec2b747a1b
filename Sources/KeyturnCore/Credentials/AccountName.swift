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

    /// Checks a user's name by the rules of the server software.
    ///
    /// MySQL 8.0 Reference Manual, "Account User Names and Passwords": 32 characters; MariaDB: 128 since 10.x; an empty
    /// name is the anonymous user. The host part of an account is no part of the name.
    /// - Throws: `InvalidInput` naming `username`.
    public init(_ text: String, of family: DatabaseEngine.Family) throws(InvalidInput) {
        switch family {
        case .postgreSQL: try self.init(postgreSQL: text)
        case .mySQL: try self.init(text, ofProduct: family.product, longest: 32)
        case .mariaDB: try self.init(text, ofProduct: family.product, longest: 128)
        }
    }

    private init(_ text: String, ofProduct product: String, longest: Int) throws(InvalidInput) {
        // Code points: the servers count those, and not what a person takes for a character.
        guard (1...longest).contains(text.unicodeScalars.count) else {
            throw InvalidInput(
                field: "username", problem: "has \(text.unicodeScalars.count) characters",
                remedy: "a \(product) user name has 1 to \(longest) characters")
        }
        guard !text.unicodeScalars.contains(where: \.isControl) else {
            throw InvalidInput(
                field: "username", problem: "holds a control character",
                remedy: "write the user's name as mysql.user shows it")
        }
        // The servers cut blanks at the end off in some places and not in others.
        guard !text.hasSuffix(" ") else {
            throw InvalidInput(
                field: "username", problem: "ends in a blank", remedy: "use a user name without blanks at its end")
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
