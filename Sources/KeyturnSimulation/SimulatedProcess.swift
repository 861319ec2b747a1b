import KeyturnCore
import Synchronization

/// One daemon's view of the world: every call takes time, may fail, and does nothing once the process has been killed.
final class SimulatedProcess: Sendable {
    /// How likely it is that a call fails, out of a thousand.
    struct Trouble: Sendable {
        var store = 0
        var target = 0
        var stall = 0
        var kill = 0

        static let none = Trouble()
    }

    let holder: HolderID
    private let time: VirtualTime
    private let state: Mutex<(random: SeededRandom, trouble: Trouble, isAlive: Bool)>

    init(_ holder: HolderID, _ time: VirtualTime, seed: UInt64, _ trouble: Trouble) {
        self.holder = holder
        self.time = time
        state = Mutex((SeededRandom(seed: seed), trouble, true))
    }

    var isAlive: Bool { state.withLock { $0.isAlive } }

    func kill() { state.withLock { $0.isAlive = false } }

    /// The troubles end.
    func calm() { state.withLock { $0.trouble = .none } }

    enum Fate {
        case fine
        case failsBefore
        case failsAfter
    }

    /// Time passes, and a fate is drawn.
    func fate(_ likelihood: (Trouble) -> Int) async -> Fate {
        let (pause, fate) = state.withLock { state -> (Int64, Fate) in
            func draws(_ likelihood: Int) -> Bool { Int.random(in: 0..<1_000, using: &state.random) < likelihood }
            var pause = Int64.random(in: 0...3, using: &state.random)
            if draws(state.trouble.stall) { pause += Int64.random(in: 1_000...90_000, using: &state.random) }
            if draws(state.trouble.kill) { state.isAlive = false }
            guard draws(likelihood(state.trouble)) else { return (pause, .fine) }
            return (pause, Bool.random(using: &state.random) ? .failsBefore : .failsAfter)
        }
        // Who is cancelled while the call is on its way gets its answer all the same.
        try? await time.sleep(for: .milliseconds(pause))
        return fate
    }

    func random(_ range: Range<UInt64>) -> UInt64 {
        state.withLock { UInt64.random(in: range, using: &$0.random) }
    }
}
