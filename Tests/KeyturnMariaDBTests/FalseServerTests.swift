import Foundation
import KeyturnCore
import KeyturnFixtures
import KeyturnTesting
import Testing

@testable import KeyturnMariaDB

private let accounts = MariaDBAccounts(systemRootCertificates: "/etc/ssl/certs/ca-certificates.crt")
private let password = "Right1PasswordOf32CharactersAbcd"

private func login(port: Int, mode: String) throws -> DatabaseLogin {
    DatabaseLogin(
        try DatabaseSecret(
            .string(
                SimulatedServer.secret(
                    #"{"engine":"mariadb","host":"127.0.0.1","port":\#(port),"username":"u","password":"\#(password)","#
                        + #""sslmode":"\#(mode)"}"#))))
}

private func failure(_ login: DatabaseLogin, within limit: Duration = .seconds(10)) async -> DatabaseFailure? {
    do throws(DatabaseFailure) {
        await (try accounts.logIn(login, within: limit)).close()
        return nil
    } catch { return error }
}

@Suite("Servers that do not behave", .timeLimit(.minutes(1))) struct FalseServerTests {
    @Test("a TLS handshake that stops, or never ends, is held to the deadline", arguments: [false, true])
    func stuckHandshake(_ trickles: Bool) async throws {
        let server = try FalseMySQLServer(trickles ? .tricklingTLS : .silent, offersTLS: true)
        let login = try login(port: server.port, mode: "verify-full")
        let start = ContinuousClock.now
        #expect(await failure(login, within: .milliseconds(700))?.kind == .timedOut)
        #expect(start.duration(to: .now) < .seconds(10))
        let task = Task { await failure(login, within: .seconds(30)) }
        #expect(await eventually { server.connectionCount == 2 && server.received.count > 100 })
        let cancelled = ContinuousClock.now
        task.cancel()
        #expect(await task.value?.kind == .cancelled)
        #expect(cancelled.duration(to: .now) < .seconds(10))
    }

    @Test(
        "no plugin that shows the password is used",
        arguments: ["mysql_clear_password", "dialog", "mysql_old_password"])
    func clearPassword(_ plugin: String) async throws {
        let server = try FalseMySQLServer(.askingFor(plugin: plugin), offersTLS: false)
        let refused = await failure(try login(port: server.port, mode: "disable"), within: .seconds(2))
        #expect(refused?.kind == .notTrusted, "\(String(describing: refused))")
        #expect(Data(server.received).range(of: Data(password.utf8)) == nil)
        #expect(server.connectionCount == 1)
    }

    @Test("nobody who shows no certificate says anything about the password", arguments: [UInt16(1045), 4151, 1049])
    func earlyRefusal(_ error: UInt16) async throws {
        let server = try FalseMySQLServer(.refusing(error: error), offersTLS: true)
        let refused = await failure(try login(port: server.port, mode: "verify-full"), within: .seconds(2))
        // The library (3.3.20) makes it 2002: no word of it can be trusted.
        #expect(refused?.kind == .unreachable, "\(String(describing: refused))")
    }

    @Test("a server without TLS hears neither user nor password where TLS is asked for")
    func plainServer() async throws {
        let server = try FalseMySQLServer(.silent, offersTLS: false)
        let refused = await failure(try login(port: server.port, mode: "verify-full"), within: .seconds(2))
        #expect(refused?.kind == .notTrusted, "\(String(describing: refused))")
        #expect(server.received.isEmpty)
    }
}

private func eventually(_ condition: @Sendable () -> Bool) async -> Bool {
    for _ in 0..<200 {
        if condition() { return true }
        try? await Task.sleep(for: .milliseconds(20))
    }
    return false
}
