import ArgumentParser
import Foundation
import KeyturnCore
import KeyturnEnvelope
import KeyturnSQLiteStore

/// `keyturn init`
struct InitCommand: KeyturnSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make a data directory: configuration, key and store.",
        discussion: """
            Writes keyturn.yaml, master.key (mode 0600) and keyturn.db into DIR, which is made if it is not there. \
            Nothing that exists is overwritten: if one of the three is there already, nothing is written at all.

            Keep a copy of master.key away from the store: without it no value in the store can be read.
            """)

    @Argument(help: "The directory.", completion: .directory)
    var directory: String = "."

    // Every command takes the same options; this one reads no configuration.
    @OptionGroup var global: GlobalOptions

    static let configurationText = """
        # Keyturn's configuration. Every key is optional; relative paths count from this file.
        store: { sqlite: { path: keyturn.db } }
        keys: { file: master.key }
        api: { region: local, account: "000000000000" }
        events: { source: keyturn, sinks: [] }   # or [ { type: file, path: events.jsonl } ]
        log: { level: warning, format: text }

        """

    func perform(startedAt start: ProcessStart) async throws -> ExitStatus {
        do { return try await initialize() } catch { throw CommandFailure.wrap(error, format: global.output) }
    }

    private func initialize() async throws -> ExitStatus {
        let files = FileManager.default
        do {
            try files.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw CommandFailure(
                .badInput, code: "bad-directory",
                cause: "the directory \(directory) can't be made: "
                    + error.localizedDescription, next: "name a directory that you may write")
        }
        let base = URL(fileURLWithPath: directory).standardizedFileURL.path
        let paths = ["keyturn.yaml", "master.key", "keyturn.db"].map { base + "/" + $0 }
        if let existing = paths.first(where: files.fileExists) {
            throw CommandFailure(
                .badInput, code: "already-exists", cause: "\(existing) exists already; nothing was written",
                next: "name an empty directory")
        }
        // Made by one process alone: whoever has made the key may make, and take away, the rest.
        try KeyFile.create(at: paths[1], now: SystemClock().now)
        do { try writeRest(store: paths[2], configuration: paths[0]) } catch {
            // Half an installation helps nobody; what can't be removed is in the error of the next try.
            for path in paths + [paths[2] + "-wal", paths[2] + "-shm"] { try? files.removeItem(atPath: path) }
            throw error
        }
        switch global.output {
        case .json:
            Output.json([
                "configuration": .string(paths[0]), "keyFile": .string(paths[1]), "store": .string(paths[2]),
            ])
        case .table:
            Output.line("configuration  \(paths[0])")
            Output.line("key            \(paths[1])   keep a copy of it elsewhere: without it the store can't be read")
            Output.line("store          \(paths[2])")
            Output.note("next: export KEYTURN_CONFIG=\(paths[0])")
        }
        return .done
    }

    private func writeRest(store: String, configuration: String) throws {
        try SQLiteStore.create(at: store)
        let text = Data(Self.configurationText.utf8)
        guard
            FileManager.default.createFile(
                atPath: configuration, contents: text, attributes: [.posixPermissions: 0o600])
        else {
            throw CommandFailure(
                .unreachable, code: "not-written", cause: "\(configuration) can't be written",
                next: "make room on the disk")
        }
    }
}
