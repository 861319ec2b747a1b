import KeyturnCore
import KeyturnEngine
import KeyturnTesting
import Testing

@testable import KeyturnEngine

@Suite("A step's limits", .timeLimit(.minutes(1)))
struct StepLimitTests {
    @Test("a body that honours cancellation is ended, and counts as timed out unless it had finished")
    func limit() async {
        let failure = await Self.failure { () async throws(StepFailure) in
            try await TimeLimit.run(.milliseconds(50), on: ContinuousClock()) { () async throws(StepFailure) in
                do { try await ContinuousClock().sleep(for: .seconds(60)) } catch {
                    throw StepFailure(.interrupted, "given up", remedy: "again")
                }
            }
        }
        #expect(failure?.code == .stepTimedOut)
        let none = await Self.failure { () async throws(StepFailure) in
            try await TimeLimit.run(.seconds(10), on: ContinuousClock()) { () async throws(StepFailure) in }
        }
        #expect(none == nil)
    }

    @Test("a caller that gives up hears the body's own answer, not that time ran out")
    func cancelled() async {
        let step = Task {
            await Self.failure { () async throws(StepFailure) in
                try await TimeLimit.run(.seconds(60), on: ContinuousClock()) { () async throws(StepFailure) in
                    do { try await ContinuousClock().sleep(for: .seconds(60)) } catch {
                        throw StepFailure(.interrupted, "given up", remedy: "again")
                    }
                }
            }
        }
        step.cancel()
        #expect(await step.value?.code == .interrupted)
    }

    private static func failure(_ body: () async throws(StepFailure) -> Void) async -> StepFailure? {
        do throws(StepFailure) {
            try await body()
            return nil
        } catch { return error }
    }

    @Test("a failure that asking again can answer is tried four times in a run, then left to the next")
    func tries() async throws {
        let world = try await EngineWorld()
        world.server.with { state in for call in 1...4 { state.faults[call] = .before(.notReady) } }
        await #expect {
            _ = try await world.rotate()
        } throws: { error in
            guard case RotationError.step(let failure, .setSecret, _, _) = error else { return false }
            return failure.code == .targetNotReady
        }
        _ = try await world.rotate()
        #expect(try await world.accepts(.current))
    }
}
