import KeyturnCore
import Testing

@Suite("JSONDocument and JSONNumber") struct JSONDocumentTests {
    private func failure(_ text: String) -> JSONDocument.Failure? {
        do throws(JSONDocument.Failure) {
            _ = try JSONDocument(Array(text.utf8))
            return nil
        } catch { return error }
    }

    @Test("a value of every kind is read as it was written")
    func reads() throws {
        let text = #"[null,true,false,"a\"\\é",-1.50e+3,{"k":[], "l":{}}]"#
        #expect(try json(text).text == text)
        #expect(try json(" \n\t[ 1 , 2 ]\r ").text == "[1,2]")
        #expect(try json(#""\u00e9\ud83d\ude00\n\/""#).text == "\"é😀\n/\"")
    }

    @Test(
        "what is no JSON is refused at its place",
        arguments: [
            ("", 0), ("nul", 3), ("[1,]", 3), ("{,}", 1), (#"{"a" 1}"#, 5), ("[1 2]", 3), ("'a'", 0), ("\"a", 2),
            ("01", 0),
            ("1.", 0), ("+1", 0), (".5", 0), ("1e", 0), ("-", 0), (#""\x""#, 2), (#""\ud800""#, 0), ("\"\n\"", 1),
            ("1e9999999", 0),
        ])
    func refuses(text: String, position: Int) {
        #expect(failure(text) == .unexpected(at: position))
    }

    @Test("nesting beyond the limit, a key that is there twice, and a tail are refused")
    func limits() {
        let deepest = JSONDocument.deepest
        #expect(failure(String(repeating: "[", count: deepest) + String(repeating: "]", count: deepest)) == nil)
        #expect(failure(String(repeating: "[", count: 100_000)) == .tooDeep(at: deepest))
        #expect(failure(#"{"a":1,"a":2}"#) == .duplicateKey("a", at: 7))
        #expect(failure("1 2") == .trailingBytes(at: 2))
    }

    @Test("numbers are equal by value and ordered by it")
    func numbers() throws {
        func number(_ text: String) throws -> JSONNumber { try #require(JSONNumber(text), "\(text)") }
        for (left, right) in [("300", "300.0"), ("300", "3e2"), ("0", "-0.000"), ("0.05", "5E-2"), ("10e-1", "1")] {
            #expect(try number(left) == number(right) && number(left).hashValue == number(right).hashValue)
        }
        let ordered = [
            "-1e300", "-10", "-9.99", "-0.1", "0", "1e-9", "0.1", "0.11", "1", "1.5", "9", "10", "99", "1e2", "1e300",
        ]
        for (lower, higher) in zip(ordered, ordered.dropFirst()) {
            #expect(try number(lower) < number(higher) && !(number(higher) < number(lower)), "\(lower) \(higher)")
        }
        #expect(try number("9007199254740993") != number("9007199254740992"), "beyond what a Double tells apart")
        for whole in [0, 7, -300, 5_000_000_000, Int.min, Int.max] {
            #expect(try number("\(whole)") == JSONNumber(whole))
        }
    }
}
