import KeyturnCore
import Testing

@Suite("FreezeCalendar") struct FreezeCalendarTests {
    private func period(_ from: String, _ to: String, _ name: String? = nil) throws -> FreezePeriod {
        try FreezePeriod(from: utc(from), to: utc(to), name: name)
    }

    @Test("a freeze ends after it starts")
    func order() throws {
        #expect(try period("2026-12-20", "2026-12-20T00:00:01").name == nil)
        for end in ["2026-12-20", "2026-12-19"] {
            let error = try #require(refusal { try period("2026-12-20", end, "sale") })
            #expect(error.field == "freeze" && error.problem.hasPrefix("sale ends at \(end)T00:00:00.000Z"))
        }
    }

    @Test("the start is frozen and the end is not")
    func ends() throws {
        let calendar = FreezeCalendar([try period("2026-12-20", "2027-01-03", "year's end")])
        #expect(try !calendar.isFrozen(at: utc("2026-12-19T23:59:59")))
        #expect(try calendar.isFrozen(at: utc("2026-12-20")))
        #expect(try calendar.isFrozen(at: utc("2027-01-02T23:59:59")))
        #expect(try !calendar.isFrozen(at: utc("2027-01-03")))
        #expect(try calendar.period(at: utc("2026-12-24"))?.name == "year's end")
        #expect(try calendar.period(at: utc("2027-01-03")) == nil)
    }

    @Test("the thaw comes after all freezes that overlap or touch")
    func thaw() throws {
        let calendar = FreezeCalendar([
            try period("2026-12-10", "2026-12-11"), try period("2026-12-04", "2026-12-06"),
            try period("2026-12-01", "2026-12-05"), try period("2026-12-02", "2026-12-03"),
            try period("2026-12-06", "2026-12-08"),
        ])
        #expect(try calendar.nextThaw(after: utc("2026-12-01")) == utc("2026-12-08"))
        #expect(try calendar.nextThaw(after: utc("2026-12-05T12")) == utc("2026-12-08"))
        #expect(try calendar.nextThaw(after: utc("2026-12-08")) == nil)
        #expect(try calendar.nextThaw(after: utc("2026-12-10")) == utc("2026-12-11"))
        #expect(try calendar.period(at: utc("2026-12-04T12")) == period("2026-12-04", "2026-12-06"))
    }

    @Test("without freezes nothing is frozen")
    func empty() throws {
        #expect(try !FreezeCalendar().isFrozen(at: utc("2026-01-01")))
        #expect(try FreezeCalendar().nextThaw(after: utc("2026-01-01")) == nil)
    }
}
