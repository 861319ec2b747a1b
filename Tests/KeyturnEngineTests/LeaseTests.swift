import KeyturnCore
import KeyturnEngine
import KeyturnSQLiteStore
import KeyturnTesting
import Testing

@Suite("Two runners of one secret", .timeLimit(.minutes(2)))
struct LeaseTests {
    /// Leaves an attempt behind whose holder still has its lease.
    private func abandonedRun(_ world: EngineWorld, until step: RotationStep) async throws -> ClaimedRotation {
        if step > .createSecret { _ = try await world.rotate("other", until: .createSecret) }
        let secret = try await world.store.secret(world.reference)
        var random: any RandomNumberGenerator = SystemRandomNumberGenerator()
        return try await world.store.claim(
            ClaimRequest(
                secret: secret.id, trigger: .request, requestedAt: world.clock.now,
                newPending: VersionID(using: &random),
                holder: HolderID("other"), leaseDuration: .seconds(90), isDead: { _ in false }), at: world.clock.now)
    }

    @Test("a live holder keeps others away until its lease is over")
    func busy() async throws {
        let world = try await EngineWorld()
        _ = try await abandonedRun(world, until: .createSecret)
        await #expect {
            _ = try await world.rotate()
        } throws: { error in
            guard case RotationError.refused(_, .rotationUnderWay(HolderID("other"), _)) = error else { return false }
            return true
        }
        world.clock.advance(by: .seconds(91))
        _ = try await world.rotate()
        #expect(try await world.accepts(.current))
    }

    @Test("a dead holder's attempt is taken up at once, with the same version")
    func dead() async throws {
        let world = try await EngineWorld()
        let left = try await abandonedRun(world, until: .setSecret)
        world.kill("other")
        let outcome = try await world.rotate()
        #expect(outcome.pending == left.attempt.pending && outcome.wasTakenUp)
    }

    @Test("a lease of this process's own that no run of it has keeps it from nothing")
    func own() async throws {
        let world = try await EngineWorld()
        let left = try await abandonedRun(world, until: .setSecret)
        let outcome = try await world.rotate("other")
        #expect(outcome.pending == left.attempt.pending && outcome.wasTakenUp)
        #expect(try await world.accepts(.current))
    }

    @Test("two runs of one process on one secret: one of them is refused")
    func twice() async throws {
        let world = try await EngineWorld()
        let runner = world.runner()
        let results = await withTaskGroup(of: Bool.self) { group in
            for _ in 1...2 {
                group.addTask {
                    do throws(RotationError) {
                        _ = try await runner.rotate(world.reference, trigger: .request, requestedAt: world.clock.now)
                        return true
                    } catch { return false }
                }
            }
            return await group.reduce(into: [Bool]()) { $0.append($1) }
        }
        // The second is answered by the first, or refused while it runs, or comes after it: never two at once.
        #expect(results.contains(true))
        #expect(try await world.accepts(.current))
        let attempts = try await world.store.attempts(on: world.store.secret(world.reference).id, limit: 10)
        #expect(attempts.allSatisfy { $0.status == .succeeded })
    }

    @Test("a clock that is put back after a run was cut brings its window no second time")
    func clockPutBack() async throws {
        let world = try await EngineWorld()
        let secret = try await world.store.secret(world.reference)
        let rule = ScheduleSettings(
            expression: "cron(0 8 * * ? *)", automaticallyAfterDays: nil, duration: "2h", isExtended: false,
            timeZone: nil,
            setAt: world.clock.now)
        let settings = RotationSettings(strategy: .singleUser, adminSecret: nil, verification: [], schedule: rule)
        let first = try #require(try DuePlanner.utcOnly.next(of: secret.id, rule, after: world.clock.now))
        try await world.store.configureRotation(
            of: secret.id, settings, due: first, target: .unknown, at: world.clock.now)
        world.clock.advance(by: world.clock.now.duration(to: first.at))
        _ = try await world.rotate(until: .setSecret)
        world.clock.advance(by: .seconds(-8 * 3_600))
        _ = try await world.rotate()
        let next = try #require(try await world.store.due(of: secret.id))
        #expect(next.due.window.start == first.window.start.advanced(by: .seconds(86_400)))
    }

    @Test("a process that slept through its lease can write nothing")
    func fenced() async throws {
        let world = try await EngineWorld()
        let left = try await abandonedRun(world, until: .setSecret)
        world.kill("other")
        _ = try await world.rotate()
        let milestone = Self.installed(left)
        await #expect {
            try await world.store.reach(milestone, under: left.lease, at: world.clock.now)
        } throws: { error in
            guard case StoreError.leaseLost = error else { return false }
            return true
        }
    }

    private static func installed(_ claimed: ClaimedRotation) -> Milestone {
        let rotation = ResumableRotation(of: claimed.secret.id, pending: claimed.attempt.pending, at: .created)
        switch consume rotation {
        case .created(let created): return created.installed().milestone
        case .planned(let planned): return planned.created().milestone
        case .installed(let installed): return installed.milestone
        case .verified(let verified): return verified.milestone
        }
    }

    @Test("many runners at once: one rotates, the others are told to try later")
    func race() async throws {
        let world = try await EngineWorld()
        for _ in 0..<10 {
            let requestedAt = world.clock.now
            world.clock.advance(by: .milliseconds(1))
            let ends = await withTaskGroup(of: String.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        do throws(RotationError) {
                            _ = try await world.runner("runner \(number)").rotate(
                                world.reference, trigger: .request, requestedAt: requestedAt)
                            return "rotated"
                        } catch {
                            switch error {
                            case .refused(_, .rotationUnderWay), .refused(_, .rotatedMeanwhile): return "later"
                            case .refused, .step: return "\(error)"
                            }
                        }
                    }
                }
                return await group.reduce(into: [String]()) { $0.append($1) }
            }
            #expect(ends.sorted() == Array(repeating: "later", count: 7) + ["rotated"])
            #expect(try await world.accepts(.current))
        }
    }

    @Test("a value put by hand while a rotation is open ends it, and the next one begins anew")
    func putByHand() async throws {
        let world = try await EngineWorld()
        let first = try await world.rotate(until: .createSecret)
        let secret = try await world.store.secret(world.reference)
        var random: any RandomNumberGenerator = SystemRandomNumberGenerator()
        world.server.with { $0.passwords["app"] = SimulatedServer.secret("by-hand") }
        _ = try await world.store.put(
            EngineWorld.value("by-hand"), version: VersionID(using: &random), stages: nil, to: secret.id,
            at: world.clock.now)
        let second = try await world.rotate()
        #expect(second.pending != first.pending)
        #expect(try await world.accepts(.current))
    }

    @Test("a password set by an attempt that was given up is still found")
    func abandonedValue() async throws {
        let world = try await EngineWorld()
        _ = try await world.rotate(until: .setSecret)
        // Somebody puts the old value back as AWSCURRENT: the attempt is abandoned, its password is at the server.
        let secret = try await world.store.secret(world.reference)
        var random: any RandomNumberGenerator = SystemRandomNumberGenerator()
        _ = try await world.store.put(
            EngineWorld.value("put-back-by-mistake"), version: VersionID(using: &random), stages: nil, to: secret.id,
            at: world.clock.now)
        _ = try await world.rotate()
        #expect(try await world.accepts(.current))
    }
}
