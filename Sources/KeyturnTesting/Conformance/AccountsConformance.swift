public import KeyturnCore
import Testing

/// What every adapter of `DatabaseAccounts` has to do, tried on a real server: an adapter for another engine is done when
/// this passes.
public struct AccountsConformance {
    private let world: any DatabaseWorld
    private let accounts: any DatabaseAccounts
    private static let limit: Duration = .seconds(20)
    private let salt = [UInt8](repeating: 7, count: 16)

    /// Takes the server and the adapter.
    public init(_ world: any DatabaseWorld, _ accounts: any DatabaseAccounts) {
        self.world = world
        self.accounts = accounts
    }

    /// Names that are legal everywhere and break careless quoting.
    public static let oddNames = [
        "we\"ird'u", "pct%s", "Upper Case", "semi;colon", "back\\slash", "ünïcødé", "current_user", "a@b", "tick`",
    ]

    /// Runs the suite.
    public func run() async throws {
        try await logIns()
        try await ownPassword()
        try await adminsPassword()
        for name in Self.oddNames { try await oddName(name) }
        try await looking()
    }

    private func session(
        _ user: String, _ password: String
    ) async throws -> any DatabaseSession {
        try await accounts.logIn(DatabaseLogin(world.secret(user, password)), within: Self.limit)
    }

    private func failure(_ secret: DatabaseSecret, within limit: Duration = limit) async -> DatabaseFailure.Kind? {
        do throws(DatabaseFailure) {
            await (try accounts.logIn(DatabaseLogin(secret), within: limit)).close()
            return nil
        } catch { return error.kind }
    }

    /// A right password gets in as the right user; a wrong one, and a user that is not there, are told from all else.
    private func logIns() async throws {
        let user = world.uniqueName("con")
        try world.makeUser(user, password: "Right1Password")
        let session = try await session(user, "Right1Password")
        #expect(session.identity.sessionUser == user && session.identity.family == world.engine.family)
        #expect(session.identity.didUsePassword && !session.identity.isReadOnly && session.identity.serverID != nil)
        await session.close()
        let again = try await self.session(user, "Right1Password")
        #expect(again.identity.serverID == session.identity.serverID)
        await again.close()
        #expect(await failure(try world.secret(user, "Wrong1Password")) == .wrongPassword)
        #expect(await failure(try world.secret(world.uniqueName("no"), "Right1Password")) == .wrongPassword)
    }

    private func change(_ user: String, _ password: String, host: String? = nil) throws -> PasswordChange {
        PasswordChange(
            account: try AccountName(user, of: world.engine.family), password: SimulatedServer.secret(password),
            salt: salt, host: host)
    }

    private static let next = "Next1PasswordOf32CharactersAbcde"

    /// A user changes its own password: the new one gets in, the old one does not, and doing it again is no harm.
    private func ownPassword() async throws {
        let user = world.uniqueName("con")
        try world.makeUser(user, password: "Right1Password")
        let session = try await session(user, "Right1Password")
        let change = try change(user, Self.next)
        #expect(try await !session.statements(for: change, within: Self.limit).isEmpty)
        for statement in try await session.statements(for: change, within: Self.limit) {
            #expect(!statement.contains(Self.next), "what a plan shows holds no password")
        }
        try await session.setPassword(change, within: Self.limit)
        try await session.setPassword(change, within: Self.limit)
        await session.close()
        #expect(world.canLogIn(user, Self.next) && !world.canLogIn(user, "Right1Password"))
    }

    /// An admin changes another's; a user that may not is refused as such, and nothing changes.
    private func adminsPassword() async throws {
        let user = world.uniqueName("con")
        let stranger = world.uniqueName("con")
        for name in [user, stranger] { try world.makeUser(name, password: "Right1Password") }
        let own = try await session(user, "Right1Password")
        let host = own.identity.accountHost
        await own.close()
        let refused = try await session(stranger, "Right1Password")
        await #expect(throws: DatabaseFailure.self) {
            try await refused.setPassword(change(user, Self.next, host: host), within: Self.limit)
        }
        await refused.close()
        #expect(world.canLogIn(user, "Right1Password"))
        let admin = try await session(world.admin.name, world.admin.password)
        try await admin.setPassword(change(user, Self.next, host: host), within: Self.limit)
        await admin.close()
        #expect(world.canLogIn(user, Self.next) && !world.canLogIn(user, "Right1Password"))
        #expect(world.canLogIn(stranger, "Right1Password"))
    }

    private func oddName(_ name: String) async throws {
        let user = world.uniqueName(name)
        try world.makeUser(user, password: "Right1Password")
        let session = try await session(user, "Right1Password")
        #expect(session.identity.sessionUser == user)
        try await session.setPassword(change(user, Self.next), within: Self.limit)
        await session.close()
        #expect(world.canLogIn(user, Self.next), "\(user)")
    }

    /// Queries see one value and change nothing; sessions are listed; findings are about the user.
    private func looking() async throws {
        let user = world.uniqueName("con")
        try world.makeUser(user, password: "Right1Password")
        let table = try world.makeTable()
        try world.grant("SELECT, INSERT", on: table, to: user)
        let session = try await session(user, "Right1Password")
        #expect(try await session.firstValue(of: "SELECT a FROM \(table)", within: Self.limit) == "1")
        await #expect(throws: DatabaseFailure.self) {
            _ = try await session.firstValue(of: "INSERT INTO \(table) VALUES (2, 3)", within: Self.limit)
        }
        #expect(try await session.firstValue(of: "SELECT count(*) FROM \(table)", within: Self.limit) == "1")
        let admin = try await self.session(world.admin.name, world.admin.password)
        let account = try AccountName(user, of: world.engine.family)
        #expect(try await admin.sessions(of: account, within: Self.limit).count == 1)
        let found = try await admin.findings(on: account, ownSessions: 0, within: Self.limit)
        #expect(found.contains { $0.check == Finding.privileges && $0.verdict == .pass })
        let nobody = try AccountName(world.uniqueName("no"), of: world.engine.family)
        #expect(
            try await admin.findings(on: nobody, ownSessions: 0, within: Self.limit).contains { $0.verdict == .fail })
        await admin.close()
        await session.close()
    }
}
