import NIOCore
import Testing

@testable import KeyturnListener

@Suite("How long a connection may take") struct ConnectionProgressTests {
    private let limits = ConnectionLimits(bodyBytes: 1_000)
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    private func after(_ seconds: Int64) -> NIODeadline { start + .seconds(seconds) }

    /// Seconds from the start.
    private func deadline(_ progress: ConnectionProgress) -> Int64 {
        (progress.deadline(limits) - start).nanoseconds / 1_000_000_000
    }

    @Test("a byte a second buys no time: head and body end when they were to end from the beginning")
    func trickle() {
        var progress = ConnectionProgress(openedAt: start)
        for second in 0..<8 { progress.bytesArrived(1, at: after(Int64(second))) }
        #expect(deadline(progress) == 10 && progress.headBytes == 8)
        progress.headRead(at: after(9))
        for second in 9..<30 { progress.bytesArrived(1, at: after(Int64(second))) }
        #expect(deadline(progress) == 39 && progress.headBytes == 0 && progress.isReadingBody)
    }

    @Test("the answer has its own time, silence afterwards another, and the next head begins with its first byte")
    func phases() {
        var progress = ConnectionProgress(openedAt: start)
        progress.headRead(at: after(1))
        progress.bodyEnded(at: after(2))
        #expect(deadline(progress) == 62 && !progress.isIdle)
        progress.answered(at: after(5))
        #expect(deadline(progress) == 65 && progress.isIdle)
        progress.bytesArrived(1, at: after(50))
        #expect(deadline(progress) == 60 && !progress.isIdle)
        progress.leave(at: after(51))
        progress.leave(at: after(52))
        #expect(deadline(progress) == 53)
    }

    @Test("what is pipelined waits for the answer before it, and each answer begins the time of the next")
    func pipelined() {
        var progress = ConnectionProgress(openedAt: start)
        progress.headRead(at: after(0))
        progress.bodyEnded(at: after(0))
        progress.headRead(at: after(1))
        #expect(progress.unanswered == 2 && deadline(progress) == 60, "a body behind another request is not read yet")
        progress.bodyEnded(at: after(2))
        progress.answered(at: after(40))
        #expect(progress.unanswered == 1 && deadline(progress) == 100)
        progress.headRead(at: after(41))
        progress.answered(at: after(80))
        #expect(progress.isReadingBody && deadline(progress) == 110, "its body could not be read before")
        progress.bodyEnded(at: after(81))
        progress.bytesArrived(1, at: after(82))
        progress.answered(at: after(95))
        #expect(deadline(progress) == 105, "nor could the next head")
    }

    @Test("an answer that is written before the body was read leaves the body its time")
    func earlyAnswer() {
        var progress = ConnectionProgress(openedAt: start)
        progress.headRead(at: after(3))
        progress.answered(at: after(4))
        #expect(deadline(progress) == 33)
        progress.bodyEnded(at: after(5))
        #expect(deadline(progress) == 65 && progress.isIdle)
    }
}
