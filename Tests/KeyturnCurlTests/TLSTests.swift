import KeyturnCore
import KeyturnCurl
import KeyturnFixtures
import KeyturnHTTP
import Testing

@Suite("TLS over HTTP", .timeLimit(.minutes(1))) struct TLSTests {
    private func ending(
        _ server: TLSServer, host: String = "127.0.0.1", caFile: String?
    ) async throws -> Ending {
        let transport = try CurlTransport(CurlSettings(caFile: caFile))
        return await transport.ending(
            of: HTTPRequest(.get, try HTTPOrigin(.https, host: host, port: server.port), try HTTPTarget("/")))
    }

    @Test("a certificate by the named authority is trusted, by address and by name")
    func trusted() async throws {
        let server = try TLSServer()
        for host in ["127.0.0.1", "localhost"] {
            let reply = try #require(try await ending(server, host: host, caFile: server.caFile).reply)
            #expect(reply.status.code == 200 && reply.text.contains("TLSv1.3"))
        }
    }

    @Test("a certificate by another authority is not, neither by the system's list nor by another file")
    func otherAuthority() async throws {
        let server = try TLSServer()
        for file in [nil, server.otherCAFile] {
            let failure = try #require(try await ending(server, caFile: file).failure)
            #expect(failure.kind == .notTrusted && failure.outcome == .nothingHappened)
            #expect(failure.detail.contains("certificate"), "\(failure)")
        }
    }

    @Test("a certificate for another host is not")
    func otherHost() async throws {
        let server = try TLSServer()
        let failure = try #require(try await ending(server, host: "127.0.0.2", caFile: server.caFile).failure)
        #expect(failure.kind == .notTrusted && failure.outcome == .nothingHappened)
    }

    @Test("a server that speaks nothing newer than TLS 1.1 is not spoken to")
    func oldVersion() async throws {
        let server = try TLSServer(.old)
        // The server works: a client that asks for 1.1 gets it.
        let old = try run(
            "openssl",
            ["s_client", "-connect", "127.0.0.1:\(server.port)", "-tls1_1", "-cipher", "ALL:@SECLEVEL=0"])
        #expect(old.output.contains("Protocol  : TLSv1.1"))
        let failure = try #require(try await ending(server, caFile: server.caFile).failure)
        #expect(failure.kind == .tlsFailed && failure.outcome == .nothingHappened)
    }

    @Test("a server without TLS, and one that resets, are told apart from an untrusted one")
    func noTLS() async throws {
        let plain = try HTTPServer.plain()
        let resetter = try Resetter()
        let transport = try CurlTransport()
        for (port, kinds) in [
            (plain.port, [HTTPFailure.Kind.tlsFailed, .timedOut(.connect)]),
            (resetter.port, [.tlsFailed, .connectionLost]),
        ] {
            let origin = try HTTPOrigin(.https, host: "127.0.0.1", port: port)
            let limits = HTTPLimits.changed { $0.connect = .milliseconds(500) }
            let failure = try #require(
                await transport.ending(of: HTTPRequest(.get, origin, try HTTPTarget("/"), limits: limits)).failure)
            #expect(kinds.contains(failure.kind) && failure.outcome == .nothingHappened, "\(failure.kind)")
        }
    }

    @Test("a handshake that is never answered ends with the time to connect")
    func silentHandshake() async throws {
        let hole = try BlackHole(.silent)
        let transport = try CurlTransport()
        let failure = try #require(
            await transport.ending(
                of: HTTPRequest(
                    .get, try HTTPOrigin(.https, host: hole.host, port: hole.port), try HTTPTarget("/"),
                    limits: .changed { $0.connect = .milliseconds(200) })
            ).failure)
        #expect(failure.kind == .timedOut(.connect) && failure.outcome == .nothingHappened)
    }
}
