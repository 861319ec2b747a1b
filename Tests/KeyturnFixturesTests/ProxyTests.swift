import Synchronization
import Testing

@testable import KeyturnFixtures

@Suite("A proxy that loses answers", .serialized, .timeLimit(.minutes(1)))
struct ProxyTests {
    /// Answers each chunk with `<chunk>` and remembers all it received.
    private final class EchoServer: Sendable {
        private let received: ReceivedText
        private let loop: AcceptLoop

        /// The text that arrived so far.
        var text: String { received.text.withLock { $0 } }
        /// The port to connect to.
        var port: Int { loop.port }

        init() throws {
            let received = ReceivedText()
            self.received = received
            loop = try AcceptLoop { connection, _ in
                while let chunk = connection.readSome() {
                    let text = String(decoding: chunk, as: UTF8.self)
                    received.text.withLock { $0 += text }
                    guard Loopback.sendAll(Array("<\(text)>".utf8), to: connection) else { return }
                }
            }
        }

        deinit { loop.stop() }
    }

    /// Shared by the threads of a server.
    private final class ReceivedText: Sendable {
        let text = Mutex("")
    }

    private let server: EchoServer
    private let proxy: Proxy

    init() throws {
        server = try EchoServer()
        proxy = try Proxy(to: server.port)
    }

    @Test("unarmed, it forwards both ways")
    func forwards() throws {
        let client = try TestClient(port: proxy.port)
        client.send("one")
        #expect(client.readText(count: 5) == "<one>")
        client.send("two")
        #expect(client.readText(count: 5) == "<two>")
        #expect(proxy.firedCount == 0)
        #expect(proxy.connectionCount == 1)
    }

    @Test("the server gets the fatal request, the client gets no answer to it")
    func cuts() throws {
        proxy.cutAfterClientBytes(matching: Array("COMMIT".utf8))
        let client = try TestClient(port: proxy.port)
        client.send("begin")
        #expect(client.readText(count: 7) == "<begin>")
        client.send("COMMIT;")
        #expect(client.read() == .end)
        #expect(server.text == "beginCOMMIT;")
        #expect(proxy.firedCount == 1)
    }

    @Test("it cuts once, and the next connection works")
    func cutsOnce() throws {
        proxy.cutAfterClientBytes(matching: Array("x".utf8))
        let first = try TestClient(port: proxy.port)
        first.send("x")
        #expect(first.read() == .end)
        let second = try TestClient(port: proxy.port)
        second.send("x")
        #expect(second.readText(count: 3) == "<x>")
    }

    @Test("it cuts as often as it was told")
    func cutsTwice() throws {
        proxy.cutAfterClientBytes(matching: Array("x".utf8), times: 2)
        for _ in 1...2 {
            let client = try TestClient(port: proxy.port)
            client.send("x")
            #expect(client.read() == .end)
        }
        #expect(proxy.firedCount == 2)
    }

    @Test("it recognizes a sequence that arrives in pieces")
    func pieces() throws {
        proxy.cutAfterClientBytes(matching: Array("ALTER ROLE".utf8))
        let client = try TestClient(port: proxy.port)
        client.send("ALTER ")
        #expect(client.readText(count: 8) == "<ALTER >")
        client.send("ROLE app")
        #expect(client.read() == .end)
        #expect(server.text == "ALTER ROLE app")
    }

    @Test("bytes from before it was armed do not count")
    func armedLate() throws {
        let client = try TestClient(port: proxy.port)
        client.send("ALTER")
        #expect(client.readText(count: 7) == "<ALTER>")
        proxy.cutAfterClientBytes(matching: Array("ALTER".utf8))
        client.send("x")
        #expect(client.readText(count: 3) == "<x>")
        #expect(proxy.firedCount == 0)
    }

    @Test("it waits for the answer that was named")
    func awaitsAnswer() throws {
        proxy.cutAfterClientBytes(matching: Array("a".utf8), awaiting: Array("b>".utf8))
        let client = try TestClient(port: proxy.port)
        client.send("ab")
        #expect(client.read() == .end)
        #expect(proxy.firedCount == 1)
    }

    @Test("stalled, it keeps both connections and forwards nothing")
    func stalls() throws {
        proxy.stallAfter(matching: Array("slow".utf8))
        let client = try TestClient(port: proxy.port)
        client.send("slow")
        #expect(proxy.waitUntilFired(timeout: .seconds(5)))
        #expect(waitUntil(timeout: .seconds(60)) { server.text == "slow" })
        #expect(client.send("more"))
        #expect(client.read(timeoutInMilliseconds: 200) == .silence)
        #expect(server.text == "slow")
        let other = try TestClient(port: proxy.port)
        other.send("fast")
        #expect(other.readText(count: 6) == "<fast>")
    }

    @Test("disarmed, it is harmless")
    func disarms() throws {
        proxy.stallAfter(matching: Array("slow".utf8))
        proxy.disarm()
        let client = try TestClient(port: proxy.port)
        client.send("slow")
        #expect(client.readText(count: 6) == "<slow>")
    }

    @Test("without a server behind it, it hangs up")
    func noServer() throws {
        let lonely = try Proxy(to: try Loopback.freePort())
        #expect(try TestClient(port: lonely.port).read() == .end)
    }
}
