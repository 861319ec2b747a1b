import KeyturnSimulation
import Testing

@testable import KeyturnCore

@Suite("RequestLimits") struct RequestLimitsTests {
    private static func key(_ number: Int) throws -> AccessKeyID {
        let letters = Array("ABCDEFGHIJ")
        let tail = String(number).map { letters[$0.wholeNumberValue ?? 0] }
        return try AccessKeyID("KTAK" + String(repeating: "A", count: 16 - tail.count) + String(tail))
    }

    /// How many of a number of requests at one moment go through.
    private static func admitted(
        _ limits: inout RequestLimits, _ count: Int, _ action: AccessAction, _ key: AccessKeyID, at now: UTCInstant
    ) -> Int {
        (0..<count).count { _ in limits.wait(for: action, by: key, at: now) == nil }
    }

    @Test("a second's worth goes through at once, then the rate; each key and group by itself")
    func burst() throws {
        var limits = try RequestLimits()
        let (first, second) = (try Self.key(1), try Self.key(2))
        let now = AccessSample.now
        #expect(Self.admitted(&limits, 200, .createSecret, first, at: now) == 50)
        #expect(limits.wait(for: .createSecret, by: first, at: now) == .milliseconds(20))
        #expect(Self.admitted(&limits, 200, .createSecret, second, at: now) == 50)
        #expect(Self.admitted(&limits, 200, .deleteSecret, first, at: now) == 50)
        #expect(Self.admitted(&limits, 20_000, .getSecretValue, first, at: now) == 10_000)
        #expect(Self.admitted(&limits, 200, .createSecret, first, at: now.advanced(by: .milliseconds(100))) == 5)
        #expect(Self.admitted(&limits, 200, .createSecret, first, at: now.advanced(by: .seconds(60))) == 50)
    }

    @Test("operations of one group share its rate")
    func groups() throws {
        var limits = try RequestLimits()
        let key = try Self.key(1)
        #expect(Self.admitted(&limits, 30, .putResourcePolicy, key, at: AccessSample.now) == 30)
        #expect(Self.admitted(&limits, 30, .getResourcePolicy, key, at: AccessSample.now) == 20)
        #expect(AccessAction.allCases.allSatisfy { RequestGroup($0).requestsPerSecond >= 50 })
        #expect(Set(AccessAction.allCases.map(RequestGroup.init)).count == RequestGroup.allCases.count)
    }

    @Test("rates are scaled, and never to nothing")
    func scale() throws {
        for (percent, expected) in [(1, 1), (50, 25), (100, 50), (200, 100), (10_000, 5_000)] {
            var limits = try RequestLimits(scale: percent)
            #expect(Self.admitted(&limits, 6_000, .createSecret, try Self.key(1), at: AccessSample.now) == expected)
        }
        for percent in [0, -1, 10_001] { #expect(throws: InvalidInput.self) { try RequestLimits(scale: percent) } }
    }

    @Test(
        "over any time no more goes through than a burst and the rate, and what was told to wait goes through then",
        arguments: [21, 22, 23] as [UInt64])
    func property(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let rate = [1, 7, 50, 333].randomElement(using: &random) ?? 1
        var bucket = TokenBucket(rate: rate, at: AccessSample.now)
        var now = AccessSample.now
        var taken = 0
        for step in 0..<5_000 {
            now = now.advanced(by: .milliseconds(Int64.random(in: 0...30, using: &random)))
            if let wait = bucket.take(at: now) {
                var copy = bucket
                let wasTooEarly = copy.take(at: now.advanced(by: wait - .milliseconds(1))) != nil
                copy = bucket
                #expect(wasTooEarly && copy.take(at: now.advanced(by: wait)) == nil, "seed \(seed), step \(step)")
            } else {
                taken += 1
            }
            let most = Double(rate) * (1 + AccessSample.now.duration(to: now) / .seconds(1))
            try #require(Double(taken) <= most + 1e-6, "seed \(seed), step \(step), rate \(rate): \(taken) of \(most)")
        }
        #expect(taken > rate, "seed \(seed)")
    }

    @Test("a clock that is set back stops nobody, and one that jumps on gives no more than a burst")
    func clockJumps() {
        var bucket = TokenBucket(rate: 10, at: AccessSample.now)
        for _ in 0..<10 { #expect(bucket.take(at: AccessSample.now) == nil) }
        let before = AccessSample.now.advanced(by: .seconds(-86_400))
        #expect(bucket.take(at: before) != nil)
        #expect(bucket.take(at: before.advanced(by: .milliseconds(100))) == nil)
        let later = UTCInstant(millisecondsSinceEpoch: .max / 2)
        #expect((0..<20).count { _ in bucket.take(at: later) == nil } == 10)
    }

    @Test("what is remembered is bounded, and a busy key stays limited", .timeLimit(.minutes(1)))
    func bounded() throws {
        var limits = try RequestLimits()
        var now = AccessSample.now
        let busy = try Self.key(9_999_999)
        #expect(Self.admitted(&limits, 50, .createSecret, busy, at: now) == 50)
        var further = 0
        for number in 0..<20_000 {
            _ = limits.wait(for: .createSecret, by: try Self.key(number), at: now)
            if number % 500 == 0 {
                if limits.wait(for: .createSecret, by: busy, at: now) == nil { further += 1 }
                now = now.advanced(by: .milliseconds(1))
            }
        }
        // 40 milliseconds at 50 a second.
        #expect(further <= 2)
        #expect(limits.bucketCount <= RequestLimits.mostBuckets)
    }
}
