import KeyturnCore
import Testing

@Suite("EventPattern, what is refused") struct EventPatternRefusalTests {
    private func refusal(_ pattern: String) -> EventPatternError? {
        do throws(EventPatternError) {
            _ = try EventPattern(pattern)
            return nil
        } catch { return error }
    }

    @Test(
        "a malformed pattern is refused with its place and the reason",
        arguments: [
            ("[]", "the pattern", "object"), ("3", "the pattern", "object"), ("{}", "the pattern", "empty objects"),
            ("", "byte 0", "no JSON"), (#"{"a": [1]"#, "byte 9", "no JSON"), (#"{"a": [1]} x"#, "byte 11", "behind"),
            (#"{"a": [1], "a": [2]}"#, "byte 11", "twice"), (#"{"a": [01]}"#, "byte 7", "no JSON"),
            (#"{"a": 1}"#, "a", "must be an object or an array"), (#"{"a": "x"}"#, "a", "a string"),
            (#"{"a": {"b": null}}"#, "a.b", "must be an object or an array"), (#"{"a": []}"#, "a", "empty arrays"),
            (#"{"a": {"b": {}}}"#, "a.b", "empty objects"), (#"{"a": [[1]]}"#, "a[0]", "a value must be"),
            (#"{"a": [{}]}"#, "a[0]", "one key"), (#"{"a": [1, {"prefix": "x", "suffix": "y"}]}"#, "a[1]", "one key"),
            (#"{"a": [{"prefx": "x"}]}"#, "a[0].prefx", "is no comparison"),
            (#"{"a": [{"prefix": 1}]}"#, "a[0].prefix", "must be a string"),
            (#"{"a": [{"prefix": ["x"]}]}"#, "a[0].prefix", "must be a string"),
            (#"{"a": [{"suffix": {"wildcard": "x"}}]}"#, "a[0].suffix", "equals-ignore-case"),
            (#"{"a": [{"suffix": {"equals-ignore-case": 1}}]}"#, "a[0].suffix.equals-ignore-case", "must be a string"),
            (#"{"a": [{"equals-ignore-case": ["x"]}]}"#, "a[0].equals-ignore-case", "must be a string"),
            (#"{"a": [{"anything-but": true}]}"#, "a[0].anything-but[0]", "strings or numbers"),
            (#"{"a": [{"anything-but": []}]}"#, "a[0].anything-but", "empty arrays"),
            (#"{"a": [{"anything-but": ["x", 1]}]}"#, "a[0].anything-but", "not both"),
            (#"{"a": [{"anything-but": [null]}]}"#, "a[0].anything-but[0]", "null"),
            (#"{"a": [{"anything-but": {"prefix": ""}}]}"#, "a[0].anything-but.prefix", "empty string"),
            (#"{"a": [{"anything-but": {"numeric": ["=", 1]}}]}"#, "a[0].anything-but", "not \"numeric\""),
            (#"{"a": [{"anything-but": {"cidr": "10.0.0.0/8"}}]}"#, "a[0].anything-but", "not \"cidr\""),
            (#"{"a": [{"numeric": [">"]}]}"#, "a[0].numeric", "array"),
            (#"{"a": [{"numeric": ["<", 1, ">", 0]}]}"#, "a[0].numeric[0]", "lower bound first"),
            (#"{"a": [{"numeric": ["=", 1, "<", 2]}]}"#, "a[0].numeric[0]", "can't stand here"),
            (#"{"a": [{"numeric": ["!", 1]}]}"#, "a[0].numeric[0]", "can't stand here"),
            (#"{"a": [{"numeric": [">", "1"]}]}"#, "a[0].numeric[1]", "must be numeric"),
            (#"{"a": [{"numeric": [">", 2, "<", 2]}]}"#, "a[0].numeric", "less than the upper"),
            (#"{"a": [{"numeric": [">", 5000000001]}]}"#, "a[0].numeric[1]", "5.0e9"),
            (#"{"a": [{"exists": "true"}]}"#, "a[0].exists", "true or false"),
            (#"{"a": [{"cidr": "10.0.0.0"}]}"#, "a[0].cidr", "block"),
            (#"{"a": [{"cidr": "10.0.0.0/33"}]}"#, "a[0].cidr", "block"),
            (#"{"a": [{"cidr": "10.0.0/8"}]}"#, "a[0].cidr", "block"),
            (#"{"a": [{"cidr": ":::/8"}]}"#, "a[0].cidr", "block"),
            (#"{"a": [{"cidr": "1:2:3:4:5:6:7:8:9/8"}]}"#, "a[0].cidr", "block"),
            (#"{"a": [{"wildcard": "a**b"}]}"#, "a[0].wildcard", "consecutive wildcard characters at pos 1"),
            (#"{"a": [{"wildcard": "a\\b"}]}"#, "a[0].wildcard", "invalid escape character at pos 1"),
            (#"{"$or": {"a": [1]}}"#, "$or", "at least 2"), (#"{"$or": [{"a": [1]}]}"#, "$or", "at least 2"),
            (#"{"$or": [{"a": [1]}, 2]}"#, "$or[1]", "takes objects"),
            (#"{"$or": [{"a": [1]}, {}]}"#, "$or[1]", "empty objects"),
            (#"{"b": {"$or": [{"a": [1]}, {"prefix": ["x"]}]}}"#, "b.$or[1].prefix", "comparison"),
        ])
    func refused(pattern: String, place: String, reason: String) throws {
        let error = try #require(refusal(pattern), "\(pattern)")
        #expect(error.place == place && error.reason.contains(reason), "\(error)")
        #expect(error.description == "Event pattern is not valid. Reason: \(error.reason) at \(error.place)")
    }

    @Test("size, nesting and combinations are read to the limit and refused behind it")
    func limits() throws {
        func sized(_ count: Int) -> String { #"{"a":["\#(String(repeating: "x", count: count - 10))"]}"# }
        #expect(refusal(sized(EventPattern.largest - 20)) == nil)
        #expect(refusal(sized(EventPattern.largest + 1))?.reason.contains("bytes") ?? false)
        func nested(_ levels: Int) -> String {
            String(repeating: #"{"a":"#, count: levels - 1) + "[1]" + String(repeating: "}", count: levels - 1)
        }
        #expect(refusal(nested(JSONDocument.deepest)) == nil)
        #expect(refusal(nested(JSONDocument.deepest + 1))?.reason.contains("nesting") ?? false)
        var deep = JSONDocument.array([.null])
        for _ in 0..<200 { deep = .object([.init(key: "a", value: deep)]) }
        #expect(throws: EventPatternError.self) { try EventPattern(deep) }
        let ten = "[" + (0..<10).map { #"{"x\#($0)":[1]}"# }.joined(separator: ",") + "]"
        func ors(_ count: Int) -> String {
            "{" + (0..<count).map { #""d\#($0)":{"$or":\#(ten)}"# }.joined(separator: ",") + "}"
        }
        #expect(refusal(ors(3)) == nil)
        #expect(refusal(ors(4))?.reason == "there are over 1000 rule combinations")
    }
}
