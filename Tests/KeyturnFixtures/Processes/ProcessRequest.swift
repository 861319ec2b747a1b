import Foundation
import Glibc
import Synchronization

/// What to start, with which surroundings.
struct ProcessRequest: Sendable {
    /// A path, or a name that is looked up in PATH.
    let executable: String
    /// The arguments after the program's name.
    let arguments: [String]
    /// What standard input holds; nil for an empty one.
    let input: Data?
    /// Variables beside the inherited few.
    let environment: [String: String]
    /// Where the process starts; nil for here.
    let currentDirectory: String?
    /// A file that both output streams are appended to; nil to collect them.
    var outputFile: String?

    /// The variables that a child gets from this process.
    ///
    /// They are what programs need to start, and what sanitizers and coverage need to report; everything else would
    /// make a test depend on who runs it.
    private static let inheritedVariables = [
        "PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "LLVM_PROFILE_FILE", "ASAN_OPTIONS", "TSAN_OPTIONS",
    ]

    /// Starts the process with these descriptors as its standard streams, as the leader of a group of its own.
    func launch(input: Int32, output: Int32, error: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, error, 2)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))

        var process: pid_t = 0
        let command = command
        let code = Self.withCStrings(command) { arguments in
            Self.withCStrings(variables()) { variables in
                Descriptor.inheritance.withLock { _ in
                    posix_spawnp(&process, command[0], &actions, &attributes, arguments, variables)
                }
            }
        }
        guard code == 0 else { throw systemFailure("starting \(executable)", code: code) }
        return process
    }

    /// The program with its arguments; `env` changes the directory, because Swift's Glibc module lacks the
    /// `posix_spawn` action for it.
    private var command: [String] {
        let program = [executable] + arguments
        return currentDirectory.map { ["env", "--chdir=\($0)", "--"] + program } ?? program
    }

    /// The child's whole environment as `NAME=value`.
    private func variables() -> [String] {
        var all = ["LC_ALL": "C.UTF-8"]
        let own = ProcessInfo.processInfo.environment
        for name in Self.inheritedVariables { all[name] = own[name] }
        return all.merging(environment) { _, given in given }.map { "\($0)=\($1)" }
    }

    /// Lends `strings` as the null-terminated array of C strings that `exec` functions want.
    private static func withCStrings<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) throws -> Result
    ) rethrows -> Result {
        let copies = strings.map { strdup($0) }
        defer { copies.forEach { free($0) } }
        return try body(copies + [nil])
    }
}
