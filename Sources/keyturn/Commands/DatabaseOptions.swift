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

    /// What was chosen.
    var choices: DatabaseChoices {
        DatabaseChoices(
            mode: mode?.mode, cloneName: cloneName, mayAdopt: adopt, userHost: userHost, keepsOldPassword: dualPassword)
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
