import Foundation
import KeyturnFixtures
import Testing

@Suite("scripts/lib/newer-servers.sh", .timeLimit(.minutes(1)))
struct NewerServersTests {
    @Test("is quiet and needs nothing when all is there")
    func complete() throws {
        let folder = try TemporaryDirectory()
        for name in ["mysql", "postgresql18"] {
            try FileManager.default.createDirectory(
                atPath: folder.path + "/" + name, withIntermediateDirectories: false)
            _ = try folder.write(name + "/complete", "")
        }
        let result = try require(in: folder.path)
        #expect(result.status == 0)
        #expect(result.output + result.error == "")
    }

    @Test("fails when a server cannot be had, says which and what to do, and leaves no half of it")
    func missing() throws {
        let folder = try TemporaryDirectory()
        let result = try require(in: folder.path + "/servers")
        #expect(result.status == 69)
        #expect(result.error.contains("mysql could not be had"))
        #expect(result.error.contains("KEYTURN_ALLOW_MISSING=mysql,postgresql18"))
        // A folder that was not made holds nothing.
        let left = (try? FileManager.default.contentsOfDirectory(atPath: folder.path + "/servers")) ?? []
        #expect(!left.contains { !$0.hasPrefix(".lock") })
    }

    @Test(
        "goes on, and says so, without what may be missing, and with nothing less",
        arguments: [
            ("mysql,postgresql18", Int32(0)), ("mysql", 69), ("1", 69),
        ])
    func allowed(_ names: String, _ status: Int32) throws {
        let folder = try TemporaryDirectory()
        let result = try require(in: folder.path + "/servers", allowing: names)
        #expect(result.status == status)
        #expect(result.error.contains("NO mysql") == names.hasPrefix("mysql"))
    }

    /// Runs `require_newer_servers` on a machine whose package manager reaches nothing.
    private func require(in folder: String, allowing names: String = "") throws -> ProcessResult {
        let programs = try TemporaryDirectory()
        _ = try programs.write("apt-get", "#!/bin/sh\necho 'no network' >&2\nexit 100\n", mode: 0o755)
        let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return try run(
            "bash", ["-c", "set -euo pipefail; source scripts/lib/newer-servers.sh; require_newer_servers"],
            environment: [
                "PATH": programs.path + ":" + path, "KEYTURN_SERVERS": folder, "KEYTURN_ALLOW_MISSING": names,
            ], currentDirectory: repository)
    }
}
