import Testing

@testable import KeyturnListener

@Suite("The ledger of connections") struct ConnectionLedgerTests {
    @Test("there are as many as may be, in all and of a network, and a place that is left can be had again")
    func places() {
        let ledger = ConnectionLedger(ConnectionLimits(total: 5, perAddress: 3, bodyBytes: 1))
        for _ in 0..<3 { #expect(ledger.admit("a") == nil) }
        #expect(ledger.admit("a") == .addressFull)
        for _ in 0..<2 { #expect(ledger.admit("b") == nil) }
        #expect(ledger.admit("c") == .full)
        ledger.leave("a")
        #expect(ledger.admit("a") == nil)
        for _ in 0..<3 { ledger.leave("a") }
        for _ in 0..<2 { ledger.leave("b") }
        #expect(ledger.reading.open == 0)
        #expect(ledger.reading.cuts == [.addressFull: 1, .full: 1])
    }

    @Test("a body has its own bytes, and beyond them a share of what all have; it is given back")
    func bodies() {
        var limits = ConnectionLimits(bodyBytes: 100)
        (limits.freeBodyBytes, limits.sharedBodyBytes) = (10, 50)
        let ledger = ConnectionLedger(limits)
        var (first, second) = (BodyCount(limits, ledger), BodyCount(limits, ledger))
        first.begin(announced: nil)
        second.begin(announced: nil)
        #expect(first.take(10) == .forward && ledger.reading.bodyBytes == 0)
        #expect(first.take(40) == .forward && ledger.reading.bodyBytes == 40)
        #expect(second.take(20) == .forward && ledger.reading.bodyBytes == 50)
        #expect(second.take(1) == .noRoom)
        first.end()
        #expect(ledger.reading.bodyBytes == 10)
        #expect(second.take(1) == .forward)
        second.end()
        second.end()
        #expect(ledger.reading.bodyBytes == 0)
    }

    @Test("the bytes that go beyond are seen once, what follows is dropped; an announced excess is dropped whole")
    func excess() {
        let limits = ConnectionLimits(bodyBytes: 100)
        var body = BodyCount(limits, ConnectionLedger(limits))
        body.begin(announced: nil)
        #expect(body.take(100) == .forward && !body.isCut && body.take(1) == .forward && body.isCut)
        #expect(body.take(1) == .drop)
        body.begin(announced: 101)
        #expect(body.isTooLarge && body.take(1) == .drop)
        body.begin(announced: 100)
        #expect(!body.isTooLarge && !body.isCut && body.take(100) == .forward)
    }
}
