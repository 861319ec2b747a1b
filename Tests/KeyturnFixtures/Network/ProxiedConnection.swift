import Glibc

/// One client's connection through a proxy, and the proxy's connection to the server.
struct ProxiedConnection {
    /// The connection that was accepted.
    let client: Descriptor
    /// The connection that was made for it.
    let server: Descriptor
    /// What may go wrong with it.
    let script: ProxyScript

    /// An answer that takes longer is given up, and the connections are dropped without it.
    private static let answerLimit: Int32 = 30_000

    /// POLLRDHUP of <bits/poll.h>, which Swift's Glibc module lacks.
    private static let peerClosed: Int16 = 0x2000

    /// Forwards in both directions until one side ends or the script says so.
    func forward() {
        var earlier: [UInt8] = []
        while true {
            var waiting = [
                pollfd(fd: server.number, events: Int16(POLLIN), revents: 0),
                pollfd(fd: client.number, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&waiting, 2, -1) > 0 else {
                guard errno == EINTR else { return }
                continue
            }
            // The server's bytes first: what it said before the fatal request is delivered.
            if waiting[0].revents != 0 {
                guard let chunk = server.readSome(), Loopback.sendAll(chunk, to: client) else { return }
            }
            guard waiting[1].revents != 0 else { continue }
            guard let chunk = client.readSome() else { return }
            let action = script.action(for: chunk, after: earlier)
            guard Loopback.sendAll(chunk, to: server) else { return }
            earlier = (earlier + chunk).suffix(ProxyScript.patternLimit)
            switch action {
            case nil: continue
            case .cut(let answer): return swallowAnswer(containing: answer)
            case .stall: return stall()
            }
        }
    }

    /// Reads the server's answer and forgets it; the caller drops the connections.
    private func swallowAnswer(containing expected: [UInt8]) {
        var answer: [UInt8] = []
        repeat {
            var waiting = pollfd(fd: server.number, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, Self.answerLimit) > 0, let chunk = server.readSome() else { return }
            answer = answer.suffix(expected.count) + chunk
        } while !answer.contains(sequence: expected)
        script.countFired()
    }

    /// Forwards nothing until the client or the server leaves.
    private func stall() {
        script.countFired()
        let left = Self.peerClosed | Int16(POLLHUP) | Int16(POLLERR)
        var waiting = [
            pollfd(fd: client.number, events: left, revents: 0), pollfd(fd: server.number, events: left, revents: 0),
        ]
        while poll(&waiting, 2, -1) < 0, errno == EINTR {}
    }
}
