import Dispatch
import Foundation
import KeyturnFixtures

/// Speaks to a port in bytes of its own choice, many connections at once: Python, so that nothing of this project is on
/// both ends.
struct RawClient: Sendable {
    /// One connection.
    struct Talk: Encodable {
        /// What is sent, and how many seconds later than what was sent before.
        var sends: [Send] = []
        /// How long is listened in silence after the last of it.
        var patience = 0.5
        /// The address that it comes from.
        var source = "127.0.0.1"

        struct Send: Encodable {
            var delay: Double
            var text: String
            var times = 1
        }

        init(_ text: String, patience: Double = 0.5, source: String = "127.0.0.1") {
            sends = [Send(delay: 0, text: text)]
            self.patience = patience
            self.source = source
        }

        /// A text, and then pieces with pauses between them.
        init(_ text: String, then piece: String, every delay: Double, times: Int, patience: Double = 0.5) {
            sends = [Send(delay: 0, text: text), Send(delay: delay, text: piece, times: times)]
            self.patience = patience
        }
    }

    /// What came of it.
    struct Outcome: Decodable {
        /// Everything that was answered.
        let reply: String
        /// `open`, `closed` or `reset`.
        let end: String
        /// From the connection to its end, or to the end of patience.
        let seconds: Double

        /// The status of the first answer, nil if there is none.
        var status: Int? { reply.split(separator: " ").dropFirst().first.flatMap { Int($0) } }
        /// How many answers there are.
        var answers: Int { reply.components(separatedBy: "HTTP/1.1 ").count - 1 }
    }

    let port: Int

    /// Holds all conversations at once.
    func talk(_ talks: [Talk]) async throws -> [Outcome] {
        let input = try JSONEncoder().encode(talks)
        let port = port
        // A blocking call, which must not keep the pool's threads from the server under test.
        let result = try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(
                    with: Result {
                        try KeyturnFixtures.run("python3", ["-c", Self.script, String(port)], input: input)
                    })
            }
        }
        guard result.status == 0 else { throw ScriptFailed(error: result.error) }
        return try JSONDecoder().decode([Outcome].self, from: result.outputBytes)
    }

    func talk(_ talk: Talk) async throws -> Outcome { try await self.talk([talk])[0] }

    struct ScriptFailed: Error {
        let error: String
    }

    private static let script = #"""
        import json, socket, sys, threading, time
        port, talks = int(sys.argv[1]), json.load(sys.stdin)
        outcomes = [None] * len(talks)
        def hold(index, talk):
            begin, reply, end = time.monotonic(), bytearray(), "open"
            s = socket.create_connection(("127.0.0.1", port), 10, (talk["source"], 0))
            def listen(seconds):
                until = time.monotonic() + seconds
                while True:
                    s.settimeout(max(0.001, until - time.monotonic()))
                    try:
                        data = s.recv(65536)
                    except socket.timeout:
                        return True
                    if not data:
                        raise EOFError
                    reply.extend(data)
                    if time.monotonic() > until:
                        return True
            try:
                for send in talk["sends"]:
                    for _ in range(send["times"]):
                        if send["delay"]:
                            listen(send["delay"])
                        s.settimeout(10)
                        s.sendall(send["text"].encode("latin-1"))
                listen(talk["patience"])
            except EOFError:
                end = "closed"
            except OSError:
                end = "reset"
            outcomes[index] = {"reply": reply.decode("latin-1"), "end": end, "seconds": time.monotonic() - begin}
            s.close()
        threads = [threading.Thread(target=hold, args=pair) for pair in enumerate(talks)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        json.dump(outcomes, sys.stdout)
        """#
}
