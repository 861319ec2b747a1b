import Foundation
import KeyturnCore
import KeyturnListener
import Logging
import Yams

/// Finds and reads keyturn.yaml.
enum ConfigurationFile {
    /// More than this is no configuration.
    private static let largest = 1 << 20

    /// The file to use: the one named, else the first that exists in the contract's order.
    static func locate(_ named: String?) throws(CommandFailure) -> String {
        if let named { return absolute(named) }
        let environment = ProcessInfo.processInfo.environment
        if let fromEnvironment = environment["KEYTURN_CONFIG"], !fromEnvironment.isEmpty {
            return absolute(fromEnvironment)
        }
        let home = environment["HOME"] ?? "/"
        let user = environment["XDG_CONFIG_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? home + "/.config"
        let candidates = ["keyturn.yaml", user + "/keyturn/keyturn.yaml", "/etc/keyturn/keyturn.yaml"]
        guard let found = candidates.first(where: FileManager.default.fileExists) else {
            throw CommandFailure(
                .badConfiguration, code: "no-configuration",
                cause: "there is no configuration (looked for \(candidates.joined(separator: ", ")))",
                next: "make one with keyturn init DIR, then name it with --config DIR/keyturn.yaml or $KEYTURN_CONFIG")
        }
        return absolute(found)
    }

    static func read(_ path: String) throws(CommandFailure) -> Settings {
        let text: String
        do {
            let data = try Data(contentsOf: URL(fileURLWithPath: path))
            guard data.count <= largest, let decoded = String(data: data, encoding: .utf8) else {
                throw failure(
                    path, "is not a text file of at most \(largest) bytes", "name the right file with --config")
            }
            text = decoded
        } catch let failure as CommandFailure { throw failure } catch {
            throw failure(path, "can't be read", "name the right file with --config, and run keyturn as its owner")
        }
        let node: Node?
        do { node = try Yams.compose(yaml: text) } catch {
            throw failure(path, "is not YAML: \(error)", "mend the syntax")
        }
        return try settings(path, ConfigurationNode(node, file: path))
    }

    private static func settings(_ path: String, _ root: ConfigurationNode) throws(CommandFailure) -> Settings {
        let directory = (path as NSString).deletingLastPathComponent
        func resolved(_ file: String) -> String { file.hasPrefix("/") ? file : directory + "/" + file }
        try root.allow(["store", "keys", "api", "events", "scheduler", "log", "tracing"])
        let store = try root.section("store", allowing: ["sqlite"])
        let sqlite = try store.section("sqlite", allowing: ["path"])
        let keys = try root.section("keys", allowing: ["file"])
        let api = try root.section("api", allowing: APIConfiguration.keys)
        let log = try root.section("log", allowing: ["level", "format"])
        let tracing = try root.section("tracing", allowing: ["file"])
        let events = try EventsConfiguration.read(root, resolved: resolved)
        let realm: Realm
        do {
            realm = try Realm(region: api.text("region") ?? "local", account: api.text("account") ?? "000000000000")
        } catch let error as InvalidInput { throw failure(path, "\(error.field) \(error.problem)", error.remedy) } catch
        {
            throw error as? CommandFailure ?? failure(path, "api can't be read", "mend it")
        }
        let endpoint = try APIConfiguration.read(api, resolved: resolved)
        let spans = try tracing.text("file").map(resolved)
        let taken =
            [
                path, resolved(try sqlite.text("path") ?? "keyturn.db"),
                resolved(try keys.text("file") ?? "master.key"),
            ] + (endpoint.tls.map { [$0.certificate, $0.key] } ?? [])
        let others = taken + taken.flatMap { ["\($0)-wal", "\($0)-shm"] }
        for (key, file) in events.files + (spans.map { [("tracing.file", $0)] } ?? []) where isOneOf(others, file) {
            throw failure(path, "\(key) is a file that keyturn needs itself (\(file))", "name another one")
        }
        if let spans, isOneOf(events.files.map(\.path), spans) {
            throw failure(path, "tracing.file is a sink's file", "name another one")
        }
        return Settings(
            file: path, storePath: resolved(try sqlite.text("path") ?? "keyturn.db"),
            keyPath: resolved(try keys.text("file") ?? "master.key"), realm: realm,
            api: endpoint, events: events,
            scheduler: try SchedulerConfiguration.read(root),
            log: LogSettings(
                level: try log.word("level", Logger.Level.allCases.map { ($0.rawValue, $0) }) ?? .info,
                format: try log.word("format", LogSettings.Format.allCases.map { ($0.rawValue, $0) }) ?? .text),
            spanPath: spans)
    }

    /// Whether a path names one of some files, also by another way.
    private static func isOneOf(_ files: [String], _ path: String) -> Bool {
        func real(_ path: String) -> String {
            URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
        }
        return files.contains { real($0) == real(path) }
    }

    static func failure(_ path: String, _ problem: String, _ next: String) -> CommandFailure {
        CommandFailure(.badConfiguration, code: "bad-configuration", cause: "\(path): \(problem)", next: next)
    }

    private static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }
}
