import KeyturnCore

/// A role's state as named items that two roles can be compared and merged by.
enum PairItems {
    static let connectionLimit = "CONNECTION LIMIT"
    static let validUntil = "VALID UNTIL"
    static let never = "infinity"
    private static let settingPrefix = "setting "
    private static let membershipPrefix = "member of "

    static func of(_ role: PairFacts.Role, _ pair: AlternatingPair) -> [String: String] {
        var items = [
            "CREATEDB": text(role.createsDatabases), "CREATEROLE": text(role.createsRoles),
            "REPLICATION": text(role.replicates), "BYPASSRLS": text(role.bypassesRowSecurity),
            connectionLimit: String(role.connectionLimit), validUntil: role.validUntil ?? never,
        ]
        // What its sessions become is not merged: the mode and the base say it.
        for (setting, value) in role.settings where setting.name != "role" {
            items[key(setting)] = value
        }
        if pair.mode == .ownerRole {
            items["INHERIT"] = text(role.inherits)
            // One of the other is left over from another mode, and is taken away.
            for membership in role.memberships where ![pair.base.text, pair.alternate.text].contains(membership.role) {
                items[membershipPrefix + membership.role] =
                    "ADMIN \(text(membership.hasAdmin)), INHERIT \(text(membership.inherits)), SET \(text(membership.maySet))"
            }
        }
        return items
    }

    private static func text(_ flag: Bool) -> String { flag ? "TRUE" : "FALSE" }

    /// A database's name may hold anything, a setting's may not hold a blank.
    private static func key(_ setting: PairFacts.Setting) -> String {
        setting.database.isEmpty
            ? settingPrefix + setting.name : "\(settingPrefix)\(setting.name) in database \(setting.database)"
    }

    /// What a change is about.
    enum Kind {
        /// An attribute that is written as `NAME` or `NONAME`.
        case attribute(String)
        case connectionLimit
        case validUntil
        case setting(PairFacts.Setting)
        case membership(String)
    }

    static func kind(of key: String) -> Kind {
        if key == connectionLimit { return .connectionLimit }
        if key == validUntil { return .validUntil }
        if key.hasPrefix(membershipPrefix) { return .membership(String(key.dropFirst(membershipPrefix.count))) }
        guard key.hasPrefix(settingPrefix) else { return .attribute(key) }
        let rest = key.dropFirst(settingPrefix.count)
        let name = rest.prefix { $0 != " " }
        let database = rest.dropFirst(name.count).dropFirst(" in database ".count)
        return .setting(PairFacts.Setting(database: String(database), name: String(name)))
    }

    /// The elements of a stored list of identifiers, as `search_path` is one: each is given back as a literal of its own.
    ///
    /// PostgreSQL stores such a list flattened, its elements quoted where they need it (guc.c, `GUC_LIST_QUOTE`).
    static func elements(of list: String) -> [String] {
        var elements: [String] = []
        var current = String.UnicodeScalarView()
        var isQuoted = false
        var scalars = Array(list.unicodeScalars)[...]
        while let scalar = scalars.popFirst() {
            if scalar == "\"" {
                if isQuoted, scalars.first == "\"" {
                    current.append("\"")
                    scalars.removeFirst()
                } else {
                    isQuoted.toggle()
                }
            } else if scalar == ",", !isQuoted {
                elements.append(String(current))
                current = String.UnicodeScalarView()
            } else if isQuoted || scalar != " " {
                current.append(scalar)
            }
        }
        return elements + [String(current)]
    }

    /// The parameters that are stored in that way.
    static let lists: Set<String> = [
        "search_path", "temp_tablespaces", "local_preload_libraries", "session_preload_libraries",
        "shared_preload_libraries", "unix_socket_directories",
    ]
}
