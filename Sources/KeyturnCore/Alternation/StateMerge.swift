/// Two users' states made one: what changed on either side since they agreed holds for both.
public struct StateMerge: Hashable, Sendable {
    /// An item that one of the users has to be given, changed or rid of.
    public struct Change: Hashable, Sendable {
        /// Whom it concerns.
        public let user: PairMember
        /// The item's name.
        public let key: String
        /// What the user has, nil for nothing.
        public let from: String?
        /// What it is to have, nil for nothing.
        public let to: String?
    }

    /// What both are to have.
    public let state: [String: String]
    /// What has to be done for it, by name.
    public let changes: [Change]
    /// Items that were changed on both sides, and differently: the base's holds.
    public let conflicts: [String]

    /// Merges. Where nothing tells which side changed, the base's value holds.
    /// - Parameters:
    ///   - agreed: What both had before, nil if that is not known.
    ///   - decided: Whose value holds of items that an earlier run has begun to change.
    public init(
        base: [String: String], alternate: [String: String], since agreed: AgreedState?,
        decided: MergeDecisions = .none
    ) {
        var state: [String: String] = [:]
        var changes: [Change] = []
        var conflicts: [String] = []
        for key in Set(base.keys).union(alternate.keys).sorted() {
            let (mine, theirs) = (base[key], alternate[key])
            guard mine != theirs else {
                state[key] = mine
                continue
            }
            let baseIsUnchanged = agreed?.holds(key, mine) ?? false
            let alternateIsUnchanged = agreed?.holds(key, theirs) ?? true
            let holder: PairMember
            if let side = decided[key] {
                holder = side
            } else {
                holder = baseIsUnchanged && !alternateIsUnchanged ? .alternate : .base
                if !baseIsUnchanged, !alternateIsUnchanged { conflicts.append(key) }
            }
            switch holder {
            case .base:
                state[key] = mine
                changes.append(Change(user: .alternate, key: key, from: theirs, to: mine))
            case .alternate:
                state[key] = theirs
                changes.append(Change(user: .base, key: key, from: mine, to: theirs))
            }
        }
        self.state = state
        self.changes = changes
        self.conflicts = conflicts
    }
}

extension StateMerge {
    /// Whose value holds, for all that has to be changed.
    public var decisions: [String: PairMember] {
        Dictionary(changes.map { ($0.key, $0.user.other) }) { $1 }
    }
}

/// One of two users that take turns.
public enum PairMember: Hashable, Sendable {
    /// The user that was there first.
    case base
    /// The one that Keyturn made, or was given.
    case alternate

    /// The other one of the two.
    public var other: PairMember { self == .base ? .alternate : .base }
}
