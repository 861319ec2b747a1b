import Foundation
import GRDB
import KeyturnFixtures
import Testing

/// The real binary with a data directory of its own.
final class Keyturn: Sendable {
    let directory: String
    private let home: TemporaryDirectory

    /// Makes the data directory by `keyturn init`, with a file sink.
    init() throws {
        home = try TemporaryDirectory()
        directory = home.path + "/data"
        let made = try KeyturnFixtures.run(Self.binary, ["init", directory])
        try #require(made.status == 0, "\(made.error)")
        try configure(sinks: true)
    }

    /// The binary that was built beside this test bundle.
    static let binary: String = {
        let bundle = Bundle.allBundles.map(\.bundlePath).first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
        return (bundle as NSString).deletingLastPathComponent + "/keyturn"
    }()

    var configuration: String { directory + "/keyturn.yaml" }
    var events: String { directory + "/events.jsonl" }

    /// - Parameter moreSinks: Further sinks behind the first, each with a comma before it.
    func configure(sinks: Bool, level: String = "warning", more: String = "", moreSinks: String = "") throws {
        let text = """
            store: { sqlite: { path: keyturn.db } }
            keys: { file: master.key }
            events: { source: keyturn, sinks: [\(sinks ? "{ type: file, path: events.jsonl }" : "")\(moreSinks)] }
            log: { level: \(level) }
            \(more)
            """
        try Data(text.utf8).write(to: URL(fileURLWithPath: configuration))
    }

    /// The store past the program; it waits for the daemon's transactions as any process does.
    func openStore() throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        return try DatabaseQueue(path: directory + "/keyturn.db", configuration: configuration)
    }

    /// Runs one command to its end.
    @discardableResult
    func run(
        _ arguments: String..., input: String? = nil, failpoint: String? = nil, timeout: Duration = .seconds(60)
    ) throws -> ProcessResult {
        try KeyturnFixtures.run(
            Self.binary, arguments + ["--config", configuration], input: input.map { Data($0.utf8) },
            environment: failpoint.map { ["KEYTURN_FAILPOINT": $0] } ?? [:], timeout: timeout)
    }

    /// Starts one command.
    func start(_ arguments: String...) throws -> SpawnedProcess {
        try spawn(Self.binary, arguments + ["--config", configuration])
    }

    /// Runs a command that has to succeed, and reads its JSON.
    func json(_ arguments: String...) throws -> [String: Any] {
        let result = try KeyturnFixtures.run(
            Self.binary, arguments + ["--config", configuration, "--output", "json"])
        return try Self.object(result)
    }

    static func object(_ result: ProcessResult) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: result.outputBytes) as? [String: Any]
        return try #require(object, "no JSON object: \(result.output)\(result.error)")
    }

    /// The password under a label, nil if there is none.
    func password(_ name: String, _ label: String = "AWSCURRENT") throws -> String? {
        let result = try run("secret", "get", name, "--stage", label)
        guard result.status == 0 else { return nil }
        let document = try JSONSerialization.jsonObject(with: result.outputBytes) as? [String: Any]
        return document?["password"] as? String
    }

    /// The names of the events so far, in order.
    func eventNames() throws -> [String] {
        let result = try run("events", "--output", "json")
        return try result.output.split(separator: "\n").map { line in
            let event = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            let detail = event?["detail"] as? [String: Any]
            return detail?["eventName"] as? String ?? event?["detail-type"] as? String ?? ""
        }
    }
}

/// A secret of a real user, enrolled in a data directory.
struct EnrolledUser {
    let keyturn: Keyturn
    let server: PostgresServer
    let name: String
    let firstPassword: String
    let secret = "prod/orders"

    /// - Parameter admin: Whether an admin with CREATEROLE changes the password.
    init(admin: Bool = false, configured: Bool = true) throws {
        keyturn = try Keyturn()
        server = try PostgresServer.shared.get()
        name = PostgresServer.uniqueName("app")
        firstPassword = PostgresServer.uniqueName("First")
        try server.makeUser(name, password: firstPassword)
        let created = try keyturn.run("secret", "create", secret, input: document(password: firstPassword))
        try #require(created.status == 0, "\(created.error)")
        guard configured else { return }
        var arguments = ["rotation", "configure", secret, "--strategy", "single-user"]
        if admin {
            let rotator = PostgresServer.uniqueName("rot")
            try server.makeUser(rotator, password: "Rotator1Password", attributes: "CREATEROLE")
            let made = try keyturn.run(
                "secret", "create", "admin", input: #"{"username":"\#(rotator)","password":"Rotator1Password"}"#)
            try #require(made.status == 0, "\(made.error)")
            arguments += ["--admin-secret", "admin"]
        }
        let result = try KeyturnFixtures.run(Keyturn.binary, arguments + ["--config", keyturn.configuration])
        try #require(result.status == 0, "\(result.error)")
    }

    func document(password: String, user: String? = nil, host: String = "127.0.0.1", port: Int? = nil) -> String {
        #"{"engine":"postgres","host":"\#(host)","port":\#(port ?? server.port),"username":"\#(user ?? name)","password":"\#(password)"}"#
    }

    /// Laws 2 and 3: the label is on a password that works, and the one before does not.
    func expectCurrentWorks(_ comment: Comment? = nil) throws {
        let current = try #require(try keyturn.password(secret), comment)
        #expect(server.canLogIn(user: name, password: current), comment)
        if let previous = try keyturn.password(secret, "AWSPREVIOUS") {
            #expect(!server.canLogIn(user: name, password: previous), comment)
        }
    }

    /// Law 3, at any moment: AWSCURRENT gets in, or AWSPENDING does.
    func someoneGetsIn() throws -> Bool {
        let candidates = try ["AWSCURRENT", "AWSPENDING"].compactMap { try keyturn.password(secret, $0) }
        return candidates.contains { server.canLogIn(user: name, password: $0) }
    }
}
