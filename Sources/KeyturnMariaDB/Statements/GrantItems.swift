/// What SHOW GRANTS says, one privilege at a time, in a form that two accounts can be compared and merged by.
enum GrantItems {
    static let held = "YES"
    static let withAdmin = "WITH ADMIN OPTION"
    static let grantOption = "GRANT OPTION"
    static let defaultRole = "DEFAULT ROLE"
    private static let role = "ROLE "
    private static let partialRevoke = "WITHOUT "

    /// A privilege, or the lack of one, that an account has.
    enum Kind: Hashable {
        /// `SELECT`, ``SELECT (`a`)``, `GRANT OPTION`, `PROXY`, and the object as GRANT writes it.
        case privilege(String, on: String)
        /// MySQL's partial revoke: a privilege that a wider one holds everywhere but here.
        case partialRevoke(String, on: String)
        /// A role, quoted.
        case role(String)
        /// Its default role, where SHOW GRANTS says it (MariaDB).
        case defaultRole
    }

    /// Reads the rows; the grantee and everything about passwords in them is left out.
    static func of(_ rows: [String]) -> [String: String] {
        var items: [String: String] = [:]
        for row in rows {
            let tokens = SQLTokens.of(row)
            switch tokens.first {
            case "GRANT": addGrant(tokens, to: &items)
            case "REVOKE": addRevoke(tokens, to: &items)
            case "SET" where tokens.count > 3: items[defaultRole] = tokens[3]
            case _: break
            }
        }
        return items
    }

    private static func addGrant(_ tokens: [String], to items: inout [String: String]) {
        guard let to = tokens.lastIndex(of: "TO") else { return }
        let options = tokens[to...]
        guard let on = tokens[..<to].firstIndex(of: "ON") else {
            let isAdmin = options.contains("ADMIN")
            for part in SQLTokens.list(tokens[1..<to]) {
                items[role + part.joined(separator: " ")] = isAdmin ? withAdmin : held
            }
            return
        }
        let object = tokens[(on + 1)..<to].joined(separator: " ")
        for privilege in privileges(tokens[1..<on]) where privilege != "USAGE" {
            items["\(privilege) ON \(object)"] = held
        }
        if options.contains("WITH"), options.contains("GRANT") { items["\(grantOption) ON \(object)"] = held }
    }

    private static func addRevoke(_ tokens: [String], to items: inout [String: String]) {
        guard let from = tokens.lastIndex(of: "FROM"), let on = tokens[..<from].firstIndex(of: "ON") else { return }
        let object = tokens[(on + 1)..<from].joined(separator: " ")
        for privilege in privileges(tokens[1..<on]) { items["\(partialRevoke)\(privilege) ON \(object)"] = held }
    }

    /// ``SELECT (`a`, `b`), INSERT`` is three privileges.
    private static func privileges(_ tokens: ArraySlice<String>) -> [String] {
        SQLTokens.list(tokens).flatMap { part -> [String] in
            guard let open = part.firstIndex(of: "("), part.last == ")" else { return [part.joined(separator: " ")] }
            let name = part[..<open].joined(separator: " ")
            return SQLTokens.list(part[(open + 1)...].dropLast()).map { "\(name) (\($0.joined(separator: " ")))" }
        }
    }

    /// Whether an object is one table (or view), as against all of a database, a routine or an account.
    static func isTable(_ object: String) -> Bool {
        let words = SQLTokens.of(object)
        return words.count == 1 && object.contains("`.`") && !object.hasSuffix(".*") && !object.contains("@")
    }

    /// What an item is about; nil if it is none of a grant.
    static func kind(of key: String) -> Kind? {
        if key == defaultRole { return .defaultRole }
        if key.hasPrefix(role) { return .role(String(key.dropFirst(role.count))) }
        let isRevoke = key.hasPrefix(partialRevoke)
        let tokens = SQLTokens.of(isRevoke ? String(key.dropFirst(partialRevoke.count)) : key)
        guard let on = tokens.firstIndex(of: "ON") else { return nil }
        var privilege = tokens[..<on].joined(separator: " ")
        if tokens[..<on].contains("(") {
            privilege = privilege.replacing("( ", with: "(").replacing(" )", with: ")")
        }
        let object = tokens[(on + 1)...].joined(separator: " ")
        return isRevoke ? .partialRevoke(privilege, on: object) : .privilege(privilege, on: object)
    }
}
