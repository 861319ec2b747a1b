/// Why a fixture could not do its work; the message is for the person who reads the failing test.
package struct FixtureFailure: Error, CustomStringConvertible {
    /// What failed on what, and the system's reason.
    package let description: String

    /// Makes a failure that says `description`.
    package init(_ description: String) {
        self.description = description
    }
}
