package import Foundation
import Glibc
import Synchronization

/// A MariaDB or MySQL server of the tests' own, in a temporary directory, that ends with its last owner or with the
/// process.
///
/// It listens on a free port of 127.0.0.1 and on a Unix socket, and logs every statement and every change, as loudly as
/// it can. It does not write through to the disk: it survives a killed server process, not a lost machine.
package final class MySQLServer: Sendable {
    /// The product.
    package enum Flavor: String, Sendable, CaseIterable, CustomStringConvertible {
        /// The system's MariaDB.
        case mariaDB = "MariaDB"
        /// MySQL from the folder of newer servers.
        case mySQL = "MySQL"

        /// The product's name.
        package var description: String { rawValue }

        /// AWS's name for it.
        package var engine: String { self == .mariaDB ? "mariadb" : "mysql" }

        /// The server's program.
        var program: String? {
            let candidates =
                switch self {
                case .mariaDB: ["/usr/sbin/mariadbd", "/usr/libexec/mariadbd"]
                case .mySQL: NewerServers.program("mysql/bin/mysqld").map { [$0] } ?? []
                }
            return candidates.first(where: FileManager.default.isExecutableFile)
        }
    }

    /// How a server is told to stop.
    package enum StopMode: Sendable {
        /// Sessions are ended and the data is written: SIGTERM.
        case orderly
        /// Like a crash: nothing is written, and the next start recovers from the log: SIGKILL.
        case immediate
    }

    /// The product that runs.
    package let flavor: Flavor
    /// The TCP port; it stays the same over restarts.
    package let port: Int
    /// The password of `root`, who may log in from anywhere.
    package let rootPassword: String
    /// The authority to trust, if the server was started with TLS.
    package var caPath: String? { certificates?.caPath }
    /// An authority that did not sign the server's certificate, if the server was started with TLS.
    package var otherCAPath: String? { certificates?.otherCAPath }
    /// Every statement that the server got, as it writes it down.
    package var generalLog: String { text("general.log") }
    /// Everything that the server says for its replicas, as bytes.
    package var binaryLog: Data {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: data)) ?? []
        return names.filter { $0.hasPrefix("binlog.") }.sorted()
            .reduce(into: Data()) { $0 += FileManager.default.contents(atPath: data + "/" + $1) ?? Data() }
    }

    /// The Unix socket, on which `root@localhost` may log in with the same password.
    package var socketPath: String { directory.path + "/s" }
    /// What the server has said so far, over all restarts.
    package var log: String { text("server.log") }
    /// True while the server's process runs.
    package var isRunning: Bool { process.withLock { $0?.isRunning ?? false } }

    private let directory: TemporaryDirectory
    private let account: ServiceAccount?
    private let certificates: ServerCertificates?
    private let options: [String]
    private let process = Mutex<SpawnedProcess?>(nil)

    /// The server of a flavor that the tests of this process share. Users and databases are to be named by `uniqueName`,
    /// and nobody stops it.
    package static func shared(_ flavor: Flavor) throws -> MySQLServer {
        switch flavor {
        case .mariaDB: try sharedMariaDB.get()
        case .mySQL: try sharedMySQL.get()
        }
    }

    private static let sharedMariaDB = Result { try started(.mariaDB) }
    private static let sharedMySQL = Result { try started(.mySQL) }

    /// Starts a server that is stopped when this process ends, which runs no `deinit` of what is static.
    private static func started(_ flavor: Flavor) throws -> MySQLServer {
        let server = try start(flavor)
        switch flavor {
        case .mariaDB: atexit { MySQLServer.end(.mariaDB) }
        case .mySQL: atexit { MySQLServer.end(.mySQL) }
        }
        return server
    }

    /// Stops the shared server of a flavor and removes its files.
    private static func end(_ flavor: Flavor) {
        // A failed start left nothing to stop, and a failed stop is ended by the death of this process.
        guard let server = try? shared(flavor) else { return }
        try? server.stop(.immediate)
        try? FileManager.default.removeItem(atPath: server.directory.path)
    }

    /// Makes a new data directory and starts a server on it; `options` go behind the fixture's own.
    ///
    /// With `tls` the server also accepts TLS, by a certificate for 127.0.0.1, ::1 and localhost.
    package static func start(_ flavor: Flavor, options: [String] = [], tls: Bool = false) throws -> MySQLServer {
        guard let program = flavor.program else { throw FixtureFailure("there is no \(flavor) server on this machine") }
        let account = try ServiceAccount.mysql.get()
        let directory = try TemporaryDirectory(prefix: "keyturn-my", owner: account)
        let password = (0..<16).map { _ in String(format: "%02x", UInt8.random(in: 0...255)) }.joined()
        try makeData(flavor, program, in: directory, account: account)
        let certificates = tls ? try ServerCertificates(in: directory, keyOwner: account) : nil
        var attempt = 1
        while true {
            let server = MySQLServer(
                flavor, port: try Loopback.freePort(), password: password, directory: directory, account: account,
                certificates: certificates, options: options)
            do {
                try server.launch()
                try server.openRoot()
                return server
            } catch {
                guard attempt < 5, server.log.contains("in use") else { throw error }
                attempt += 1  // Somebody took the port in between: try another one.
            }
        }
    }

    /// Describes a server that `launch()` has to start.
    private init(
        _ flavor: Flavor, port: Int, password: String, directory: TemporaryDirectory, account: ServiceAccount?,
        certificates: ServerCertificates?, options: [String]
    ) {
        self.flavor = flavor
        self.port = port
        self.rootPassword = password
        self.directory = directory
        self.account = account
        self.certificates = certificates
        self.options = options
    }

    deinit {
        // A server that does not stop is killed with the last reference to its process.
        try? stop(.immediate)
    }

    /// Stops the server and waits for its end; a stopped server can be started again by `restart()`.
    package func stop(_ mode: StopMode = .orderly) throws {
        guard let running = process.withLock({ $0 }) else { return }
        switch mode {
        case .orderly: running.send(signal: SIGTERM)
        case .immediate: running.send(signal: SIGKILL)
        }
        do {
            _ = try running.wait(timeout: .seconds(30))
        } catch {
            throw FixtureFailure("\(flavor) did not stop; its log ends:\n\(logTail)")
        }
        process.withLock { $0 = nil }
    }

    /// Stops the server if it runs, and starts it on the same port and data.
    package func restart(_ mode: StopMode = .orderly) throws {
        try stop(mode)
        try launch()
    }

    // MARK: Starting

    /// The server's data directory.
    private var data: String { directory.path + "/data" }

    /// The last lines of the log.
    private var logTail: String { log.split(separator: "\n").suffix(20).joined(separator: "\n") }

    /// A file of the server's; empty if there is none.
    private func text(_ file: String) -> String {
        String(decoding: FileManager.default.contents(atPath: directory.path + "/" + file) ?? Data(), as: UTF8.self)
    }

    /// Makes the data directory, with a `root` who has no password yet.
    private static func makeData(
        _ flavor: Flavor, _ program: String, in directory: TemporaryDirectory, account: ServiceAccount?
    ) throws {
        let data = "--datadir=\(directory.path)/data"
        let command =
            switch flavor {
            case .mariaDB:
                [
                    "mariadb-install-db", "--no-defaults", data, "--auth-root-authentication-method=normal",
                    "--skip-test-db", "--innodb-flush-log-at-trx-commit=0",
                ]
            case .mySQL: [program, "--initialize-insecure", data, "--innodb-buffer-pool-size=32M"]
            }
        let result = try run(
            "setpriv", (account?.privilegeArguments ?? []) + ["--"] + command, currentDirectory: "/",
            timeout: .seconds(120))
        guard result.status == 0 else { throw FixtureFailure("\(flavor): \(result.output)\(result.error)") }
    }

    /// Starts the server's process and waits until it accepts connections.
    private func launch() throws {
        guard let program = flavor.program else { throw FixtureFailure("there is no \(flavor) server any more") }
        var arguments = [
            "--datadir=\(data)", "--port=\(port)", "--bind-address=127.0.0.1", "--socket=\(socketPath)",
            "--pid-file=\(directory.path)/pid", "--skip-name-resolve", "--innodb-buffer-pool-size=32M",
            // 2 hands each commit to the kernel; 0 would lose the last second with a killed server.
            "--innodb-flush-log-at-trx-commit=2", "--sync-binlog=0", "--log-bin=\(data)/binlog", "--server-id=1",
            "--general-log=1", "--general-log-file=\(directory.path)/general.log", "--max-connections=300",
        ]
        if flavor == .mariaDB { arguments.insert("--no-defaults", at: 0) }
        if let certificates {
            arguments += [
                "--ssl-cert=\(certificates.certificatePath)", "--ssl-key=\(certificates.keyPath)",
                "--ssl-ca=\(certificates.caPath)",
            ]
        }
        let before = log.count(of: Self.readiness)
        let started = try SpawnedProcess(
            ProcessRequest(
                executable: "setpriv",
                arguments: ["--pdeathsig=KILL"] + (account?.privilegeArguments ?? []) + ["--", program] + arguments
                    + options,
                input: nil, environment: [:], currentDirectory: "/", outputFile: directory.path + "/server.log"))
        process.withLock { $0 = started }
        let settled = waitUntil(timeout: .seconds(60), every: .milliseconds(20)) {
            log.count(of: Self.readiness) > before || !started.isRunning
        }
        guard settled, started.isRunning else {
            process.withLock { $0 = nil }
            throw FixtureFailure("\(flavor) did not start; its log ends:\n\(logTail)")
        }
    }

    /// What both products say once in each run, when they have their port: an open port could be somebody else's.
    private static let readiness = "ready for connections"

    /// Gives root a password and lets it in by TCP.
    private func openRoot() throws {
        let how = flavor == .mariaDB ? "IDENTIFIED BY" : "IDENTIFIED WITH caching_sha2_password BY"
        let statements = [
            "SET sql_log_off = 1", "SET sql_log_bin = 0",
            // MariaDB comes with a root for each address, without a password.
            "DROP USER IF EXISTS root@'127.0.0.1', root@'::1'",
            "CREATE USER root@'%' \(how) '\(rootPassword)'", "GRANT ALL ON *.* TO root@'%' WITH GRANT OPTION",
            flavor == .mariaDB ? "FLUSH PRIVILEGES" : "GRANT PROXY ON ''@'' TO root@'%' WITH GRANT OPTION",
            "ALTER USER root@localhost \(how) '\(rootPassword)'",
        ]
        let result = client(
            statements.joined(separator: "; ") + ";", user: "root", password: "", database: nil,
            place: ["--socket=\(socketPath)"])
        guard result.status == 0 else { throw FixtureFailure("root of \(flavor): \(result.error)") }
    }
}

extension String {
    /// How often `text` occurs.
    fileprivate func count(of text: String) -> Int { components(separatedBy: text).count - 1 }
}
