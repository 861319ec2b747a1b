public import KeyturnCore
import Testing

/// What every strategy of two database users has to do, on every engine and in every mode that keeps them equal.
public struct AlternatingConformance {
    private let world: any DatabaseWorld
    private let rotate: () async throws -> (user: String, password: String)
    private let findings: () async throws -> [Finding]
    private let base: String
    private let holder: String

    /// - Parameters:
    ///   - base: The user that was there first, able to read nothing yet.
    ///   - holder: Who has the rights that both users act by; the base, unless a role owns everything.
    ///   - rotate: Rotates once; gives AWSCURRENT's credential.
    ///   - findings: What `check` finds.
    public init(
        _ world: any DatabaseWorld, base: String, holder: String? = nil,
        rotate: @escaping () async throws -> (user: String, password: String),
        findings: @escaping () async throws -> [Finding]
    ) {
        self.world = world
        self.base = base
        self.holder = holder ?? base
        self.rotate = rotate
        self.findings = findings
    }

    private func drift() async throws -> [String] {
        try await findings().filter { $0.check == "drift" }.map(\.evidence)
    }

    /// Runs the suite: there and back, with changes on either user in between.
    public func run() async throws {
        let tables = [try world.makeTable(), try world.makeTable(), try world.makeTable()]
        try world.grant("SELECT", on: tables[0], to: base)
        let second = try await rotate()
        #expect(second.user != base)
        #expect(world.canRead(tables[0], as: second.user, password: second.password))
        #expect(try await drift().isEmpty)

        // Granted to the one that applications use now, by the name they see there.
        try world.grant("SELECT", on: tables[1], to: second.user)
        #expect(try await !drift().isEmpty, "check names it before")
        let first = try await rotate()
        #expect(first.user == base, "the two take turns")
        for table in tables[0...1] {
            #expect(world.canRead(table, as: first.user, password: first.password), "\(table)")
        }
        #expect(world.canRead(tables[1], as: second.user, password: second.password))
        #expect(try await drift().isEmpty)

        // Taken from the base: the second user must not bring it back, nor keep it.
        try world.revoke("SELECT", on: tables[0], from: holder)
        try world.grant("SELECT", on: tables[2], to: holder)
        let again = try await rotate()
        #expect(again.user == second.user)
        #expect(!world.canRead(tables[0], as: again.user, password: again.password))
        #expect(!world.canRead(tables[0], as: first.user, password: first.password))
        for table in tables[1...2] {
            #expect(world.canRead(table, as: again.user, password: again.password), "\(table)")
        }
        #expect(!world.canLogIn(second.user, second.password), "its older password is dead")
        #expect(world.canLogIn(first.user, first.password), "the one before AWSCURRENT lives")
    }
}
