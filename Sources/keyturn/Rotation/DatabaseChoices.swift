import KeyturnCore

/// What somebody chose for the rotation of a database's user, beyond the strategy.
struct DatabaseChoices {
    /// How two users come to have the same rights; the standard of the server if nobody chose.
    var mode: AlternatingMode?
    /// The second user, `NAME_clone` if nobody chose.
    var cloneName: String?
    /// Whether a second user may be taken over that exists and carries no mark.
    var mayAdopt = false
    /// MySQL, MariaDB: the host part of the account to rotate.
    var userHost: String?
    /// MySQL, MariaDB: whether the old password is accepted until the next rotation.
    var keepsOldPassword = false
}

extension DatabaseChoices {
    /// What is chosen already, for somebody who chooses nothing new.
    init(keeping earlier: StrategyOptions) {
        self.init(
            mode: earlier.users?.mode, mayAdopt: earlier.users?.mayAdopt ?? false, userHost: earlier.userHost,
            keepsOldPassword: earlier.keepsOldPassword)
    }

    /// The options for a credential, checked against each other.
    /// - Parameters:
    ///   - earlier: What was configured before: a pair that was noted is kept.
    ///   - intents: What rotations have noted: a second user of theirs is no base, whatever was configured between.
    func options(
        for credential: DatabaseSecret, _ strategy: StrategyName, earlier: RotationSettings?, intents: IntentHistory,
        replicas: [String]
    ) throws(InvalidInput) -> StrategyOptions {
        let family = credential.engine.family
        if let userHost {
            guard family != .postgreSQL else {
                throw InvalidInput(
                    field: "--user-host", problem: "is not for PostgreSQL, whose roles have no host part",
                    remedy: "leave it out")
            }
            guard (1...255).contains(userHost.utf8.count), userHost.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
            else {
                throw InvalidInput(
                    field: "--user-host", problem: "is not a host part",
                    remedy: "write it as mysql.user shows it, wildcards included: 10.1.%")
            }
        }
        let users =
            strategy == .alternatingUsers ? try users(of: credential, earlier: earlier?.options.users, intents) : nil
        if users == nil, mode != nil || cloneName != nil || mayAdopt {
            throw InvalidInput(
                field: mode != nil ? "--mode" : cloneName != nil ? "--clone-name" : "--adopt",
                problem: "is for two users", remedy: "use it with --strategy alternating-users, or leave it out")
        }
        return StrategyOptions(
            users: users, userHost: userHost, keepsOldPassword: keepsOldPassword, replicas: replicas)
    }

    private func users(
        of credential: DatabaseSecret, earlier: AlternatingUsers?, _ intents: IntentHistory
    ) throws(InvalidInput) -> AlternatingUsers {
        let family = credential.engine.family
        let names: (base: String, alternate: String)
        if cloneName == nil, let earlier, earlier.other(than: credential.account) != nil {
            names = (earlier.base, earlier.alternate)
        } else {
            let user = credential.account.text
            let isSecond = (intents.unfinished + intents.succeeded).contains { $0[IntentNote.alternate] == user }
            names = AlternatingUsers.names(of: user, alternate: cloneName ?? (isSecond ? user : nil))
        }
        return try AlternatingUsers(
            base: names.base, alternate: names.alternate, mode: mode ?? earlier?.mode ?? .standard(for: family),
            mayAdopt: mayAdopt, family: family)
    }
}
