/// What SHOW CREATE USER says of an account.
struct AccountClauses {
    /// The plugins that it may log in by: one, or several in MariaDB's `VIA … OR …` or MySQL's `AND …`.
    private(set) var plugins: [String] = []
    /// What each of them keeps, as it was printed, quotes and all; empty for none.
    private(set) var kept: [String] = []
    /// Whether the account is locked.
    private(set) var isLocked = false
    /// Whether its password was expired by hand.
    private(set) var isExpired = false
    /// Whether all of several factors are needed.
    private(set) var needsAllFactors = false
    /// The rest by name, defaults left out: `REQUIRE`, `PASSWORD HISTORY`, `MAX_USER_CONNECTIONS`, …
    private(set) var items: [String: String] = [:]

    private static let limits: Set<String> = [
        "MAX_QUERIES_PER_HOUR", "MAX_UPDATES_PER_HOUR", "MAX_CONNECTIONS_PER_HOUR", "MAX_USER_CONNECTIONS",
        "MAX_STATEMENT_TIME",
    ]

    init(_ statement: String) {
        var tokens = SQLTokens.of(statement)[...]
        // CREATE USER account
        tokens = tokens.dropFirst(3)
        while let word = tokens.popFirst() {
            switch word {
            case "IDENTIFIED": takePlugins(&tokens)
            case "AND" where tokens.first == "IDENTIFIED": needsAllFactors = true
            case "DEFAULT" where tokens.first == "ROLE":
                tokens.removeFirst()
                let roles = take(&tokens).filter { $0 != "," }.sorted()
                items[GrantItems.defaultRole] = roles.joined(separator: ", ")
            case "REQUIRE": set("REQUIRE", take(&tokens), unless: "NONE")
            case "PASSWORD": takePasswordOption(&tokens)
            case "ACCOUNT": isLocked = tokens.popFirst() == "LOCK"
            case "FAILED_LOGIN_ATTEMPTS", "PASSWORD_LOCK_TIME": set(word, take(&tokens), unless: "0")
            case _ where Self.limits.contains(word): takeLimit(word, &tokens)
            // The mark is read elsewhere; a comment is its owner's.
            case "ATTRIBUTE", "COMMENT": _ = tokens.popFirst()
            case _: break
            }
        }
    }

    private mutating func takeLimit(_ name: String, _ tokens: inout ArraySlice<String>) {
        let value = tokens.popFirst() ?? "0"
        let isZero = value.allSatisfy { "0.".contains($0) }
        if !isZero { items[name] = value }
    }

    private mutating func takePlugins(_ tokens: inout ArraySlice<String>) {
        guard let word = tokens.popFirst() else { return }
        if word == "BY" {
            // MariaDB: IDENTIFIED BY PASSWORD '*…'
            _ = tokens.popFirst()
            plugins.append("mysql_native_password")
            kept.append(tokens.popFirst() ?? "")
            return
        }
        repeat {
            if tokens.first == "OR" { tokens.removeFirst() }
            plugins.append(unquoted(tokens.popFirst() ?? ""))
            if tokens.first == "AS" || tokens.first == "USING" {
                tokens.removeFirst()
                kept.append(tokens.popFirst() ?? "")
            } else {
                kept.append("")
            }
        } while tokens.first == "OR"
    }

    private mutating func takePasswordOption(_ tokens: inout ArraySlice<String>) {
        guard let word = tokens.popFirst() else { return }
        switch word {
        case "EXPIRE":
            let value = take(&tokens)
            if value.isEmpty { isExpired = true } else { set("PASSWORD EXPIRE", value, unless: "DEFAULT") }
        case "HISTORY": set("PASSWORD HISTORY", take(&tokens), unless: "DEFAULT")
        case "REUSE":
            _ = tokens.popFirst()
            set("PASSWORD REUSE INTERVAL", take(&tokens), unless: "DEFAULT")
        case "REQUIRE":
            _ = tokens.popFirst()
            set("PASSWORD REQUIRE CURRENT", take(&tokens), unless: "DEFAULT")
        case _: break
        }
    }

    private mutating func set(_ name: String, _ value: [String], unless standard: String) {
        let text = value.joined(separator: " ")
        if text != standard { items[name] = text }
    }

    /// The words up to the next clause.
    private func take(_ tokens: inout ArraySlice<String>) -> [String] {
        var taken: [String] = []
        while let word = tokens.first, !isStart(word, tokens.dropFirst().first) { taken.append(tokens.removeFirst()) }
        return taken
    }

    private func isStart(_ word: String, _ next: String?) -> Bool {
        switch word {
        case "IDENTIFIED", "REQUIRE", "WITH", "PASSWORD", "ACCOUNT", "FAILED_LOGIN_ATTEMPTS", "PASSWORD_LOCK_TIME",
            "ATTRIBUTE", "COMMENT":
            true
        case "DEFAULT": next == "ROLE"
        case "AND": next == "IDENTIFIED"
        case _: Self.limits.contains(word)
        }
    }

    private func unquoted(_ word: String) -> String { String(word.filter { !"'`\"".contains($0) }) }

    /// The clauses of ALTER USER that make the named items so, in the order of its grammar; default roles are set by a
    /// statement of their own.
    static func clauses(_ items: [String: String?]) -> String {
        var text = ""
        if let require = items["REQUIRE"] { text += " REQUIRE \(require ?? "NONE")" }
        let limited = limits.sorted().filter { items[$0] != nil }
        if !limited.isEmpty {
            text += " WITH " + limited.map { "\($0) \((items[$0] ?? nil) ?? "0")" }.joined(separator: " ")
        }
        let passwordOptions = [
            "PASSWORD EXPIRE", "PASSWORD HISTORY", "PASSWORD REUSE INTERVAL", "PASSWORD REQUIRE CURRENT",
        ]
        for option in passwordOptions {
            guard let value = items[option] else { continue }
            // "PASSWORD REQUIRE CURRENT" alone demands it.
            text += " \(option) \(value ?? "DEFAULT")"
        }
        for option in ["FAILED_LOGIN_ATTEMPTS", "PASSWORD_LOCK_TIME"] {
            if let value = items[option] { text += " \(option) \(value ?? "0")" }
        }
        return text
    }
}
