public import KeyturnCore
import KeyturnEngine
import Synchronization

/// An executor and a clock in one: it runs every job of a simulation on one thread, in an order drawn from a seed, and lets
/// time pass when nothing is left to run. The same seed gives the same run.
public final class VirtualTime: TaskExecutor, Sendable {
    private struct Sleeper {
        let wakesAt: Int64
        let number: Int
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var jobs: [UnownedJob] = []
        var sleepers: [Sleeper] = []
        /// Sleeps that were given up before they began.
        var cancelled: Set<Int> = []
        var number = 0
        /// Milliseconds since the simulation began; never goes back.
        var elapsed: Int64 = 0
        var random: SeededRandom
    }

    private let state: Mutex<State>

    /// Draws the order of jobs from a seed.
    public init(seed: UInt64) { state = Mutex(State(random: SeededRandom(seed: seed))) }

    /// How long the simulation has run, in its own time.
    public var elapsed: Duration { .milliseconds(state.withLock { $0.elapsed }) }

    /// Takes a job.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        state.withLock { $0.jobs.append(job) }
    }

    /// Waits in virtual time.
    public func sleep(for duration: Duration) async throws {
        let number = state.withLock { state in
            state.number += 1
            return state.number
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let isCancelled = state.withLock { state in
                    if state.cancelled.remove(number) != nil { return true }
                    let wakesAt = state.elapsed + max(0, duration.wholeMilliseconds)
                    state.sleepers.append(Sleeper(wakesAt: wakesAt, number: number, continuation: continuation))
                    return false
                }
                if isCancelled { continuation.resume(throwing: CancellationError()) }
            }
        } onCancel: {
            let sleeper = state.withLock { state -> Sleeper? in
                guard let index = state.sleepers.firstIndex(where: { $0.number == number }) else {
                    state.cancelled.insert(number)
                    return nil
                }
                return state.sleepers.remove(at: index)
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Runs a body and everything that it starts to the end, on the thread that calls.
    /// - Returns: The body's value; nil if nothing was left to run before it came.
    public func run<Value: Sendable>(_ body: @escaping @Sendable () async -> Value) -> Value? {
        let result = Result<Value>()
        // Owned by this call, which ends when it has; on this executor alone.
        Task(executorPreference: self) {
            let value = await CancellationShield.$executor.withValue(self) { await body() }
            result.value.withLock { $0 = value }
        }
        while true {
            if let value = result.value.withLock({ $0 }) { return value }
            if let job = nextJob() {
                job.runSynchronously(on: asUnownedTaskExecutor())
            } else if !wakeNext() {
                return nil
            }
        }
    }

    private final class Result<Value: Sendable>: Sendable {
        let value = Mutex<Value?>(nil)
    }

    private func nextJob() -> UnownedJob? {
        state.withLock { state in
            guard !state.jobs.isEmpty else { return nil }
            return state.jobs.remove(at: Int.random(in: state.jobs.indices, using: &state.random))
        }
    }

    /// Lets time pass until the next sleeper wakes; false if nobody sleeps.
    private func wakeNext() -> Bool {
        let sleeper = state.withLock { state -> Sleeper? in
            let next = state.sleepers.indices.min { left, right in
                (state.sleepers[left].wakesAt, state.sleepers[left].number)
                    < (state.sleepers[right].wakesAt, state.sleepers[right].number)
            }
            guard let next else { return nil }
            let sleeper = state.sleepers.remove(at: next)
            state.elapsed = max(state.elapsed, sleeper.wakesAt)
            return sleeper
        }
        sleeper?.continuation.resume()
        return sleeper != nil
    }
}

/// A wall clock on virtual time, which can be set as wall clocks are.
public final class VirtualClock: UTCClock {
    let time: VirtualTime
    private let start: UTCInstant
    private let shift = Mutex<Int64>(0)

    /// Starts at a moment.
    public init(_ time: VirtualTime, start: UTCInstant) {
        self.time = time
        self.start = start
    }

    /// The time it shows.
    public var now: UTCInstant {
        start.advanced(by: time.elapsed + .milliseconds(shift.withLock { $0 }))
    }

    /// A millisecond.
    public var minimumResolution: Duration { .milliseconds(1) }

    /// Sets the clock forward or back; who sleeps is not woken by that.
    public func jump(by duration: Duration) { shift.withLock { $0 += duration.wholeMilliseconds } }

    /// Waits as long as it is to the deadline now.
    public func sleep(until deadline: UTCInstant, tolerance: Duration?) async throws {
        try await time.sleep(for: now.duration(to: deadline))
    }
}
