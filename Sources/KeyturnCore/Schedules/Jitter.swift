/// When in its window a rotation starts: spread out over the secrets, and the same whenever it is asked.
///
/// AWS picks "any moment" of the window and does not say how.
public enum Jitter {
    /// A delay in `.zero ..< limit`, in whole milliseconds; `.zero` for a limit of less than a millisecond.
    ///
    /// Depends on nothing but its arguments: every process, machine and version computes the same, so a restart moves no
    /// rotation. Evenly spread over secrets and over the occurrences of one secret. Not a secret, and no protection
    /// against somebody who chooses names.
    public static func offset(secret: String, occurrence: UTCInstant, within limit: Duration) -> Duration {
        let milliseconds = limit.wholeMilliseconds
        guard milliseconds > 0 else { return .zero }
        let time = UInt64(bitPattern: occurrence.millisecondsSinceEpoch)
        // The last eight bytes are the time, whatever the name: no two inputs give the same bytes.
        let bytes = Array(secret.utf8) + (0..<8).map { UInt8(truncatingIfNeeded: time >> UInt64($0 * 8)) }
        let hash = SipHash.hash(bytes, key: (0, 0))
        return .milliseconds(Int64(hash.multipliedFullWidth(by: UInt64(milliseconds)).high))
    }
}
