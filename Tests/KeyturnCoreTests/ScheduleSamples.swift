import FoundationEssentials
import KeyturnCore
import Testing

/// An instant from ISO 8601 in UTC: `2026-01-01T00:30:00Z`, or without seconds, minutes and hours.
func utc(_ text: String) throws -> UTCInstant {
    let missing = "2026-01-01T00:00:00Z".dropFirst(text.count)
    return UTCInstant(try Date(text + missing, strategy: .iso8601))
}

/// Why a schedule was refused, nil if it was not.
func scheduleRefusal<Value>(_ make: () throws -> Value) -> ScheduleError? {
    do {
        _ = try make()
        return nil
    } catch let error as ScheduleError {
        return error
    } catch {
        Issue.record(error, "refused by something else than ScheduleError")
        return nil
    }
}
