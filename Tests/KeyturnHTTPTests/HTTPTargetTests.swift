import KeyturnCore
import KeyturnHTTP
import Testing

@Suite("HTTPTarget and HTTPURL") struct HTTPTargetTests {
    @Test("a query's items can't add others")
    func encoding() throws {
        let target = try HTTPTarget("/p", query: [.init("a&b", "1=2&c=3"), .init("ü", "+ /?#%")])
        #expect(target.text == "/p?a%26b=1%3D2%26c%3D3&%C3%BC=%2B%20%2F%3F%23%25")
        #expect(HTTPTarget.segment("a/../b?c#d%e") == "a%2F..%2Fb%3Fc%23d%25e")
    }

    @Test(
        "a path that climbs, or that is none, is refused",
        arguments: [
            "", "a", "/../a", "/a/..", "/a/./b", "/%2e%2E/a", "/.%2e", "/a b", "/a?b", "/a#b", "/a\r\n", "/ü", "/a\\b",
            "/" + String(repeating: "a", count: 8_000),
        ])
    func refusing(path: String) {
        #expect(throws: InvalidInput.self) { try HTTPTarget(path) }
    }

    @Test("dots that climb nowhere stay", arguments: ["/...", "/a..b", "/.well-known/x", "/v1.2"])
    func dots(path: String) throws {
        #expect(try HTTPTarget(path).path == path)
    }

    @Test("a URL is read whole, and shows no query")
    func url() throws {
        let url = try HTTPURL("https://hooks.example:8443/a/b?key=c4nary&x=%20")
        #expect(url.origin.description == "https://hooks.example:8443" && url.target.text == "/a/b?key=c4nary&x=%20")
        var dumped = ""
        dump(url, to: &dumped)
        #expect("\(url)" == "https://hooks.example:8443/a/b" && !(dumped + "\(url)\(url.target)").contains("c4nary"))
        #expect(try HTTPURL("http://a").target.text == "/" && HTTPURL("http://a?b").target.text == "/?b")
    }

    @Test(
        "a URL with a fragment, a user or a character that is not encoded is refused",
        arguments: ["https://a/b#c", "https://u@a/b", "https://a/b c", "https://a/?b c", "https://a/?\u{e9}", "/a"])
    func refusingURL(text: String) {
        #expect(throws: InvalidInput.self) { try HTTPURL(text) }
    }
}
