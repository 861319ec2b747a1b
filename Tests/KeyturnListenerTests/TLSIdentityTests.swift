import Foundation
import Glibc
import KeyturnCore
import KeyturnFixtures
import KeyturnListener
import Testing

@Suite("A certificate and its key", .timeLimit(.minutes(2))) struct TLSIdentityTests {
    /// Certificates in a directory of their own, made by openssl.
    private struct Files {
        let directory: TemporaryDirectory

        init() throws { directory = try TemporaryDirectory() }

        func path(_ name: String) -> String { directory.path + "/" + name }

        /// Makes NAME.pem and NAME.key, valid for some days from now.
        func make(_ name: String, days: Int = 30) throws {
            let made = try KeyturnFixtures.run(
                "openssl",
                [
                    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj",
                    "/CN=\(name)", "-days", "\(days)", "-keyout", path(name + ".key"), "-out", path(name + ".pem"),
                ])
            #expect(made.status == 0, "\(made.error)")
            #expect(chmod(path(name + ".key"), 0o600) == 0)
        }

        /// Puts a pair where the listener looks, a new file each.
        func install(_ name: String, key: String? = nil) throws {
            for (from, to) in [(name + ".pem", "tls.pem"), ((key ?? name) + ".key", "tls.key")] {
                unlink(path(to))
                try FileManager.default.copyItem(atPath: path(from), toPath: path(to))
            }
        }

        var tls: TLSFiles { TLSFiles(certificate: path("tls.pem"), key: path("tls.key")) }
    }

    private var now: UTCInstant { UTCInstant(millisecondsSinceEpoch: Int64(Date().timeIntervalSince1970 * 1_000)) }

    private func problem(_ files: TLSFiles) -> TLSIdentityError? {
        do throws(TLSIdentityError) {
            _ = try TLSIdentity(files)
            return nil
        } catch { return error }
    }

    @Test("a pair is read with its dates; what is no pair, no PEM, not there or open to others is refused by its name")
    func reading() throws {
        let files = try Files()
        for name in ["a", "b"] { try files.make(name) }
        try files.install("a")
        let identity = try TLSIdentity(files.tls)
        let days = now.duration(to: identity.expiresAt) / .seconds(86_400)
        #expect(days > 29 && days < 31 && identity.beginsAt <= now && identity.chain.count == 1)
        try files.install("a", key: "b")
        let mixed = try #require(problem(files.tls))
        #expect(mixed.field == "certificate" && mixed.problem.contains("is not the certificate of the key"))
        try files.install("a")
        for mode: mode_t in [0o644, 0o640, 0o660, 0o604] where geteuid() != 0 || mode != 0o640 {
            chmod(files.path("tls.key"), mode)
            let open = try #require(problem(files.tls), "mode \(String(mode, radix: 8))")
            #expect(open.field == "key" && open.problem.contains("can be read by others"))
        }
        chmod(files.path("tls.key"), 0o600)
        try Data("no PEM".utf8).write(to: URL(fileURLWithPath: files.path("tls.pem")))
        #expect(problem(files.tls)?.problem == "holds no certificate in PEM")
        unlink(files.path("tls.pem"))
        #expect(problem(files.tls)?.field == "certificate")
        try files.install("a")
        let locked = try KeyturnFixtures.run(
            "openssl",
            ["pkey", "-aes256", "-passout", "pass:word", "-in", files.path("a.key"), "-out", files.path("tls.key")])
        #expect(locked.status == 0)
        chmod(files.path("tls.key"), 0o600)
        let encrypted = try #require(problem(files.tls))
        #expect(encrypted.field == "key" && !encrypted.description.contains("word"))
    }

    @Test("a renewed pair is taken up once it is whole; each bad state is told once, and the one before is kept")
    func renewal() throws {
        let files = try Files()
        for name in ["a", "b"] { try files.make(name) }
        try files.install("a")
        let current = try CurrentIdentity(files.tls)
        let first = current.identity.chain
        #expect(try !current.refresh(at: now))
        try files.install("b", key: "a")
        #expect(throws: TLSIdentityError.self) { try current.refresh(at: now) }
        #expect(try !current.refresh(at: now), "told once")
        #expect(current.identity.chain == first)
        try files.install("b")
        #expect(try current.refresh(at: now))
        #expect(current.identity.chain != first)
        #expect(try !current.take(files.tls, at: now), "the same again is nothing new")
    }

    @Test("a certificate that has ended replaces none that has not, and is better than none")
    func expired() throws {
        let files = try Files()
        try files.make("long", days: 30)
        try files.make("short", days: 1)
        try files.install("long")
        let current = try CurrentIdentity(files.tls)
        let later = now.advanced(by: .seconds(2 * 86_400))
        try files.install("short")
        #expect(throws: TLSIdentityError.self) { try current.refresh(at: later) }
        #expect(current.identity.expiresAt > later)
        #expect(try CurrentIdentity(files.tls).identity.expiresAt < later)
    }
}
