import Testing

@testable import KeyturnCore

@Suite("Values in conditions") struct ConditionValueTests {
    @Test(
        "an address is in a range by its first bits",
        arguments: [
            ("203.0.113.0/24", "203.0.113.255", true), ("203.0.113.0/24", "203.0.114.0", false),
            ("203.0.113.77/24", "203.0.113.1", true), ("0.0.0.0/0", "1.2.3.4", true), ("10.0.0.1", "10.0.0.1", true),
            ("10.0.0.1", "10.0.0.2", false), ("10.0.0.0/9", "10.127.0.1", true), ("10.0.0.0/9", "10.128.0.1", false),
            ("2001:db8::/32", "2001:db8:1:2:3:4:5:6", true), ("2001:db8::/32", "2001:db9::", false),
            ("::/0", "::1", true), ("::1", "0:0:0:0:0:0:0:1", true), ("::/0", "1.2.3.4", false),
            ("0.0.0.0/0", "2001:db8::1", false), ("10.0.0.0/8", "::ffff:10.1.2.3", true),
            ("::ffff:0:0/96", "::ffff:10.1.2.3", false),
        ] as [(String, String, Bool)])
    func addresses(_ range: String, _ address: String, _ expected: Bool) throws {
        let range = try #require(IPAddressRange(range))
        #expect(range.contains(try #require(IPAddressRange(address))) == expected)
    }

    @Test(
        "what is no address is refused",
        arguments: [
            "", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4/33", "1.2.3.4/", "1.2.3.4/-1", "/8", "::1::",
            "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "g::", "::/129", "1.2.3.4 ", "::1.2.3", "1:2:3:4:5:6:7::8",
            ":1:2:3:4:5:6:7",
        ])
    func noAddress(_ text: String) { #expect(IPAddressRange(text) == nil) }

    @Test(
        "dates are read as W3C profiles ISO 8601, or as seconds",
        arguments: [
            ("1970-01-01", 0), ("1970-01-01T00:00Z", 0), ("2000-02-29T12:00:00Z", 951_825_600_000),
            ("2026-01-01T00:00:00.5Z", 1_767_225_600_500), ("2026-01-01T00:00:00.123456Z", 1_767_225_600_123),
            ("2026-01-01T02:30:00+02:30", 1_767_225_600_000), ("2025-12-31T19:00:00-05:00", 1_767_225_600_000),
            ("1767225600", 1_767_225_600_000), ("0", 0),
        ] as [(String, Int64)])
    func dates(_ text: String, _ milliseconds: Int64) {
        #expect(PolicyDate.instant(text)?.millisecondsSinceEpoch == milliseconds)
    }

    @Test(
        "what is no date is refused",
        arguments: [
            "", "2026-13-01", "2026-02-29", "2026-00-10", "2026-01-01T", "2026-01-01T00:00:00",
            "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01 00:00:00Z", "2026-01-01T00:00:00.Z",
            "2026-01-01T00:00:00Zx", "1969-12-31", "-1", "9999999999999", "2026-01-01T00:00:00+1:00",
        ])
    func noDate(_ text: String) { #expect(PolicyDate.instant(text) == nil) }

    @Test("numbers are decimal")
    func numbers() {
        #expect(PolicyNumber.value("-1.5e2") == -150 && PolicyNumber.value("7") == 7)
        for text in ["", "nan", "inf", "0x10", "1 ", "1,5", "1e999", String(repeating: "1", count: 33)] {
            #expect(PolicyNumber.value(text) == nil, "\(text)")
        }
    }
}
