import KeyturnCore

/// What the two accounts of a host are to have, and whose value holds where they differ.
struct PairPlan {
    let merge: StateMerge
    /// What both are to have, by the items' own names.
    let target: [String: String]
    /// Whose value holds, by the names that stand beside those of other hosts.
    let decided: [String: PairMember]
    /// The same of what is left to the next rotation.
    let postponed: [String: PairMember]
    /// What the user that applications have now keeps until then.
    private let kept: [String: String]
    private let current: PairMember

    init(_ account: PairAccounts, _ pair: AlternatingPair, isMariaDB: Bool) {
        merge = account.merge(pair.past)
        target = Dictionary(uniqueKeysWithValues: merge.state.map { (account.plain($0), $1) })
        current = pair.pending.other
        var decided = merge.decisions
        var postponed: [String: PairMember] = [:]
        var kept: [String: String] = [:]
        for change in merge.changes {
            let key = account.plain(change.key)
            guard Self.isAdminOption(key), change.from == GrantItems.withAdmin, change.to == GrantItems.held, !isMariaDB
            else { continue }
            if change.user == current {
                postponed[change.key] = change.user.other
                kept[key] = change.from
            } else {
                // With the role goes its place among the default roles, which is given anew.
                let defaultRole = account.named(GrantItems.defaultRole)
                if decided[defaultRole] == nil { decided[defaultRole] = change.user.other }
            }
        }
        self.decided = decided
        self.postponed = postponed
        self.kept = kept
    }

    func target(of member: PairMember) -> [String: String] {
        member == current ? target.merging(kept) { $1 } : target
    }

    private static func isAdminOption(_ key: String) -> Bool {
        if case .role? = GrantItems.kind(of: key) { true } else { false }
    }

    /// MySQL takes an admin option with the role alone, and whoever is logged in would be without it: the user that
    /// applications have now keeps the option until its turn.
    static func isPostponed(_ key: String, _ account: PairAccounts, _ pair: AlternatingPair, isMariaDB: Bool) -> Bool {
        !isMariaDB && isAdminOption(key) && account.side(pair.pending)?.items[key] == GrantItems.held
            && account.side(pair.pending.other)?.items[key] == GrantItems.withAdmin
    }
}
