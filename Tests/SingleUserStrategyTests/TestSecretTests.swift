import KeyturnCore
import KeyturnTesting
import Testing

@testable import SingleUserStrategy

@Suite("createSecret and testSecret of a single user")
struct TestSecretTests {
    private func installed() throws -> StrategyWorld {
        let world = try StrategyWorld(atServer: "new-password")
        world.put(.pending, StrategyWorld.document(password: "new-password"))
        return world
    }

    private func failure(_ world: StrategyWorld, _ context: RotationContext) async -> FailureCode? {
        await world.failure { () throws(StepFailure) in try await world.strategy.testSecret(context) }?.code
    }

    @Test("createSecret changes the password and nothing else, each time another")
    func create() async throws {
        let world = try StrategyWorld()
        let first = try DatabaseSecret(await world.strategy.createSecret(world.context(seed: 1)))
        let second = try DatabaseSecret(await world.strategy.createSecret(world.context(seed: 2)))
        #expect(!first.password.hasSameBytes(as: second.password))
        #expect(first.password.count == 32 && first.account.text == "app")
        #expect(world.server.calls.isEmpty)
    }

    @Test("a password that is installed passes, by one log-in")
    func passes() async throws {
        let world = try installed()
        #expect(await failure(world, try world.context(intent: ["server": "1"])) == nil)
        #expect(world.server.calls == [.logIn(user: "app", accepted: true)])
    }

    @Test("a refused password is told from a failed proof, so that setSecret runs again")
    func refused() async throws {
        let world = try StrategyWorld()
        world.put(.pending, StrategyWorld.document(password: "new-password"))
        #expect(await failure(world, try world.context()) == .pendingRefused)
    }

    @Test("another user, another server, a replica or an open door prove nothing")
    func wrongPlace() async throws {
        let changes: [@Sendable (inout SimulatedServer.Identity) -> Void] = [
            { $0.sessionUser = "somebody" }, { $0.serverID = "2" }, { $0.isReadOnly = true },
            { $0.asksForPassword = false },
        ]
        let codes: [FailureCode] = [.verificationFailed, .verificationFailed, .verificationFailed, .passwordNotAsked]
        for (change, code) in zip(changes, codes) {
            let world = try installed()
            world.server.with { change(&$0.identity) }
            #expect(await failure(world, try world.context(intent: ["server": "1"])) == code)
        }
    }

    @Test("the operator's queries have to give what is expected")
    func verification() async throws {
        let world = try installed()
        world.server.with { $0.results["SELECT 1"] = "1" }
        for (expected, code) in [("1", nil), (nil, nil), ("2", FailureCode.verificationFailed)]
            as [(String?, FailureCode?)]
        {
            let query = VerificationQuery(sql: "SELECT 1", expected: expected)
            #expect(await failure(world, try world.context(verification: [query])) == code)
        }
    }
}
