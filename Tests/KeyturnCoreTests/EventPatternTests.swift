import KeyturnCore
import Testing

@Suite("EventPattern") struct EventPatternTests {
    private func matches(_ pattern: String, _ event: String = rotationEvent) throws -> Bool {
        try EventPattern(pattern).matches(json(event))
    }

    @Test(
        "each comparison of EventBridge's language matches what it should",
        arguments: [
            #"{"source": ["keyturn"], "detail-type": ["AWS Service Event via CloudTrail"]}"#,
            #"{"source": ["other", "keyturn"]}"#, #"{"detail": {"eventName": ["RotationSucceeded"]}}"#,
            #"{"detail": {"readOnly": [false], "managementEvent": [true], "errorCode": [null], "empty": [""]}}"#,
            #"{"time": [{"prefix": "2026-11-24"}]}"#, #"{"region": [{"prefix": {"equals-ignore-case": "EU-"}}]}"#,
            #"{"detail": {"eventName": [{"suffix": "Succeeded"}]}}"#,
            #"{"detail": {"eventName": [{"suffix": {"equals-ignore-case": "SUCCEEDED"}}]}}"#,
            #"{"source": [{"equals-ignore-case": "KeyTurn"}]}"#,
            #"{"detail": {"eventName": [{"anything-but": "RotationFailed"}]}}"#,
            #"{"detail": {"ratio": [{"anything-but": 123}]}}"#,
            #"{"detail": {"eventName": [{"anything-but": ["RotationFailed", "RotationStarted"]}]}}"#,
            #"{"detail": {"ratio": [{"anything-but": [100, 200, 300]}]}}"#,
            #"{"region": [{"anything-but": {"prefix": "us-"}}]}"#,
            #"{"region": [{"anything-but": {"prefix": ["us-", "ap-"]}}]}"#,
            #"{"detail": {"eventName": [{"anything-but": {"suffix": "Failed"}}]}}"#,
            #"{"detail": {"eventName": [{"anything-but": {"suffix": ["Failed", "Started"]}}]}}"#,
            #"{"source": [{"anything-but": {"equals-ignore-case": ["OTHER", "Another"]}}]}"#,
            #"{"detail": {"additionalEventData": {"SecretId": [{"anything-but": {"wildcard": "*/payments*"}}]}}}"#,
            #"{"detail": {"additionalEventData": {"GapMilliseconds": [{"numeric": [">", 10, "<=", 11]}]}}}"#,
            #"{"detail": {"ratio": [{"numeric": ["=", 3.018e2]}]}}"#, #"{"detail": {"ratio": [301.8]}}"#,
            #"{"detail": {"address": [{"cidr": "10.0.0.0/24"}]}}"#,
            #"{"detail": {"address6": [{"cidr": "2001:DB8::/32"}]}}"#,
            #"{"detail": {"eventName": [{"exists": true}]}}"#, #"{"detail": {"errorMessage": [{"exists": false}]}}"#,
            #"{"detail": {"errorCode": [{"exists": true}]}}"#,
            #"{"detail": {"additionalEventData": {"SecretId": [{"wildcard": "arn:*:secret:prod/*"}]}}}"#,
            #"{"$or": [{"source": ["other"]}, {"detail": {"eventName": ["RotationSucceeded"]}}]}"#,
            #"{"detail": {"eventName": ["RotationFailed", {"prefix": "RotationS"}]}}"#,
            #"{"resources": ["arn:three", "arn:two"]}"#, #"{"resources": [{"anything-but": "arn:one"}]}"#,
        ])
    func documented(pattern: String) throws {
        #expect(try matches(pattern))
    }

    @Test(
        "each comparison leaves out what it should",
        arguments: [
            #"{"source": ["Keyturn"]}"#, #"{"source": ["keyturn"], "region": ["us-east-1"]}"#,
            #"{"account": [0]}"#, #"{"detail": {"readOnly": ["false"]}}"#, #"{"detail": {"readOnly": [true]}}"#,
            #"{"detail": {"errorCode": [""]}}"#, #"{"detail": {"empty": [null]}}"#,
            #"{"detail": {"none": [null]}}"#, #"{"detail": {"missing": [null]}}"#,
            #"{"time": [{"prefix": "11-24"}]}"#, #"{"time": [{"suffix": "2026"}]}"#,
            #"{"detail": {"ratio": [{"prefix": "301"}]}}"#, #"{"detail": {"missing": [{"anything-but": "x"}]}}"#,
            #"{"source": [{"anything-but": ["keyturn", "x"]}]}"#, #"{"source": [{"anything-but": {"prefix": "key"}}]}"#,
            #"{"source": [{"anything-but": {"suffix": ["urn", "x"]}}]}"#,
            #"{"source": [{"anything-but": {"equals-ignore-case": "KEYTURN"}}]}"#,
            #"{"source": [{"anything-but": {"wildcard": ["x", "k*n"]}}]}"#,
            #"{"detail": {"ratio": [{"anything-but": 3018e-1}]}}"#,
            #"{"detail": {"additionalEventData": {"GapMilliseconds": [{"numeric": [">", 11]}]}}}"#,
            #"{"detail": {"additionalEventData": {"GapMilliseconds": [{"numeric": [">=", 0, "<", 11]}]}}}"#,
            #"{"source": [{"numeric": ["<", 5]}]}"#, #"{"detail": {"address": [{"cidr": "10.0.1.0/24"}]}}"#,
            #"{"detail": {"address": [{"cidr": "::/0"}]}}"#, #"{"source": [{"cidr": "0.0.0.0/0"}]}"#,
            #"{"detail": {"eventName": [{"exists": false}]}}"#, #"{"detail": {"object": [{"exists": true}]}}"#,
            #"{"detail": {"none": [{"exists": true}]}}"#, #"{"detail": {"users": {"age": [{"exists": false}]}}}"#,
            #"{"source": [{"wildcard": "key"}]}"#, #"{"source": [{"wildcard": "*key"}]}"#,
            #"{"source": {"keyturn": ["x"]}}"#, #"{"detail": ["x"]}"#,
            #"{"$or": [{"source": ["other"]}, {"region": ["other"]}]}"#,
            #"{"source": ["other"], "$or": [{"region": ["eu-central-1"]}, {"id": [{"exists": true}]}]}"#,
        ])
    func leftOut(pattern: String) throws {
        #expect(try !matches(pattern))
    }

    @Test("exists: false holds below what is missing, and where an object stands in a value's place")
    func absence() throws {
        #expect(try matches(#"{"nowhere": {"deeper": {"still": [{"exists": false}]}}}"#))
        #expect(try matches(#"{"detail": {"object": [{"exists": false}]}}"#))
        #expect(try matches(#"{"detail": {"additionalEventData": [{"exists": false}]}}"#))
        #expect(try matches(#"{"detail": {"none": [{"exists": false}]}}"#))
        #expect(try matches(#"{"detail": {"eventName": [{"exists": false}, "RotationSucceeded"]}}"#))
    }

    @Test("fields below an array of objects are those of one element, however deep it stands")
    func arrays() throws {
        func users(_ pattern: String) throws -> Bool { try matches(#"{"detail": {"users": \#(pattern)}}"#) }
        #expect(try users(#"{"name": ["app"], "hosts": ["b"]}"#))
        #expect(try !users(#"{"name": ["app_clone"], "hosts": ["b"]}"#), "of two elements")
        #expect(try users(#"{"name": ["nested"]}"#))
        #expect(try !users(#"{"name": ["app_clone"], "$or": [{"age": [3]}, {"hosts": ["a"]}]}"#))
        #expect(try users(#"{"name": ["app"], "$or": [{"age": [4]}, {"hosts": ["a"]}]}"#))
        #expect(
            try matches(
                #"{"detail": {"users": {"name": ["app"]}}, "$or": [{"detail": {"users": {"age": [3]}}}, {"id": ["x"]}]}"#
            ))
        #expect(
            try !matches(
                #"{"detail": {"users": {"name": ["app_clone"]}}, "$or": [{"detail": {"users": {"age": [3]}}}, {"id": ["x"]}]}"#
            ))
    }

    @Test("a $or beside others, two of them, and one in another")
    func or() throws {
        let event = #"{"source": "s", "metric": "CPU", "type": "t", "namespace": "n", "space": 1000}"#
        #expect(
            try matches(#"{"source": ["s"], "$or": [{"metric": ["x"]}, {"type": ["t"], "namespace": ["n"]}]}"#, event))
        #expect(
            try !matches(#"{"source": ["s"], "$or": [{"metric": ["x"]}, {"type": ["t"], "namespace": ["x"]}]}"#, event))
        #expect(
            try matches(
                #"{"$or": [{"metric": ["x"]}, {"type": ["t"], "$or": [{"id": [1234]}, {"space": [1000]}]}, {"scope": ["x"]}]}"#,
                event))
    }

    @Test("a wildcard is any characters, an escaped one is itself, and many of them take no longer than the text")
    func wildcards() throws {
        func matches(_ pattern: String, _ text: String) throws -> Bool {
            let object = JSONDocument.object([
                .init(key: "a", value: .array([.object([.init(key: "wildcard", value: .string(pattern))])]))
            ])
            return try EventPattern(object).matches(.object([.init(key: "a", value: .string(text))]))
        }
        for (pattern, text) in [
            ("*", ""), ("*", "any"), ("a*", "a"), ("*a", "ba"), ("a*b*c", "aXbYc"), ("a*b*c", "abbc"),
            ("dir/*.png", "dir/x.png"),
            (#"a\*b"#, "a*b"), (#"a\\*"#, #"a\b"#), ("*é*", "née"), ("ab*ba", "abba"), ("*aab*", "aaab"),
        ] {
            #expect(try matches(pattern, text), "\(pattern) \(text)")
        }
        for (pattern, text) in [
            ("a*", "b"), ("a*b*c", "acb"), ("ab*ba", "aba"), (#"a\*b"#, "aXb"), ("a", "ab"), ("*a*a*", "a"),
            ("x*y", "xyz"),
        ] {
            #expect(try !matches(pattern, text), "\(pattern) \(text)")
        }
        let hostile = String(repeating: "a*", count: 1_000) + "b"
        #expect(try !matches(hostile, String(repeating: "a", count: 20_000)))
    }

    @Test("strings are compared by their bytes, and so are names")
    func bytes() throws {
        let (composed, decomposed) = ("\u{e9}", "e\u{301}")
        #expect(try matches(#"{"a": ["\#(composed)"]}"#, #"{"a": "\#(composed)"}"#))
        #expect(try !matches(#"{"a": ["\#(composed)"]}"#, #"{"a": "\#(decomposed)"}"#))
        #expect(try !matches(#"{"\#(composed)": [1]}"#, #"{"\#(decomposed)": 1}"#))
        #expect(try matches(#"{"a": [{"equals-ignore-case": "ÄÖ"}]}"#, #"{"a": "äö"}"#))
    }

    @Test("a pattern of the greatest size and most combinations is matched in no time")
    func largest() throws {
        let choices = (0..<10).map { #"{"x\#($0)": [1]}"# }.joined(separator: ",")
        let three = (0..<3).map { #""d\#($0)": {"$or": [\#(choices)]}"# }.joined(separator: ",")
        #expect(try !matches("{\(three)}"))
        #expect(try matches("{\(three)}", #"{"d0": {"x9": 1}, "d1": {"x9": 1}, "d2": {"x9": 1}}"#))
    }
}
