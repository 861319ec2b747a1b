import FoundationEssentials
import KeyturnCore

/// The machine's time zones.
enum SystemZone: String, CaseIterable, Sendable {
    case utc = "UTC"
    case berlin = "Europe/Berlin"
    case newYork = "America/New_York"
    case lordHowe = "Australia/Lord_Howe"
    case casablanca = "Africa/Casablanca"

    /// Whether this machine has the files.
    static let areInstalled = allCases.allSatisfy { (try? $0.bytes()) != nil }

    /// The TZif file.
    func bytes() throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: "/usr/share/zoneinfo/\(rawValue)")))
    }

    /// The file's rules.
    func rules() throws -> TimeZoneRules { try TimeZoneRules(tzif: bytes()) }
}
