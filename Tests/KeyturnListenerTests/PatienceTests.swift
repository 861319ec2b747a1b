import KeyturnListener
import Testing

@Suite("Clients that take too much", .timeLimit(.minutes(2))) struct PatienceTests {
    private let head = "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"

    @Test("a head, a body, an answer and silence each have their time, however many bytes trickle in it")
    func times() async throws {
        func adjust(_ limits: inout ConnectionLimits) {
            (limits.head, limits.body) = (.milliseconds(400), .milliseconds(800))
            (limits.answer, limits.idle) = (.milliseconds(1_200), .milliseconds(1_600))
        }
        try await ListenerWorld.with(adjust) { world in
            let outcomes = try await world.client.talk([
                .init("", patience: 20), .init("GET /a HTTP/1.1\r\nX: ", then: "y", every: 0.05, times: 400),
                .init(head, then: "b", every: 0.05, times: 400),
                .init("GET /hang HTTP/1.1\r\nHost: x\r\n\r\n", patience: 20),
                .init("GET /a HTTP/1.1\r\nHost: x\r\n\r\n", patience: 20),
            ])
            for (outcome, least) in zip(outcomes, [0.4, 0.4, 0.8, 1.2, 1.6]) {
                #expect(
                    outcome.end != "open" && outcome.seconds > least * 0.9 && outcome.seconds < least + 8, "\(outcome)")
            }
            #expect(outcomes.map(\.answers) == [0, 0, 0, 0, 1])
            #expect(world.ledger.reading.cuts == [.slow: 4], "silence after an answer is no fault")
            #expect(world.ledger.reading.open == 0)
        }
    }

    @Test(
        "beyond the connections there may be of an address, and of all, one is sent away; a place that is left is free")
    func places() async throws {
        try await ListenerWorld.with(total: 6, perAddress: 4) { world in
            func talks(_ count: Int, _ source: String) -> [RawClient.Talk] {
                [RawClient.Talk](
                    repeating: .init("GET /a HTTP/1.1\r\nHost: x\r\n\r\n", patience: 1, source: source), count: count)
            }
            let one = try await world.client.talk(talks(7, "127.0.0.2"))
            #expect(one.count { $0.status == 200 } == 4 && one.count { $0.end != "open" } == 3)
            let all = try await world.client.talk(talks(4, "127.0.0.3") + talks(4, "127.0.0.4"))
            #expect(all.count { $0.status == 200 } == 6)
            #expect(world.ledger.reading.cuts == [.addressFull: 3, .full: 2])
        }
    }

    @Test("large bodies share what there is: one that finds no room is told to come again, and small ones pass")
    func bodies() async throws {
        func adjust(_ limits: inout ConnectionLimits) {
            (limits.freeBodyBytes, limits.sharedBodyBytes) = (1_000, 40_000)
        }
        try await ListenerWorld.with(adjust) { world in
            let large =
                "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 50000\r\n\r\n" + String(repeating: "b", count: 30_000)
            let small =
                "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n" + String(repeating: "b", count: 900)
            var second = RawClient.Talk(large, patience: 2)
            second.sends[0].delay = 0.5
            var third = RawClient.Talk(small, patience: 2)
            third.sends[0].delay = 0.5
            let outcomes = try await world.client.talk([.init(large, patience: 3), second, third])
            #expect(outcomes.map(\.status) == [nil, 503, 200])
            #expect(world.ledger.reading.cuts[.bodies] == 1)
            let isGivenBack = await settles { world.ledger.reading.bodyBytes == 0 }
            #expect(isGivenBack, "\(world.ledger.reading)")
        }
    }

    /// Whether something holds within two seconds: the server sees an end when it sees it.
    private func settles(_ holds: () -> Bool) async -> Bool {
        for _ in 0..<100 where !holds() { try? await Task.sleep(for: .milliseconds(20)) }
        return holds()
    }
}
