import Glibc

/// The text of the current `errno`, with the name of the call that set it.
func systemFailure(_ call: String, code: Int32 = errno) -> FixtureFailure {
    FixtureFailure("\(call): \(String(cString: strerror(code)))")
}
