import KeyturnCore
import KeyturnEngine
import KeyturnSQLiteStore
import KeyturnTesting
import Testing

@Suite("The runner", .timeLimit(.minutes(2)))
struct RotationRunnerTests {
    @Test("a rotation moves AWSCURRENT to a password that works, and tells it")
    func rotates() async throws {
        let world = try await EngineWorld()
        let outcome = try await world.rotate()
        let secret = try await world.store.secret(world.reference)
        #expect(secret.labels.current == outcome.pending && secret.labels.pending == nil)
        #expect(secret.labels.previous != nil && secret.lastRotatedAt != nil)
        #expect(try await world.accepts(.current))
        #expect(try await !world.accepts(.previous))
        let details = try await world.store.events(after: 0, limit: 100).map(\.event.detail)
        #expect(details.count == 4)
        #expect(details[1] == .rotationStarted(trigger: .request) && details[2] == .labelUpdated(.current))
        guard case .rotationSucceeded(let previous, let gap) = details[3] else {
            Issue.record("the last event is \(details[3])")
            return
        }
        #expect(previous == secret.labels.previous && gap != nil)
    }

    @Test("the journal tells every step once, in order")
    func journal() async throws {
        let world = try await EngineWorld()
        let outcome = try await world.rotate()
        let journal = try await world.store.journal(of: outcome.secret.id, pending: outcome.pending)
        #expect(
            journal.map { "\($0.step.rawValue) \($0.mark.rawValue)" } == [
                "createSecret begun", "createSecret done", "setSecret begun", "setSecret intent", "setSecret done",
                "testSecret begun", "testSecret done", "finishSecret begun", "finishSecret done",
            ])
    }

    @Test(
        "--until stops after each step, and the next run goes on with the same version",
        arguments: RotationStep.allCases)
    func until(_ step: RotationStep) async throws {
        let world = try await EngineWorld()
        let first = try await world.rotate(until: step)
        let again = try await world.rotate(until: step)
        if step == .finishSecret {
            #expect(first.pending != again.pending)
        } else {
            #expect(first.end == .stopped(after: step) && again.end == .stopped(after: step))
            let last = try await world.rotate()
            #expect(first.pending == again.pending && last.pending == first.pending && last.wasTakenUp)
        }
        #expect(try await world.accepts(.current))
    }

    @Test("a request that an earlier rotation has answered is not done again")
    func rotatedMeanwhile() async throws {
        let world = try await EngineWorld()
        let requestedAt = world.clock.now
        world.clock.advance(by: .milliseconds(5))
        _ = try await world.rotate()
        await #expect {
            _ = try await world.runner().rotate(world.reference, trigger: .request, requestedAt: requestedAt)
        } throws: { error in
            guard case RotationError.refused(_, .rotatedMeanwhile) = error else { return false }
            return true
        }
    }

    @Test("a reply that is lost is answered by asking the server, not by another password")
    func lostReply() async throws {
        let world = try await EngineWorld()
        // 1: log-in with AWSCURRENT, 2: the change.
        world.server.with { $0.faults[2] = .after(.outcomeUnknown) }
        let outcome = try await world.rotate()
        #expect(outcome.end == .promoted(gap: nil) || outcome.pending.text.count == 36)
        let changes = world.server.calls.filter { $0 == .setPassword(user: "app", by: "app") }
        #expect(changes.count == 1)
        #expect(try await world.accepts(.current))
    }

    @Test("every call at the server fails once, before or after its work, and the next runs converge")
    func everyCall() async throws {
        let kinds: [DatabaseFailure.Kind] = [.unreachable, .timedOut, .outcomeUnknown, .conflict, .notReady, .other]
        for number in 1...3 {
            for kind in kinds {
                for fault in [SimulatedServer.Fault.before(kind), .after(kind)] {
                    let world = try await EngineWorld()
                    world.server.with { $0.faults[number] = fault }
                    var runs = 0
                    var failure: RotationError?
                    repeat {
                        runs += 1
                        do throws(RotationError) {
                            _ = try await world.rotate()
                            failure = nil
                        } catch { failure = error }
                    } while failure != nil && runs < 4
                    let secret = try await world.store.secret(world.reference)
                    #expect(
                        failure == nil && secret.labels.pending == nil,
                        "call \(number), \(fault): \(String(describing: failure))")
                    #expect(try await world.accepts(.current), "call \(number), \(fault)")
                }
            }
        }
    }

    @Test("a change that a fail-over has lost is made again within the run")
    func fallBack() async throws {
        let world = try await EngineWorld()
        _ = try await world.rotate(until: .setSecret)
        world.server.with { $0.passwords["app"] = SimulatedServer.secret("old-password") }
        let outcome = try await world.rotate()
        #expect(try await world.accepts(.current))
        let marks = try await world.store.journal(of: outcome.secret.id, pending: outcome.pending).map(\.mark)
        #expect(marks.contains(.failed))
    }

    @Test("a failure is in the journal and the events, with what to do, and the safe state is asked for")
    func failure() async throws {
        let world = try await EngineWorld()
        world.server.with { $0.identity.hashingObjection = "password_encryption is md5" }
        await #expect {
            _ = try await world.rotate()
        } throws: { error in
            guard case RotationError.step(let failure, .setSecret, _, .currentVerified) = error else { return false }
            return failure.code == .passwordRefused && !failure.remedy.isEmpty
        }
        let attempt = try #require(
            try await world.store.attempts(on: world.store.secret(world.reference).id, limit: 1).first)
        #expect(attempt.status == .open && attempt.lastFailure?.code == .passwordRefused)
        let last = try #require(try await world.store.events(after: 0, limit: 100).last)
        guard case .rotationFailed(let failure) = last.event.detail else {
            Issue.record("the last event is \(last)")
            return
        }
        #expect(failure.code == .passwordRefused)
    }

    @Test("after the change an unreachable server is tried again at once, also after a signal to stop")
    func triedAgain() async throws {
        let world = try await EngineWorld()
        // 1: log-in, 2: change, 3 and 4: testSecret's log-ins.
        world.server.with { $0.faults = [3: .before(.unreachable), 4: .before(.unreachable)] }
        let run = Task { try await world.rotate() }
        run.cancel()
        let outcome = await run.result
        let secret = try await world.store.secret(world.reference)
        if case .success(let outcome) = outcome {
            #expect(secret.labels.current == outcome.pending)
        } else {
            // The signal came before the change: then nothing was changed.
            #expect(!world.server.calls.contains(.setPassword(user: "app", by: "app")))
        }
        #expect(try await world.accepts(.current))
    }

    @Test("after the change a server that goes away for a moment does not end the run")
    func awayForAMoment() async throws {
        let world = try await EngineWorld()
        // 1: log-in, 2: change, 3 and 4: testSecret's log-ins.
        world.server.with { $0.faults = [3: .before(.unreachable), 4: .before(.unreachable)] }
        let outcome = try await world.rotate()
        let secret = try await world.store.secret(world.reference)
        #expect(secret.labels.current == outcome.pending && secret.labels.pending == nil)
        #expect(try await world.accepts(.current))
    }

    @Test("settings that name a strategy this program does not have begin nothing")
    func unknownStrategy() async throws {
        let world = try await EngineWorld()
        let id = try await world.store.secret(world.reference).id
        let settings = RotationSettings(strategy: StrategyName("later"), adminSecret: nil, verification: [])
        try await world.store.configureRotation(of: id, settings, due: nil, target: .unknown, at: world.clock.now)
        await #expect(throws: RotationError.self) { _ = try await world.rotate() }
        #expect(try await world.store.secret(world.reference).labels.pending == nil)
        #expect(try await world.store.attempts(on: id, limit: 1).isEmpty)
    }

    @Test("when nothing logs in any more, the error says so")
    func nothingVerified() async throws {
        let world = try await EngineWorld()
        world.server.with { $0.passwords["app"] = SimulatedServer.secret("reset-by-hand") }
        await #expect {
            _ = try await world.rotate()
        } throws: { error in
            guard case RotationError.step(_, .setSecret, _, .noneVerified) = error else { return false }
            return true
        }
    }

    @Test("no password is in any log line")
    func logs() async throws {
        let world = try await EngineWorld()
        _ = try await world.rotate()
        let secret = try await world.store.secret(world.reference)
        for version in secret.versions {
            let value = try #require(try await world.store.value(of: secret.id, version: version.id, accessedAt: nil))
            let password = try DatabaseSecret(value).password.withBytes { String(decoding: $0, as: UTF8.self) }
            #expect(!world.log.text.contains(password))
        }
        #expect(world.log.text.contains("step done"))
    }
}
