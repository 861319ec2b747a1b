import Foundation
import KeyturnCore

extension Duration {
    /// Reads `500ms`, `5s`, `2m`, `1h` or `3d`; nil if it is anything else, or more than a hundred years.
    init?(written text: String) {
        let units: [(String, Int64)] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)]
        guard let (unit, factor) = units.first(where: { text.hasSuffix($0.0) }) else { return nil }
        let digits = text.dropLast(unit.count)
        guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int64(digits),
            number <= 3_155_760_000_000 / factor
        else { return nil }
        self = .milliseconds(number * factor)
    }
}

extension UTCInstant {
    /// Reads ISO 8601 with a time zone, as `2026-12-20T18:00:00Z`, with or without a fraction; nothing may be left out or
    /// stand behind it. Of the years 1970 to 9999.
    init?(written text: String) {
        let shape = #/\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)/#
        guard text.wholeMatch(of: shape) != nil else { return nil }
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: text.contains("."))
        guard let date = try? style.parse(text), (0..<253_402_300_800).contains(date.timeIntervalSince1970) else {
            return nil
        }
        // 30 February is read as another day.
        let day = Date.ISO8601FormatStyle().year().month().day()
        guard let midnight = try? day.parse(String(text.prefix(10))), midnight.formatted(day) == text.prefix(10) else {
            return nil
        }
        self.init(date)
    }
}
