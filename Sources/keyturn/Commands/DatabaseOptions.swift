import ArgumentParser
import KeyturnCore

/// What `keyturn rotation configure` takes for databases.
struct DatabaseOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "How two users come to have the same rights: assume, member, owner-role (PostgreSQL), "
                + "grants (MySQL, MariaDB), existing.", valueName: "mode"))
    var mode: ModeArgument?
    @Option(name: .long, help: ArgumentHelp("The second user; NAME_clone if left out.", valueName: "user"))
    var cloneName: String?
    @Flag(name: .long, help: "Take over a second user that exists and carries no mark of Keyturn.")
    var adopt = false
    @Option(
        name: .long,
        help: ArgumentHelp(
            "MySQL, MariaDB: rotate the account of this host part alone. Else it is the account that AWSCURRENT "
                + "logs in as, and those of the same name and password.", valueName: "host"))
    var userHost: String?
    @Flag(name: .long, help: "MySQL, MariaDB: have the old password accepted until the next rotation: no gap.")
    var dualPassword = false

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
        if users == nil, mode != nil || cloneName != nil || adopt {
            throw InvalidInput(
                field: mode != nil ? "--mode" : cloneName != nil ? "--clone-name" : "--adopt",
                problem: "is for two users", remedy: "use it with --strategy alternating-users, or leave it out")
        }
        return StrategyOptions(
            users: users, userHost: userHost, keepsOldPassword: dualPassword, replicas: replicas)
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
            base: names.base, alternate: names.alternate, mode: mode?.mode ?? earlier?.mode ?? .standard(for: family),
            mayAdopt: adopt, family: family)
    }
}

/// A mode on the command line.
struct ModeArgument: ExpressibleByArgument {
    let mode: AlternatingMode

    init?(argument: String) {
        guard let mode = AlternatingMode(rawValue: argument) else { return nil }
        self.mode = mode
    }

    static var allValueStrings: [String] { AlternatingMode.allCases.map(\.rawValue) }
}
