import KeyturnCore
import KeyturnFixtures
import KeyturnPostgres
import Testing

@Suite(
    "TLS", .tags(.postgres), .enabled(if: Availability.postgresOrRequired), .serialized, .timeLimit(.minutes(2)))
struct TLSTests {
    private static let server = Result { try PostgresServer.start(tls: true) }

    private func encrypted(_ user: TestUser, _ members: String) async throws -> Bool {
        let session = try await accounts.logIn(user.login(extra: members), within: .seconds(10))
        let isEncrypted = session.identity.isEncrypted
        await session.close()
        return isEncrypted
    }

    @Test("every mode with TLS is encrypted, against the CA that signed the server", arguments: TLSMode.allCases)
    func modes(_ mode: TLSMode) async throws {
        let server = try Self.server.get()
        let user = try TestUser(on: server)
        let ca = try #require(server.caPath)
        let members = #","sslmode":"\#(mode.rawValue)","sslrootcert":"\#(ca)""#
        #expect(try await encrypted(user, members) == (mode != .disable))
    }

    @Test("a server that another CA signed is not trusted", arguments: ["verify-ca", "verify-full"])
    func wrongAuthority(_ mode: String) async throws {
        let server = try Self.server.get()
        let user = try TestUser(on: server)
        let other = try #require(server.otherCAPath)
        let login = try user.login(extra: #","sslmode":"\#(mode)","sslrootcert":"\#(other)""#)
        #expect(await failure(login)?.kind == .notTrusted)
    }

    @Test("a server without TLS is never talked to in plain text instead")
    func plainServer() async throws {
        let server = try PostgresServer.shared.get()
        let user = try TestUser(on: server)
        let ca = try #require(try Self.server.get().caPath)
        for mode in ["require", "verify-ca", "verify-full"] {
            let login = try user.login(extra: #","sslmode":"\#(mode)","sslrootcert":"\#(ca)""#)
            #expect(await failure(login)?.kind == .notTrusted)
        }
    }

    @Test("without any file of trusted certificates nothing is verified, so nothing is sent")
    func noAuthority() async throws {
        let server = try Self.server.get()
        let user = try TestUser(on: server)
        #expect(try await failure(user.login(extra: #","ssl":true"#))?.kind == .notTrusted)
    }
}
