import Foundation
import KeyturnCore
import KeyturnCurl
import KeyturnFixtures
import KeyturnHTTP
import Testing

/// Serialized: the variables of the process are everybody's. Other suites ask loopback hosts or names that don't exist,
/// and the variables name `provider.invalid`'s proxy only while a test here runs.
@Suite("Proxies", .serialized, .timeLimit(.minutes(1))) struct ProxyTests {
    private let target: HTTPTarget
    private let provider: HTTPOrigin

    init() throws {
        target = try HTTPTarget("/c4nary")
        provider = try HTTPOrigin(.https, host: "provider.invalid")
    }

    private func request(_ origin: HTTPOrigin) -> HTTPRequest {
        HTTPRequest(.get, origin, target, authentication: .bearer(SecretBytes("t0ken")))
    }

    @Test("through a proxy the server's own certificate is verified, and the proxy sees neither path nor token")
    func tunnel() async throws {
        let server = try TLSServer()
        let proxy = try HTTPServer { _ in [.tunnel(port: server.port)] }
        let transport = try CurlTransport(CurlSettings(caFile: server.caFile, proxy: .fixed(try proxy.origin())))
        let reply = try await transport.send(request(provider))
        #expect(reply.status.code == 200 && !reply.fields.isEmpty)
        #expect(proxy.requests.map(\.line) == ["CONNECT provider.invalid:443 HTTP/1.1"])
        #expect(proxy.requests.allSatisfy { $0["Authorization"] == nil })

        let distrusting = try CurlTransport(
            CurlSettings(caFile: server.otherCAFile, proxy: .fixed(try proxy.origin())))
        #expect(await distrusting.ending(of: request(provider)).failure?.kind == .notTrusted)
    }

    @Test("a proxy that refuses, and one that is not there, are told as such")
    func refusing() async throws {
        let proxy = try HTTPServer { _ in [.send(HTTPServer.reply(403))] }
        let transport = try CurlTransport(CurlSettings(proxy: .fixed(try proxy.origin())))
        let refused = try #require(await transport.ending(of: request(provider)).failure)
        #expect(refused.kind == .proxyFailed && refused.outcome == .nothingHappened && refused.detail.contains("403"))

        let nowhere = try HTTPOrigin(.http, host: "127.0.0.1", port: Loopback.freePort())
        let absent = try CurlTransport(CurlSettings(proxy: .fixed(nowhere)))
        let failure = try #require(await absent.ending(of: request(provider)).failure)
        #expect(failure.kind == .connectionRefused && failure.outcome == .nothingHappened)
    }

    @Test("loopback hosts are never asked through a proxy")
    func loopback() async throws {
        let server = try HTTPServer.plain()
        let proxy = try HTTPServer { _ in [.send(HTTPServer.reply(403))] }
        let transport = try CurlTransport(CurlSettings(proxy: .fixed(try proxy.origin())))
        #expect(try await transport.send(request(server.origin())).text == "hello")
        #expect(proxy.connectionCount == 0)
    }

    @Test("the variables hold if they are asked for, and no_proxy with them")
    func environment() async throws {
        let server = try TLSServer()
        let proxy = try HTTPServer { _ in [.tunnel(port: server.port)] }
        setenv("https_proxy", "http://127.0.0.1:\(proxy.port)", 1)
        defer {
            unsetenv("https_proxy")
            unsetenv("no_proxy")
        }
        let transport = try CurlTransport(CurlSettings(caFile: server.caFile))
        #expect(try await transport.send(request(provider)).status.code == 200)
        #expect(proxy.connectionCount == 1)
        let direct = try CurlTransport(CurlSettings(caFile: server.caFile, proxy: .none))
        #expect(await direct.ending(of: request(provider)).failure?.kind == .unknownHost)
        setenv("no_proxy", "provider.invalid", 1)
        let fresh = try CurlTransport(CurlSettings(caFile: server.caFile))
        #expect(await fresh.ending(of: request(provider)).failure?.kind == .unknownHost)
        #expect(proxy.connectionCount == 1)
    }
}
