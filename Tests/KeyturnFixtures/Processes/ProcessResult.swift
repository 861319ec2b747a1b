package import Foundation

/// How a child process ended and what it wrote.
package struct ProcessResult: Sendable {
    /// The exit status; -1 if a signal ended the process.
    package let status: Int32
    /// The signal that ended the process, if one did.
    package let terminationSignal: Int32?
    /// Standard output, byte by byte.
    package let outputBytes: Data
    /// Standard error, byte by byte.
    package let errorBytes: Data

    /// Standard output as text; invalid UTF-8 is repaired.
    package var output: String { String(decoding: outputBytes, as: UTF8.self) }

    /// Standard error as text; invalid UTF-8 is repaired.
    package var error: String { String(decoding: errorBytes, as: UTF8.self) }
}
