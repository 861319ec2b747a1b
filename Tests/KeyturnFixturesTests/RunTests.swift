import Foundation
import KeyturnFixtures
import Synchronization
import Testing

@Suite("Running programs", .serialized, .timeLimit(.minutes(1)))
struct RunTests {
    @Test("both streams and the status come back")
    func streams() throws {
        let result = try run("sh", ["-c", "echo out; echo err >&2; exit 7"])
        #expect(result.output == "out\n")
        #expect(result.error == "err\n")
        #expect(result.status == 7)
        #expect(result.terminationSignal == nil)
    }

    @Test("more than any pipe holds goes in and comes out on both streams at once")
    func largeStreams() throws {
        let input = Data((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0) })
        let result = try run("tee", ["/dev/stderr"], input: input)
        #expect(result.outputBytes == input)
        #expect(result.errorBytes == input)
    }

    @Test("a program that does not read its input does no harm")
    func unreadInput() throws {
        #expect(try run("true", input: Data(count: 1_000_000)).status == 0)
    }

    @Test("a signal is reported as such")
    func signal() throws {
        let result = try run("sh", ["-c", "kill -TERM $$"])
        #expect(result.terminationSignal == 15)
        #expect(result.status == -1)
    }

    @Test("the environment holds what was given and nothing private to this process")
    func environment() throws {
        setenv("KEYTURN_TEST_LEAK", "leaked", 1)
        let result = try run("env", environment: ["GIVEN": "a b=c"])
        let lines = result.output.split(separator: "\n")
        #expect(lines.contains("GIVEN=a b=c"))
        #expect(!result.output.contains("KEYTURN_TEST_LEAK"))
    }

    @Test("the program starts in the given directory")
    func currentDirectory() throws {
        let directory = try TemporaryDirectory()
        #expect(try run("pwd", currentDirectory: directory.path).output == directory.path + "\n")
    }

    @Test("a program that does not exist is an error")
    func missingProgram() {
        #expect(throws: FixtureFailure.self) { try run("/nonexistent/program") }
    }

    @Test("on timeout the program and what it started are killed")
    func timeout() throws {
        let directory = try TemporaryDirectory()
        let numbers = directory.path + "/pids"
        #expect(throws: FixtureFailure.self) {
            try run("sh", ["-c", "sleep 300 & echo $$ $! > \(numbers); wait"], timeout: .milliseconds(500))
        }
        let pids = try String(contentsOfFile: numbers, encoding: .utf8).split { $0.isWhitespace }.map(String.init)
        try #require(pids.count == 2)
        for pid in pids {
            #expect(waitUntil(timeout: .seconds(60)) { !isAlive(pid) }, "process \(pid) lives on")
        }
    }

    @Test("a program's end is noticed though a grandchild keeps its output open")
    func openPipe() throws {
        let clock = ContinuousClock()
        let started = clock.now
        let result = try run("sh", ["-c", "sleep 100 & echo done"])
        #expect(result.output == "done\n")
        #expect(clock.now - started < .seconds(50))
    }

    @Test("a spawned program is watched while it runs, and signalled")
    func spawned() throws {
        let process = try spawn("sh", ["-c", "trap 'echo bye; exit 3' TERM; echo ready; while :; do sleep 0.1; done"])
        try #require(process.waitForOutput(containing: "ready", timeout: .seconds(10)))
        #expect(process.isRunning)
        #expect(throws: FixtureFailure.self) { try process.wait(timeout: .milliseconds(50)) }
        process.send(signal: SIGTERM)
        let result = try process.wait(timeout: .seconds(10))
        #expect(result.status == 3)
        #expect(result.output == "ready\nbye\n")
        #expect(!process.isRunning)
        #expect(!process.waitForOutput(containing: "never", timeout: .seconds(10)))
    }

    @Test("a spawned program dies with its owner")
    func ownership() throws {
        var process: SpawnedProcess? = try spawn("sleep", ["300"])
        let pid = try #require(process?.pid)
        #expect(isAlive("\(pid)"))
        process = nil
        #expect(waitUntil(timeout: .seconds(60)) { !isAlive("\(pid)") })
    }

    @Test("a spawned program outlives the thread that asked for it")
    func threads() throws {
        let directory = try TemporaryDirectory()
        let marker = directory.path + "/pid"
        let kept = Mutex<SpawnedProcess?>(nil)
        let thread = Thread {
            // A program that does not start leaves no marker, which fails the test.
            let process = try? spawn("sh", ["-c", "echo $$ > \(marker).new; mv \(marker).new \(marker); sleep 300"])
            kept.withLock { $0 = process }
        }
        thread.start()
        try #require(waitUntil(timeout: .seconds(60)) { thread.isFinished })
        try #require(waitUntil(timeout: .seconds(60)) { FileManager.default.fileExists(atPath: marker) })
        let pid = try String(contentsOfFile: marker, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        // A death signal would have been sent when the thread ended; give it time to do its work.
        #expect(!waitUntil(timeout: .milliseconds(300)) { !isAlive(pid) })
        #expect(kept.withLock { $0?.isRunning } == true)
    }

    /// True unless the process is gone or only waits to be reaped.
    private func isAlive(_ pid: String) -> Bool {
        guard let status = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return false }
        return !status.contains(") Z ") && !status.contains(") X ")
    }
}
