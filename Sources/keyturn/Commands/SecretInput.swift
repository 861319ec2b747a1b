import ArgumentParser
import Foundation
import Glibc
import KeyturnCore

/// Where a secret value comes from: standard input, a file, or a prompt without echo. Never the command line, which
/// every process of the machine can read.
struct SecretInput: ParsableArguments {
    @Option(
        name: .long, help: ArgumentHelp("Read the value from a file instead of standard input.", valueName: "file"),
        completion: .file())
    var valueFile: String?

    @Flag(name: .long, help: "The value is bytes (AWS's SecretBinary), stored as they are.")
    var binary = false

    /// One line break at the end of a text is the editor's or echo's, and dropped; bytes are taken as they are.
    func read() throws -> SecretValue {
        var bytes = try valueFile.map(Self.read(file:)) ?? Self.standardInput()
        if binary { return try SecretValue.binary(SecretBytes(taking: &bytes)).checkedForStorage() }
        if bytes.last == 0x0a {
            bytes.removeLast()
            if bytes.last == 0x0d { bytes.removeLast() }
        }
        return try SecretValue.string(SecretBytes(taking: &bytes)).checkedForStorage()
    }

    private static func read(file path: String) throws -> [UInt8] {
        let handle = open(path, O_RDONLY | O_CLOEXEC)
        guard handle >= 0 else {
            throw InvalidInput(
                field: "--value-file", problem: "can't be opened: \(String(cString: strerror(errno)))",
                remedy: "name a file that you can read")
        }
        defer { close(handle) }
        return try read(handle, field: "--value-file")
    }

    private static func standardInput() throws -> [UInt8] {
        guard isatty(STDIN_FILENO) == 1 else { return try read(STDIN_FILENO, field: "standard input") }
        return try prompt()
    }

    private static func read(_ file: Int32, field: String) throws -> [UInt8] {
        // Room for the largest value, its line break and one byte that is too many: nothing is copied while it grows.
        var bytes = [UInt8](repeating: 0, count: SecretValue.largest + 3)
        var length = 0
        while length < bytes.count {
            try waitUntilReadable(file)
            let count = bytes.withUnsafeMutableBytes {
                Glibc.read(file, $0.baseAddress?.advanced(by: length), $0.count - length)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw InvalidInput(
                    field: field, problem: "can't be read: \(String(cString: strerror(errno)))",
                    remedy: "pipe the value in")
            }
            if count == 0 { break }
            length += count
        }
        guard length < bytes.count else {
            throw InvalidInput(
                field: field, problem: "has more than \(SecretValue.largest) bytes",
                remedy: "a value holds at most \(SecretValue.largest)")
        }
        bytes.removeLast(bytes.count - length)
        return bytes
    }

    private static func prompt() throws -> [UInt8] {
        var settings = termios()
        guard tcgetattr(STDIN_FILENO, &settings) == 0 else {
            throw InvalidInput(field: "standard input", problem: "can't be read", remedy: "pipe the value in")
        }
        var silent = settings
        silent.c_lflag &= ~tcflag_t(ECHO)
        Output.write(Array("Value (one line, not shown): ".utf8), to: STDERR_FILENO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
            Output.note("")
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(SecretValue.largest + 2)
        var byte: UInt8 = 0
        while bytes.count <= SecretValue.largest {
            try waitUntilReadable(STDIN_FILENO)
            guard Glibc.read(STDIN_FILENO, &byte, 1) == 1, byte != 0x0a else { break }
            bytes.append(byte)
        }
        return bytes
    }

    /// A person may take any time, but not against their will: an interrupted command stops waiting, and the terminal
    /// gets its echo back.
    private static func waitUntilReadable(_ file: Int32) throws {
        var watched = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
        while poll(&watched, 1, 100) == 0 { try Task.checkCancellation() }
    }
}
