import Glibc
import Testing

@testable import KeyturnFixtures

@Suite("Servers that misbehave", .serialized, .timeLimit(.minutes(1)))
struct TroublemakerTests {
    @Test("a full queue lets no connection through")
    func fullQueue() throws {
        let hole = try BlackHole(.refusingToAccept)
        let client = try Loopback.connect(port: hole.port, blocking: false)
        var waiting = pollfd(fd: client.number, events: Int16(POLLOUT), revents: 0)
        #expect(poll(&waiting, 1, 500) == 0)
    }

    @Test("a silent server takes everything and says nothing")
    func silence() throws {
        let hole = try BlackHole(.silent)
        let client = try TestClient(port: hole.port)
        #expect(client.send(String(repeating: "hello ", count: 100_000)))
        #expect(client.read(timeoutInMilliseconds: 200) == .silence)
    }

    @Test("a resetter resets every connection")
    func reset() throws {
        let resetter = try Resetter()
        for _ in 1...3 {
            #expect(try TestClient(port: resetter.port).read() == .reset)
        }
        #expect(resetter.connectionCount == 3)
    }

    @Test("a liar answers its script and hangs up")
    func liar() throws {
        let liar = try Liar(answering: Array("E no".utf8))
        let client = try TestClient(port: liar.port)
        client.send("startup")
        #expect(client.readText(count: 4) == "E no")
        #expect(client.read() == .end)
        #expect(liar.connectionCount == 1)
    }

    @Test("a liar may hold the line")
    func patientLiar() throws {
        let liar = try Liar(thenCloses: false)
        let client = try TestClient(port: liar.port)
        client.send("startup")
        guard case .bytes(let bytes) = client.read() else { throw FixtureFailure("no answer") }
        #expect(Liar.garbage.starts(with: bytes))
        #expect(client.read(timeoutInMilliseconds: 200) == .silence)
    }

    @Test("a port is free again, and its connections are ended, when the server goes")
    func end() throws {
        var hole: BlackHole? = try BlackHole(.silent)
        let port = try #require(hole?.port)
        let client = try TestClient(port: port)
        client.send("hello")
        #expect(client.read(timeoutInMilliseconds: 50) == .silence)
        hole = nil
        #expect(client.read() != .silence)
        #expect(throws: FixtureFailure.self) { try TestClient(port: port) }
    }

    @Test("a free port is free for IPv4 and IPv6")
    func freePort() throws {
        let ports = try (1...20).map { _ in try Loopback.freePort() }
        #expect(ports.allSatisfy { (1024...65_535).contains($0) })
    }
}
