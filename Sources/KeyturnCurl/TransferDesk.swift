import CCurl
import KeyturnHTTP

/// What the loop's thread has on its hands: requests that wait for a place, and those under way.
struct TransferDesk {
    private let multi: CurlMulti
    private let settings: CurlSettings
    private var waiting: [CurlTicket] = []
    private var active: [UInt64: CurlTransfer] = [:]
    private var activePerOrigin: [HTTPOrigin: Int] = [:]
    private var answeredCount = 0

    /// With nothing to do the thread looks about so often, to close connections that were idle for long.
    private static let idleWait: Duration = .seconds(30)

    init(multi: CurlMulti, settings: CurlSettings) {
        self.multi = multi
        self.settings = settings
    }

    mutating func take(_ order: CurlLoop.Order) {
        switch order {
        case .send(let ticket): waiting.append(ticket)
        case .cancel(let id): cancel(id)
        }
    }

    /// Does what can be done now.
    mutating func work() {
        admit()
        multi.perform()
        while let finished = multi.nextFinished() {
            let result = finished.transfer.result(finished.code)
            if case .failure = result { finished.transfer.forbidReuse() }
            end(finished.transfer)
            finished.transfer.ticket.answer(result)
            answeredCount += 1
        }
        let now = ContinuousClock.now
        for transfer in active.values {
            guard let phase = transfer.expired(at: now) else { continue }
            give(up: transfer, .timedOut(phase), "the time for \(phase.rawValue) is over")
        }
    }

    /// How many requests were answered since this was last asked.
    mutating func takeAnsweredCount() -> Int {
        defer { answeredCount = 0 }
        return answeredCount
    }

    /// How long nothing need be done, if nothing happens.
    var restTime: Duration {
        let now = ContinuousClock.now
        let active = active.values.lazy.map(\.deadline).min()
        let waiting = waiting.lazy.map { $0.since + $0.request.limits.whole }.min()
        guard let next = [active, waiting].compactMap({ $0 }).min() else { return Self.idleWait }
        return min(now.duration(to: next), Self.idleWait)
    }

    private mutating func cancel(_ id: UInt64) {
        if let transfer = active[id] {
            give(up: transfer, .cancelled, "cancelled")
        } else if let index = waiting.firstIndex(where: { $0.id == id }) {
            fail(waiting.remove(at: index), .cancelled, "cancelled")
        }
    }

    /// Begins those that wait, in their order, as far as there is room.
    private mutating func admit() {
        guard !waiting.isEmpty else { return }
        let now = ContinuousClock.now
        var left: [CurlTicket] = []
        for ticket in waiting {
            let origin = ticket.request.origin
            if now >= ticket.since + ticket.request.limits.whole {
                fail(ticket, .timedOut(.whole), "the time for the request as a whole is over")
            } else if active.count >= settings.mostAtOnce
                || activePerOrigin[origin, default: 0] >= settings.mostPerOrigin
            {
                left.append(ticket)
            } else {
                begin(ticket)
            }
        }
        waiting = left
    }

    private mutating func begin(_ ticket: CurlTicket) {
        do throws(EasyHandle.Refused) {
            let transfer = try CurlTransfer(ticket, settings: settings)
            guard multi.add(transfer) else { throw EasyHandle.Refused(code: CURLE_FAILED_INIT) }
            active[ticket.id] = transfer
            activePerOrigin[ticket.request.origin, default: 0] += 1
        } catch { fail(ticket, .other, "libcurl refused an option, code \(error.code.rawValue)") }
    }

    /// Answers a request that was not begun.
    private mutating func fail(_ ticket: CurlTicket, _ kind: HTTPFailure.Kind, _ detail: String) {
        ticket.fail(kind, .nothingHappened, detail)
        answeredCount += 1
    }

    private mutating func give(up transfer: CurlTransfer, _ kind: HTTPFailure.Kind, _ detail: String) {
        let outcome = transfer.outcome
        transfer.forbidReuse()
        end(transfer)
        transfer.ticket.fail(kind, outcome, detail)
        answeredCount += 1
    }

    private mutating func end(_ transfer: CurlTransfer) {
        multi.remove(transfer)
        active[transfer.ticket.id] = nil
        let origin = transfer.request.origin
        let count = activePerOrigin[origin, default: 0] - 1
        activePerOrigin[origin] = count > 0 ? count : nil
    }
}
