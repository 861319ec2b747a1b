import Foundation
import Glibc
import Synchronization

/// One child process: starts it, feeds it, collects what it writes and reaps it, all on one thread.
///
/// The thread lives until the child has ended: a death signal (`setpriv --pdeathsig`) is sent when the *thread* that
/// started the child ends, so a child must not be started on a pool's thread.
final class ProcessPump: Sendable {
    /// What is known of the child so far.
    struct State {
        /// Set once the child was started.
        var process: pid_t?
        /// Set when it could not be started.
        var failure: FixtureFailure?
        /// Set when it has ended, was reaped, and all it wrote was read.
        var result: ProcessResult?
        /// Standard output so far.
        var output = Data()
        /// Standard error so far.
        var error = Data()
    }

    /// More output than this is read and dropped.
    private static let outputLimit = 64 << 20

    private let request: ProcessRequest
    private let state = Mutex(State())

    /// Prepares to start `request`; nothing happens before `start()`.
    init(_ request: ProcessRequest) {
        self.request = request
    }

    /// What is known of the child at this moment.
    var snapshot: State { state.withLock { $0 } }

    /// Starts the child and returns when it runs.
    func start() throws -> pid_t {
        let thread = Thread { self.run() }
        thread.name = "fixture process"
        thread.start()
        let started = waitUntil(timeout: .seconds(30)) {
            state.withLock { $0.process != nil || $0.failure != nil }
        }
        let now = snapshot
        guard started, let process = now.process else {
            throw now.failure ?? FixtureFailure("starting \(request.executable): no answer in 30 seconds")
        }
        return process
    }

    /// Sends a signal to the child, or to its whole group; does nothing once it was reaped.
    func send(_ signal: Int32, toGroup: Bool) {
        state.withLock { state in
            guard let process = state.process, state.result == nil else { return }
            kill(toGroup ? -process : process, signal)
        }
    }

    /// The thread's work from start to end.
    private func run() {
        var blocked = sigset_t()
        sigemptyset(&blocked)
        sigaddset(&blocked, SIGPIPE)  // A child that does not read its input is no reason to die.
        pthread_sigmask(SIG_BLOCK, &blocked, nil)
        do {
            if let file = request.outputFile {
                try runWritingToFile(file)
            } else {
                try runCollecting()
            }
        } catch {
            state.withLock { $0.failure = error as? FixtureFailure ?? FixtureFailure("\(error)") }
        }
    }

    /// Starts the child with its output going to a file.
    private func runWritingToFile(_ file: String) throws {
        let input = try Self.open("/dev/null", O_RDONLY)
        let output = try Self.open(file, O_WRONLY | O_CREAT | O_APPEND)
        let process = try request.launch(input: input.number, output: output.number, error: output.number)
        state.withLock { $0.process = process }
        reap(process)
    }

    /// Starts the child with pipes and serves them until it has ended.
    private func runCollecting() throws {
        var child = try launchWithPipes()
        serve(&child)
        reap(child.process)
    }

    /// A started child and this process's ends of its pipes.
    private struct PipedChild {
        /// The number of the child.
        let process: pid_t
        /// Where its input is written; nil when all is written, which closes the pipe.
        var input: Descriptor?
        /// Where its standard output is read.
        var output: Descriptor?
        /// Where its standard error is read.
        var error: Descriptor?
    }

    /// Starts the child; on return only the child holds its own ends of the pipes.
    private func launchWithPipes() throws -> PipedChild {
        let output = try Descriptor.pipe()
        let error = try Descriptor.pipe()
        let input = try request.input.map { _ in try Descriptor.pipe() }
        try input?.write.setNonBlocking()
        let childInput = try input?.read ?? Self.open("/dev/null", O_RDONLY)
        let process = try request.launch(
            input: childInput.number, output: output.write.number, error: error.write.number)
        state.withLock { $0.process = process }
        return PipedChild(process: process, input: input?.write, output: output.read, error: error.read)
    }

    /// Moves bytes until both output pipes are at their end, or the child has ended and they are empty.
    private func serve(_ child: inout PipedChild) {
        var remaining = (request.input ?? Data())[...]
        while child.output != nil || child.error != nil {
            // poll() ignores negative numbers.
            var waiting = [
                pollfd(fd: child.output?.number ?? -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: child.error?.number ?? -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: child.input?.number ?? -1, events: Int16(POLLOUT), revents: 0),
            ]
            let ready = poll(&waiting, nfds_t(waiting.count), 50)
            if ready == 0, Self.hasEnded(child.process) { return }  // A grandchild may hold the pipes open for ever.
            guard ready > 0 else { continue }
            if waiting[0].revents != 0, !collect(child.output, into: \.output) { child.output = nil }
            if waiting[1].revents != 0, !collect(child.error, into: \.error) { child.error = nil }
            if waiting[2].revents != 0, !feed(&remaining, to: child.input) { child.input = nil }
        }
    }

    /// Appends what there is to read; false at the end.
    private func collect(_ descriptor: Descriptor?, into stream: WritableKeyPath<State, Data>) -> Bool {
        guard let bytes = descriptor?.readSome() else { return false }
        state.withLock { state in
            if state[keyPath: stream].count < Self.outputLimit { state[keyPath: stream].append(contentsOf: bytes) }
        }
        return true
    }

    /// Writes some of the input; false when all is written or the child does not want it.
    private func feed(_ remaining: inout Data.SubSequence, to descriptor: Descriptor?) -> Bool {
        guard let descriptor, !remaining.isEmpty else { return false }
        let chunk = Array(remaining.prefix(65_536))
        let count = write(descriptor.number, chunk, chunk.count)
        guard count >= 0 else { return errno == EAGAIN || errno == EINTR }
        remaining = remaining.dropFirst(count)
        return !remaining.isEmpty
    }

    /// True when the child has ended; it is not reaped.
    private static func hasEnded(_ process: pid_t) -> Bool {
        var information = siginfo_t()
        return waitid(P_PID, id_t(process), &information, WEXITED | WNOHANG | WNOWAIT) == 0
            && information.si_signo == SIGCHLD
    }

    /// Waits for the child's end and records how it ended.
    private func reap(_ process: pid_t) {
        var information = siginfo_t()
        while waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        state.withLock { state in  // Under the lock, so that no signal is ever sent to a number that was given away.
            var status: Int32 = 0
            waitpid(process, &status, 0)
            let signal = status & 0x7f
            state.result = ProcessResult(
                status: signal == 0 ? (status >> 8) & 0xff : -1, terminationSignal: signal == 0 ? nil : signal,
                outputBytes: state.output, errorBytes: state.error)
        }
    }

    /// Opens a file that no child inherits by accident.
    private static func open(_ path: String, _ flags: Int32) throws -> Descriptor {
        let number = Glibc.open(path, flags | O_CLOEXEC, 0o644)
        guard number >= 0 else { throw systemFailure("open \(path)") }
        return Descriptor(number)
    }
}
