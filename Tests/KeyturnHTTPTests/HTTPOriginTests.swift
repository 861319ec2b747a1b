import KeyturnCore
import KeyturnHTTP
import Testing

@Suite("HTTPOrigin") struct HTTPOriginTests {
    @Test(
        "a URL's origin is read and written in one form",
        arguments: [
            ("https://Api.Confluent.Cloud", "https://api.confluent.cloud"), ("HTTPS://a.b:443/", "https://a.b"),
            ("http://a:80", "http://a"), ("https://a:8443", "https://a:8443"), ("https://[::1]:1", "https://[::1]:1"),
            ("https://[2001:DB8::1]", "https://[2001:db8::1]"), ("http://127.0.0.1:9", "http://127.0.0.1:9"),
        ])
    func reading(text: String, expected: String) throws {
        #expect("\(try HTTPOrigin(text))" == expected)
        #expect(try HTTPOrigin(text) == HTTPOrigin(expected))
    }

    @Test(
        "what is more than an origin, or none, is refused without being repeated",
        arguments: [
            "", "a.b", "ftp://a.b", "https://", "https:///", "https://us3r@a.b", "https://us3r:pw@a.b", "https://a.b/p",
            "https://a.b?q", "https://a.b#f", "https://a.b\\@evil.invalid", "https://a b", "https://a.b:0",
            "https://a.b:65536", "https://a.b:x", "https://a.b:", "https://a.b:+1", "https://-a.b", "https://a..b",
            "https://a.b.", "https://ü.de", "https://a.b\r\n", "https://1.2.3", "https://127.1", "https://0x7f.1",
            "https://127.0.0.01", "https://2130706433", "https://0x7f000001", "https://[a.b]", "https://::1",
            "https://a%2eb", "https://[::1]x", "https://[fe80::1%25eth0]",
            "https://" + String(repeating: "a", count: 254),
        ])
    func refusing(text: String) {
        let error = #expect(throws: InvalidInput.self) { try HTTPOrigin(text) }
        #expect(error.map { !"\($0)".contains("us3r") } == true)
    }

    @Test(
        "loopback is three spellings and no name that looks like one",
        arguments: [
            ("127.0.0.1", true), ("127.255.0.9", true), ("localhost", true), ("LOCALHOST", true), ("::1", true),
            ("127.0.0.1.example", false), ("localhost.example", false), ("128.0.0.1", false), ("::2", false),
            ("127.example", false), ("0.0.0.0", false),
        ])
    func loopback(host: String, expected: Bool) throws {
        #expect(try HTTPOrigin(.http, host: host).isLoopback == expected)
    }

    @Test("origins differ by scheme, host and port")
    func equality() throws {
        let texts = ["https://a.b", "http://a.b", "https://a.c", "https://a.b:444"]
        #expect(Set(try texts.map { try HTTPOrigin($0) }).count == 4)
    }
}
