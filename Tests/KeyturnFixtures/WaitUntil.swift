import Glibc

/// Asks `condition` again and again until it holds or `timeout` has passed; true if it held.
///
/// The condition is asked at least once, and once more after the deadline.
package func waitUntil(
    timeout: Duration,
    every interval: Duration = .milliseconds(2),
    _ condition: () throws -> Bool
) rethrows -> Bool {
    let deadline = ContinuousClock.now + timeout
    let microseconds = useconds_t(clamping: Int64(interval / .microseconds(1)))
    while ContinuousClock.now < deadline {
        if try condition() { return true }
        usleep(max(microseconds, 100))
    }
    return try condition()
}
