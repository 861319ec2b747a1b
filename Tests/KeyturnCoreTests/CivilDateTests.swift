import Testing

@testable import KeyturnCore

@Suite("CivilDate") struct CivilDateTests {
    @Test("each day of 800 years follows the one before")
    func walk() throws {
        var (year, month, day, weekday) = (1600, 1, 1, 6)
        let first = CivilDate(year: year, month: month, day: day).daysSinceEpoch
        #expect(first == -135_140)
        for count in first..<(first + 292_194) {
            let date = CivilDate(daysSinceEpoch: count)
            guard date == CivilDate(year: year, month: month, day: day), date.daysSinceEpoch == count,
                date.weekday == weekday
            else {
                Issue.record("\(count) is \(date), not \(year)-\(month)-\(day)")
                return
            }
            weekday = (weekday + 1) % 7
            day += 1
            guard day > CivilDate.length(ofMonth: month, in: year) else { continue }
            (month, day) = (month + 1, 1)
            if month > 12 { (year, month) = (year + 1, 1) }
        }
    }

    @Test(
        "known dates",
        arguments: [
            (1970, 1, 1, 0), (1969, 12, 31, -1), (2000, 2, 29, 11_016), (2026, 1, 1, 20_454), (1, 1, 1, -719_162),
            (9999, 12, 31, 2_932_896),
        ])
    func known(year: Int, month: Int, day: Int, count: Int) {
        #expect(CivilDate(year: year, month: month, day: day).daysSinceEpoch == count)
        #expect(CivilDate(daysSinceEpoch: count) == CivilDate(year: year, month: month, day: day))
    }

    @Test("a day past the end of its month counts on")
    func overflow() {
        #expect(
            CivilDate(year: 2026, month: 2, day: 29).daysSinceEpoch
                == CivilDate(year: 2026, month: 3, day: 1).daysSinceEpoch)
        #expect(CivilDate.isLeap(2000) && CivilDate.isLeap(2028) && !CivilDate.isLeap(2100) && !CivilDate.isLeap(2026))
    }
}
