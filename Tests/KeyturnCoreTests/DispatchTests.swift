import KeyturnCore
import Testing

private let start = UTCInstant(millisecondsSinceEpoch: 1_767_225_600_000)
private let hour = ScheduledWindow(start: start, end: start.advanced(by: .seconds(3_600)))

private func entry(
    _ name: String, at target: String = "db:5432", provider: String = "postgres", group: String = "", failures: Int = 0
) throws
    -> DueEntry
{
    DueEntry(
        secret: SecretID(arn: "arn:\(name)"), name: try SecretName(name),
        due: DueDate(window: hour, at: start, failures: failures), strategy: .singleUser,
        target: RotationTarget(address: target, provider: provider), group: group)
}

@Suite("CircuitBreaker") struct CircuitBreakerTests {
    @Test("a clock that is put back by hours does not make its pause longer")
    func clockPutBack() {
        var breaker = CircuitBreaker()
        for _ in 1...3 { breaker.ended(reached: false, at: start) }
        #expect(!breaker.lets(at: start))
        let before = start.advanced(by: .seconds(-7_200))
        #expect(breaker.lets(at: before) && breaker.openUntil(at: before) == nil)
        breaker.started(at: before)
        #expect(!breaker.lets(at: before), "one probe, not two")
    }

    @Test("after three failures in a row it opens, lets one probe through, and doubles its pause")
    func opens() {
        var breaker = CircuitBreaker()
        for _ in 1...2 {
            breaker.ended(reached: false, at: start)
            #expect(breaker.lets(at: start))
        }
        breaker.ended(reached: false, at: start)
        #expect(!breaker.lets(at: start) && !breaker.lets(at: start.advanced(by: .milliseconds(29_999))))
        var now = start.advanced(by: .seconds(30))
        for pause in [60, 120, 240, 480, 900, 900] {
            #expect(breaker.lets(at: now))
            breaker.started(at: now)
            #expect(!breaker.lets(at: now), "one probe, not two")
            breaker.ended(reached: false, at: now)
            #expect(breaker.state == .open(until: now.advanced(by: .seconds(pause)), pause: .seconds(pause)))
            now = now.advanced(by: .seconds(pause))
        }
        breaker.started(at: now)
        breaker.ended(reached: true, at: now)
        #expect(breaker.state == .closed(failures: 0))
    }

    @Test("an answer of whatever kind counts the failures anew")
    func counts() {
        var breaker = CircuitBreaker()
        for _ in 1...10 {
            for _ in 1...2 { breaker.ended(reached: false, at: start) }
            breaker.ended(reached: true, at: start)
            #expect(breaker.lets(at: start))
        }
    }

    @Test("a probe that asked nobody leaves the next one through at once")
    func cancelled() {
        var breaker = CircuitBreaker()
        for _ in 1...3 { breaker.ended(reached: false, at: start) }
        let now = start.advanced(by: .seconds(30))
        breaker.started(at: now)
        breaker.cancelled(at: now)
        #expect(breaker.lets(at: now))
    }
}

@Suite("DispatchBoard") struct DispatchBoardTests {
    @Test("no more run than a provider takes, at however many targets")
    func providers() throws {
        var board = DispatchBoard(.init(total: 8, perTarget: 2, perProvider: 2))
        for name in ["a", "b"] { board.started(try entry(name, at: "\(name):5432"), at: start) }
        #expect(board.closedProviders == ["postgres"])
        #expect(board.hindrance(try entry("c", at: "c:5432"), at: start) == .providerBusy)
        #expect(board.hindrance(try entry("c", at: "c:3306", provider: "mysql"), at: start) == nil)
        #expect(board.hindrance(try entry("c", at: "", provider: ""), at: start) == nil, "nobody's share")
        board.ended(SecretID(arn: "arn:a"), .reached, at: start)
        #expect(board.hindrance(try entry("c", at: "c:5432"), at: start) == nil)
    }

    @Test("no more run than there are slots: in all, at a target, in a group")
    func limits() throws {
        var board = DispatchBoard(.init(total: 4, perTarget: 2, perGroup: 1))
        board.started(try entry("a", at: "one"), at: start)
        #expect(board.hindrance(try entry("a", at: "one"), at: start) == .runs)
        board.started(try entry("b", at: "one", group: "pay"), at: start)
        #expect(board.hindrance(try entry("c", at: "one"), at: start) == .targetBusy)
        #expect(board.hindrance(try entry("c", at: "two", group: "pay"), at: start) == .groupBusy)
        #expect(board.hindrance(try entry("c", at: "two"), at: start) == nil)
        #expect(board.closedTargets(at: start) == ["one"] && board.closedGroups == ["pay"])
        board.started(try entry("c", at: "two"), at: start)
        board.started(try entry("d", at: "three"), at: start)
        #expect(board.hindrance(try entry("e", at: "four"), at: start) == .allSlotsTaken)
        board.ended(SecretID(arn: "arn:b"), .reached, at: start)
        #expect(board.hindrance(try entry("e", at: "one", group: "pay"), at: start) == nil)
    }

    @Test("secrets whose target is not known have only the slots in common")
    func unknownTargets() throws {
        var board = DispatchBoard(.init(total: 3, perTarget: 1))
        for name in ["a", "b", "c"] {
            #expect(board.hindrance(try entry(name, at: ""), at: start) == nil)
            board.started(try entry(name, at: ""), at: start)
        }
        #expect(board.hindrance(try entry("d", at: ""), at: start) == .allSlotsTaken)
    }

    @Test("further tries never take the slots of first ones")
    func furtherTries() throws {
        var board = DispatchBoard(.init(total: 4, perTarget: 4))
        for name in ["a", "b"] { board.started(try entry(name, failures: 1), at: start) }
        #expect(board.hindrance(try entry("c", failures: 2), at: start) == .furtherTriesBusy)
        #expect(board.takesFirstTriesOnly)
        #expect(board.hindrance(try entry("d"), at: start) == nil)
    }

    @Test("a target that does not answer is left alone, and takes few slots while that is not sure")
    func deadTargets() throws {
        var board = DispatchBoard(.init(total: 8, perTarget: 2))
        for name in ["a", "b", "c"] {
            board.started(try entry(name, at: "dead"), at: start)
            board.ended(SecretID(arn: "arn:\(name)"), .unreached, at: start)
        }
        let until = start.advanced(by: .seconds(30))
        #expect(board.hindrance(try entry("d", at: "dead"), at: start) == .targetOpen(until: until))
        #expect(board.openTargets(at: start) == ["dead": until] && board.closedTargets(at: start) == ["dead"])
        #expect(board.hindrance(try entry("d", at: "alive"), at: start) == nil)
        board.started(try entry("d", at: "dead"), at: until)
        #expect(board.hindrance(try entry("e", at: "dead"), at: until) == .targetProbed)
        // Others that have failed once share two slots of the eight; the probe has one of them.
        for name in ["f", "g"] {
            board.started(try entry(name, at: name), at: start)
            board.ended(SecretID(arn: "arn:\(name)"), .unreached, at: start)
        }
        #expect(board.hindrance(try entry("h", at: "f"), at: until) == nil)
        board.started(try entry("h", at: "f"), at: until)
        #expect(board.hindrance(try entry("i", at: "g"), at: until) == .doubtfulBusy)
        #expect(board.closedTargets(at: until).contains("g"))
        board.ended(SecretID(arn: "arn:d"), .reached, at: until)
        #expect(board.hindrance(try entry("i", at: "dead"), at: until) == nil)
    }
}

@Suite("FurtherTry") struct FurtherTryTests {
    private func next(_ code: FailureCode, _ failures: Int, _ now: UTCInstant = start) -> FurtherTry {
        FurtherTry.after(code, failures: failures, of: SecretID(arn: "arn:a"), in: hour, now: now)
    }

    @Test("pauses grow, with a fifth of jitter, and end with the window")
    func pauses() throws {
        for (failures, pause) in [(1, 60), (2, 300), (3, 900)] {
            guard case .at(let moment) = next(.targetUnreachable, failures) else {
                Issue.record("\(failures): no further try")
                continue
            }
            let waited = start.duration(to: moment)
            #expect(
                (Duration.seconds(pause)..<Duration.seconds(pause) * 1.2).contains(waited), "\(failures): \(waited)")
            #expect(next(.targetUnreachable, failures) == .at(moment), "always the same")
        }
        #expect(next(.targetUnreachable, 4) == .nextWindow)
        #expect(next(.targetUnreachable, 1, hour.end.advanced(by: .seconds(-59))) == .nextWindow)
    }

    @Test("what only a person can mend is not tried every minute")
    func person() {
        #expect(next(.permissionDenied, 1) == .nextWindow)
        let day = ScheduledWindow(start: start, end: start.advanced(by: .seconds(86_400)))
        let again = FurtherTry.after(.permissionDenied, failures: 1, of: SecretID(arn: "arn:a"), in: day, now: start)
        guard case .at(let moment) = again else {
            Issue.record("in a day's window it is tried again")
            return
        }
        #expect(start.duration(to: moment) >= .seconds(3_600))
    }
}

@Suite("DuePlanner") struct DuePlannerTests {
    private let id = SecretID(arn: "arn:aws:secretsmanager:local:000000000000:secret:a-AbCdEf")

    private func settings(_ expression: String, _ window: String? = nil, zone: String? = nil) -> ScheduleSettings {
        ScheduleSettings(
            expression: expression, automaticallyAfterDays: nil, duration: window, isExtended: false, timeZone: zone,
            setAt: start)
    }

    @Test("the moment lies in the first half of the window, and is always the same")
    func moments() throws {
        for day in 0..<200 {
            let base = start.advanced(by: .seconds(day * 86_400))
            let due = try #require(
                try DuePlanner.utcOnly.next(of: id, settings("cron(0 3 * * ? *)", "4h"), after: base))
            #expect(due.window.start <= due.at && due.at < due.window.start.advanced(by: .seconds(7_200)))
            #expect(try DuePlanner.utcOnly.next(of: id, settings("cron(0 3 * * ? *)", "4h"), after: base) == due)
        }
    }

    @Test("what can't be read names its option")
    func errors() {
        func field(_ settings: ScheduleSettings) -> String? {
            do throws(InvalidInput) {
                _ = try DuePlanner.utcOnly.schedule(settings)
                return nil
            } catch { return error.field }
        }
        #expect(field(settings("rate(1 hour)")) == "--schedule")
        #expect(field(settings("rate(4 hours)", "5h")) == "--window")
        #expect(field(settings("rate(4 hours)", "1h", zone: "Europe/Berlin")) == "--time-zone")
        #expect(field(settings("rate(4 hours)", "1h")) == nil)
    }
}
