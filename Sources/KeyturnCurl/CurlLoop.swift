import Foundation
import Glibc
import KeyturnHTTP
import Synchronization

/// The thread that drives all transfers of one transport; libcurl's calls block nobody else.
final class CurlLoop: Sendable {
    enum Order: Sendable {
        case send(CurlTicket)
        case cancel(UInt64)
    }

    private struct Mailbox {
        var orders: [Order] = []
        /// Sent and not answered.
        var unanswered = 0
        var lastID: UInt64 = 0
        var isStopped = false
    }

    private let mailbox = Mutex(Mailbox())
    private let multi: CurlMulti
    private let settings: CurlSettings

    /// Nil if there is no memory or no file descriptor left.
    init?(_ settings: CurlSettings) {
        guard let multi = CurlMulti(keeping: settings.mostKept) else { return nil }
        self.multi = multi
        self.settings = settings
        // The thread ends by stop(), which the transport calls when it is let go.
        let thread = Thread { self.run() }
        thread.name = "keyturn.http"
        thread.start()
    }

    /// A number that no other request of this loop has.
    func makeID() -> UInt64 {
        mailbox.withLock { box in
            box.lastID += 1
            return box.lastID
        }
    }

    /// Takes a request over, or answers it at once if there are too many.
    func submit(_ ticket: CurlTicket) {
        let isTaken = mailbox.withLock { box in
            guard box.unanswered < settings.mostWaiting + settings.mostAtOnce else { return false }
            box.unanswered += 1
            box.orders.append(.send(ticket))
            return true
        }
        if isTaken {
            multi.wake()
        } else {
            ticket.fail(.overloaded, .nothingHappened, "too many requests are waiting")
        }
    }

    /// Gives a request up, if it is still unanswered.
    func cancel(_ id: UInt64) {
        mailbox.withLock { $0.orders.append(.cancel(id)) }
        multi.wake()
    }

    /// Ends the thread. Nothing is under way then: whoever waits for an answer holds the transport.
    func stop() {
        mailbox.withLock { $0.isStopped = true }
        multi.wake()
    }

    private func run() {
        // OpenSSL writes to connections that may be closed; the signal would end the process.
        var brokenPipe = sigset_t()
        sigemptyset(&brokenPipe)
        sigaddset(&brokenPipe, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &brokenPipe, nil)

        var desk = TransferDesk(multi: multi, settings: settings)
        var answered = 0
        while let orders = takeOrders(answered) {
            orders.forEach { desk.take($0) }
            desk.work()
            answered = desk.takeAnsweredCount()
            // A place that became free is given away at once.
            multi.wait(atMost: answered > 0 ? .zero : desk.restTime)
        }
    }

    private func takeOrders(_ answered: Int) -> [Order]? {
        mailbox.withLock { box in
            box.unanswered -= answered
            guard !box.isStopped else { return nil }
            defer { box.orders = [] }
            return box.orders
        }
    }
}
