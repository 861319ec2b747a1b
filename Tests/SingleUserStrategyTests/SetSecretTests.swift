import KeyturnCore
import KeyturnTesting
import Synchronization
import Testing

@testable import SingleUserStrategy

@Suite("setSecret of a single user")
struct SetSecretTests {
    @Test("the ordinary path costs no failed log-in, and the intent is durable before the change")
    func ordinary() async throws {
        let world = try StrategyWorld()
        world.put(.pending, StrategyWorld.document(password: "new-password"))
        try await world.strategy.setSecret(world.context())
        #expect(world.server.calls == [.logIn(user: "app", accepted: true), .setPassword(user: "app", by: "app")])
        #expect(world.recorded.withLock { $0.count } == 1)
        #expect(world.recorded.withLock { $0.first?["server"] } == "1")
    }

    @Test("after an intent the server is asked first, and a password that is there already is left alone")
    func alreadySet() async throws {
        let world = try StrategyWorld(atServer: "new-password")
        world.put(.pending, StrategyWorld.document(password: "new-password"))
        try await world.strategy.setSecret(world.context(intent: ["server": "1"]))
        #expect(world.server.calls == [.logIn(user: "app", accepted: true)])
    }

    @Test("after an intent whose change never arrived it is made")
    func intentWithoutChange() async throws {
        let world = try StrategyWorld()
        world.put(.pending, StrategyWorld.document(password: "new-password"))
        try await world.strategy.setSecret(world.context(intent: ["server": "1"]))
        #expect(world.server.accepts("app", SimulatedServer.secret("new-password")))
    }

    @Test(
        "a stale AWSCURRENT is helped by whatever stored value logs in",
        arguments: ["pending", "previous", "abandoned"])
    func stale(_ holder: String) async throws {
        let world = try StrategyWorld(atServer: "real-password")
        let isPending = holder == "pending"
        world.put(.pending, StrategyWorld.document(password: isPending ? "real-password" : "new-password"))
        if holder == "previous" { world.put(.previous, StrategyWorld.document(password: "real-password")) }
        if holder == "abandoned" { world.abandon(password: "real-password") }
        try await world.strategy.setSecret(world.context())
        #expect(world.server.accepts("app", SimulatedServer.secret(isPending ? "real-password" : "new-password")))
    }

    @Test("when no stored password logs in, nothing is changed and all that was tried is named")
    func outOfSync() async throws {
        let world = try StrategyWorld(atServer: "reset-by-hand")
        world.put(.pending, StrategyWorld.document(password: "new-password"))
        world.put(.previous, StrategyWorld.document(password: "older-password"))
        let context = try world.context()
        let failure = try #require(
            await world.failure { () throws(StepFailure) in try await world.strategy.setSecret(context) })
        #expect(failure.code == .credentialsOutOfSync)
        #expect(failure.message.contains("AWSCURRENT, AWSPREVIOUS, AWSPENDING"))
        #expect(world.server.accepts("app", SimulatedServer.secret("reset-by-hand")))
        #expect(!failure.description.contains("password\""))
    }

    @Test(
        "a failure that is no wrong password leads to no other credential",
        arguments: [
            (DatabaseFailure.Kind.unreachable, FailureCode.targetUnreachable), (.timedOut, .targetUnreachable),
            (.notTrusted, .targetNotTrusted), (.loginNotAllowed, .accountNotUsable), (.limitReached, .accountNotUsable),
            (.refusedByRule, .targetRefusedClient), (.notReady, .targetNotReady), (.other, .targetFailed),
        ])
    func noOtherCredential(_ kind: DatabaseFailure.Kind, _ code: FailureCode) async throws {
        let world = try StrategyWorld()
        world.put(.pending, StrategyWorld.document(password: "new-password"))
        world.put(.previous, StrategyWorld.document(password: "older-password"))
        world.server.with { $0.faults[1] = .before(kind) }
        let context = try world.context()
        let failure = await world.failure { () throws(StepFailure) in try await world.strategy.setSecret(context) }
        #expect(failure?.code == code)
        #expect(world.server.calls.isEmpty)
    }

    @Test(
        "a pending version that names something else leads to no log-in at all",
        arguments: [
            StrategyWorld.document(password: "new", host: "127.0.0.2"),
            StrategyWorld.document(password: "new", port: 5433),
            StrategyWorld.document(user: "postgres", password: "new"), StrategyWorld.document(password: "old-password"),
            StrategyWorld.document(password: "new", extra: #","dbname":"other""#),
            StrategyWorld.document(password: "new", extra: #","sslmode":"require""#),
            StrategyWorld.document(password: "new", extra: #","note":"x""#),
        ])
    func mismatch(_ pending: String) async throws {
        let world = try StrategyWorld()
        world.put(.pending, pending)
        let context = try world.context(intent: ["server": "1"])
        for step in [world.strategy.setSecret, world.strategy.testSecret] {
            let failure = await world.failure { () throws(StepFailure) in try await step(context) }
            #expect(failure?.code == .pendingMismatch)
        }
        #expect(world.server.calls.isEmpty)
    }

    @Test("an admin is put to work only after AWSCURRENT has proven whose user it is")
    func adminAfterProof() async throws {
        let world = try StrategyWorld(atServer: "reset-by-hand")
        world.server.with { state in
            state.passwords["rot"] = SimulatedServer.secret("rot-password")
            state.admins = ["rot"]
        }
        world.put(.pending, StrategyWorld.document(password: "new-password"))
        let admin = #"{"username":"rot","password":"rot-password"}"#
        let context = try world.context(admin: admin)
        let failure = await world.failure { () throws(StepFailure) in try await world.strategy.setSecret(context) }
        #expect(failure?.code == .credentialsOutOfSync)
        #expect(!world.server.calls.contains(.logIn(user: "rot", accepted: true)))

        world.server.with { $0.passwords["app"] = SimulatedServer.secret("old-password") }
        try await world.strategy.setSecret(world.context(admin: admin))
        #expect(world.server.calls.last == .setPassword(user: "app", by: "rot"))
    }

    @Test("an admin's password goes only to the place that the admin was linked for")
    func adminPlace() async throws {
        let world = try StrategyWorld()
        world.server.with { state in
            state.passwords["rot"] = SimulatedServer.secret("rot-password")
            state.admins = ["rot"]
        }
        world.put(.pending, StrategyWorld.document(password: "new-password"))
        let context = try world.context(
            admin: #"{"username":"rot","password":"rot-password"}"#, linkedAt: "postgreSQL other|5432 disable -")
        let failure = await world.failure { () throws(StepFailure) in try await world.strategy.setSecret(context) }
        #expect(failure?.code == .invalidSecret)
        #expect(!world.server.calls.contains(.logIn(user: "rot", accepted: true)))
    }

    @Test("a server that asks for no password, takes no writes or hashes by md5 is left alone")
    func unsuitable() async throws {
        for (index, code) in [FailureCode.passwordNotAsked, .targetReadOnly, .passwordRefused].enumerated() {
            let world = try StrategyWorld()
            world.put(.pending, StrategyWorld.document(password: "new-password"))
            world.server.with { state in
                state.identity.asksForPassword = index != 0
                state.identity.isReadOnly = index == 1
                state.identity.hashingObjection = index == 2 ? "password_encryption is md5" : nil
            }
            let context = try world.context()
            let failure = await world.failure { () throws(StepFailure) in try await world.strategy.setSecret(context) }
            #expect(failure?.code == code)
            #expect(!world.server.calls.contains(.setPassword(user: "app", by: "app")))
            #expect(world.recorded.withLock { $0.isEmpty })
        }
    }
}
