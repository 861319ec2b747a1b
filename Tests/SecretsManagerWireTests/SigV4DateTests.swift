import KeyturnCore
import SecretsManagerWire
import Testing

@Suite("SigV4Date") struct SigV4DateTests {
    @Test("every day from 1970 to 2170 is read as it is written")
    func days() {
        for day in stride(from: Int64(0), to: 73_049, by: 1) {
            let instant = UTCInstant(millisecondsSinceEpoch: (day * 86_400 + day % 86_400) * 1000)
            let date = SigV4Date(instant)
            #expect(SigV4Date(date.text)?.instant == instant, "\(date.text)")
        }
    }

    @Test("milliseconds are dropped, before 1970 too")
    func fractions() {
        #expect(SigV4Date(UTCInstant(millisecondsSinceEpoch: 1_440_938_160_999)).text == "20150830T123600Z")
        #expect(SigV4Date(UTCInstant(millisecondsSinceEpoch: -1)).instant.millisecondsSinceEpoch == -1000)
    }

    @Test(
        "no other form is read",
        arguments: [
            "", "20150830", "2015-08-30T12:36:00Z", "20150830T123600", "20150830t123600Z", "20151330T123600Z",
            "20150230T123600Z", "20150229T000000Z", "20150830T243600Z", "20150830T126000Z", "20150830T123660Z",
            "20150800T123600Z", "00000101T000000Z", "2015083éT12360Z", "20150830T1236 0Z", "+0150830T123600Z",
            "20150830T123600Z ",
        ])
    func otherForms(text: String) {
        #expect(SigV4Date(text) == nil)
    }

    @Test("leap years are those of the Gregorian calendar")
    func leapYears() {
        #expect(SigV4Date("20000229T000000Z") != nil && SigV4Date("20240229T000000Z") != nil)
        #expect(SigV4Date("21000229T000000Z") == nil && SigV4Date("20230229T000000Z") == nil)
    }
}
