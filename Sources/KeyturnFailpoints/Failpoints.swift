#if KEYTURN_FAILPOINTS
private import Glibc
private import Synchronization

/// Ends the process, or makes an effect fail, before or after its n-th side effect. In debug builds only.
///
/// Every side effect of a rotation is a call of a port: wrapping the ports puts a point before and after each, without a
/// line in the code that is tested.
public final class Failpoints: Sendable {
    /// What happens at the chosen point.
    public enum Action: String, Sendable {
        /// SIGKILL, as by the kernel's out-of-memory killer or a power cut.
        case kill
        /// The effect is reported as failed: before it, nothing has happened; after it, it has.
        case fail
    }

    private let action: Action
    private let place: String
    private let announce: @Sendable (String) -> Void
    private let passed = Mutex((total: 0, byName: [String: Int]()))

    /// Reads a plan: `kill@7` is the seventh point, `fail@after:store.promote` the first of that name, and
    /// `kill@before:accounts.logIn#2` the second.
    /// - Parameter announce: Told the name of the point just before the action.
    public init?(_ plan: String, announce: @escaping @Sendable (String) -> Void) {
        let parts = plan.split(separator: "@", maxSplits: 1)
        guard parts.count == 2, let action = Action(rawValue: String(parts[0])) else { return nil }
        self.action = action
        place = String(parts[1])
        self.announce = announce
    }

    /// Passes a point.
    /// - Returns: Whether the effect has to be reported as failed.
    func passes(_ name: String) -> Bool {
        let (number, occurrence) = passed.withLock { passed in
            passed.total += 1
            passed.byName[name, default: 0] += 1
            return (passed.total, passed.byName[name] ?? 1)
        }
        let isHere = place == String(number) || place == "\(name)#\(occurrence)" || (place == name && occurrence == 1)
        guard isHere else { return false }
        announce("failpoint \(number): \(name)#\(occurrence)")
        switch action {
        case .kill:
            kill(getpid(), SIGKILL)
            // The signal is delivered before this returns; if not, wait for it.
            while true { pause() }
        case .fail: return true
        }
    }

    func effect<Value, Failure: Error>(
        _ name: String, failingWith failure: Failure, _ body: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        if passes("before:\(name)") { throw failure }
        let value = try await body()
        if passes("after:\(name)") { throw failure }
        return value
    }
}
#endif
