import Foundation
import KeyturnCore

/// The system's time-zone data.
enum TimeZoneFiles {
    /// Where Linux keeps it; `TZDIR` may name another place, as for the C library.
    private static var directory: String {
        ProcessInfo.processInfo.environment["TZDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/usr/share/zoneinfo"
    }

    /// Reads the rules of an IANA name, such as `Europe/Berlin`.
    static func rules(_ name: String) throws(TimeZoneError) -> TimeZoneRules {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        let isName =
            !parts.isEmpty
            && parts.allSatisfy { part in
                !part.isEmpty && part != "." && part != ".."
                    && part.utf8.allSatisfy { "-+_".utf8.contains($0) || isLetterOrDigit($0) }
            }
        guard isName, name.utf8.count <= 64 else { throw TimeZoneError("it is no name of a time zone") }
        guard FileManager.default.fileExists(atPath: directory) else {
            throw TimeZoneError("this system has no time-zone data (\(directory))")
        }
        guard let data = FileManager.default.contents(atPath: "\(directory)/\(name)"), data.count < 1 << 20 else {
            throw TimeZoneError("there is no time zone of that name in \(directory)")
        }
        return try TimeZoneRules(tzif: Array(data))
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        case _: false
        }
    }
}
