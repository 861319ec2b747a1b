import Foundation
import Glibc
import Synchronization

/// A PostgreSQL server of the tests' own, in a temporary directory, that ends with its last owner or with the process.
///
/// It listens on a free port of 127.0.0.1 and ::1 and on a Unix socket, asks everybody for a SCRAM password, and does
/// not write through to the disk: it survives a killed server process, not a lost machine.
package final class PostgresServer: Sendable {
    /// How a server is told to stop.
    package enum StopMode: Sendable {
        /// Sessions are ended and the data is written: SIGINT.
        case fast
        /// Like a crash: nothing is written, and the next start recovers from the log: SIGQUIT.
        case immediate
    }

    /// The TCP port; it stays the same over restarts.
    package let port: Int
    /// The password of the superuser `postgres`, random for each server.
    package let superuserPassword: String
    /// The authority to trust, if the server was started with TLS.
    package var caPath: String? { certificates?.caPath }
    /// An authority that did not sign the server's certificate, if the server was started with TLS.
    package var otherCAPath: String? { certificates?.otherCAPath }
    /// The directory of the Unix socket, to be given as host.
    package var socketDirectory: String { directory.path }
    /// The file that the server's messages go to, over all restarts.
    package var logPath: String { directory.path + "/server.log" }

    /// The programs it was started by.
    let binaries: PostgresBinaries
    private let directory: TemporaryDirectory
    private let account: ServiceAccount?
    private let certificates: ServerCertificates?
    private let settings: [String: String]
    private let process = Mutex<SpawnedProcess?>(nil)

    /// The server that the tests of this process share; it logs every statement.
    ///
    /// Roles and databases are to be named by `uniqueName`, and nobody stops or restarts it.
    package static let shared: Result<PostgresServer, any Error> = Result {
        let server = try start(settings: ["log_statement": "all"])
        atexit {
            // A failed start left nothing to stop, and a failed stop is ended by the death of this process.
            try? PostgresServer.shared.get().stop(.immediate)
            try? FileManager.default.removeItem(atPath: PostgresServer.shared.get().directory.path)
        }
        return server
    }

    /// The same of PostgreSQL 18.
    package static let shared18: Result<PostgresServer, any Error> = Result {
        let server = try start(settings: ["log_statement": "all"], binaries: .find18())
        atexit {
            try? PostgresServer.shared18.get().stop(.immediate)
            try? FileManager.default.removeItem(atPath: PostgresServer.shared18.get().directory.path)
        }
        return server
    }

    /// Makes a new cluster and starts a server on it; `settings` go before the fixture's own.
    ///
    /// With `tls` the server also accepts TLS, by a certificate for 127.0.0.1, ::1 and localhost.
    package static func start(
        settings: [String: String] = [:], tls: Bool = false, binaries: PostgresBinaries? = nil
    ) throws -> PostgresServer {
        let binaries = try binaries ?? PostgresBinaries.find()
        let account = try ServiceAccount.postgres.get()
        let directory = try TemporaryDirectory(prefix: "keyturn-pg", owner: account)
        let password = (0..<16).map { _ in String(format: "%02x", UInt8.random(in: 0...255)) }.joined()
        try makeCluster(binaries, in: directory, account: account, password: password)
        let certificates = tls ? try ServerCertificates(in: directory, keyOwner: account) : nil
        var attempt = 1
        while true {
            let server = PostgresServer(
                port: try Loopback.freePort(), password: password, binaries: binaries, directory: directory,
                account: account, certificates: certificates, settings: settings)
            do {
                try server.launch()
                return server
            } catch {
                guard attempt < 5, server.log.contains("could not bind") else { throw error }
                attempt += 1  // Somebody took the port in between: try another one.
            }
        }
    }

    /// Describes a server that `launch()` has to start.
    private init(
        port: Int, password: String, binaries: PostgresBinaries, directory: TemporaryDirectory,
        account: ServiceAccount?, certificates: ServerCertificates?, settings: [String: String]
    ) {
        self.port = port
        self.superuserPassword = password
        self.binaries = binaries
        self.directory = directory
        self.account = account
        self.certificates = certificates
        self.settings = settings
    }

    deinit {
        // A server that does not stop is killed with the last reference to its process.
        try? stop(.immediate)
    }

    /// What the server has logged so far; empty before its first start.
    package var log: String {
        String(decoding: FileManager.default.contents(atPath: logPath) ?? Data(), as: UTF8.self)
    }

    /// True while the server's process runs.
    package var isRunning: Bool {
        process.withLock { $0?.isRunning ?? false }
    }

    /// Stops the server and waits for its end; a stopped server can be started again by `restart()`.
    package func stop(_ mode: StopMode = .fast) throws {
        guard let running = process.withLock({ $0 }) else { return }
        switch mode {
        case .fast: running.send(signal: SIGINT)
        case .immediate: running.send(signal: SIGQUIT)
        }
        do {
            _ = try running.wait(timeout: .seconds(30))
        } catch {
            throw FixtureFailure("PostgreSQL did not stop; its log ends:\n\(logTail)")
        }
        process.withLock { $0 = nil }
    }

    /// Stops the server if it runs, and starts it on the same port and data.
    package func restart(_ mode: StopMode = .fast) throws {
        try stop(mode)
        try launch()
    }

    /// Starts the server's process and waits until it accepts connections.
    private func launch() throws {
        var all = [
            "fsync": "off", "max_connections": "200", "port": "\(port)", "unix_socket_directories": directory.path,
            "listen_addresses": Loopback.hasIPv6 ? "127.0.0.1,::1" : "127.0.0.1",
        ]
        if let certificates {
            all["ssl"] = "on"
            all["ssl_cert_file"] = certificates.certificatePath
            all["ssl_key_file"] = certificates.keyPath
        }
        all.merge(settings) { _, given in given }
        let arguments =
            ["--pdeathsig=INT"] + (account?.privilegeArguments ?? [])
            + ["--", binaries.path("postgres"), "-D", data]
            + all.sorted { $0.key < $1.key }.flatMap { ["-c", "\($0.key)=\($0.value)"] }
        let started = try SpawnedProcess(
            ProcessRequest(
                executable: "setpriv", arguments: arguments, input: nil, environment: [:], currentDirectory: "/",
                outputFile: logPath))
        process.withLock { $0 = started }
        let settled = waitUntil(timeout: .seconds(60), every: .milliseconds(10)) {
            isReady(started.pid) || !started.isRunning
        }
        guard settled, started.isRunning else {
            process.withLock { $0 = nil }
            throw FixtureFailure("PostgreSQL did not start; its log ends:\n\(logTail)")
        }
    }

    /// The cluster's directory.
    private var data: String { directory.path + "/data" }

    /// The last lines of the log.
    private var logTail: String {
        log.split(separator: "\n").suffix(20).joined(separator: "\n")
    }

    /// True when the server with this number says in its status file that it accepts connections.
    private func isReady(_ pid: Int32) -> Bool {
        let status = FileManager.default.contents(atPath: data + "/postmaster.pid") ?? Data()
        let lines = String(decoding: status, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        // PostgreSQL: src/include/utils/pidfile.h, line 1 is the process, line 8 its state, padded with spaces.
        return lines.count >= 8 && lines[0] == "\(pid)" && lines[7].hasPrefix("ready")
    }

    /// Runs `initdb`.
    private static func makeCluster(
        _ binaries: PostgresBinaries, in directory: TemporaryDirectory, account: ServiceAccount?, password: String
    ) throws {
        let passwordFile = try directory.write("superuser-password", password + "\n")
        try account?.own(passwordFile)
        let command = [
            binaries.path("initdb"), "-D", directory.path + "/data", "-A", "scram-sha-256", "-U", "postgres",
            "--pwfile=\(passwordFile)", "-E", "UTF8", "--locale=C", "--no-sync",
        ]
        let result = try run(
            "setpriv", (account?.privilegeArguments ?? []) + ["--"] + command, currentDirectory: "/",
            timeout: .seconds(120))
        guard result.status == 0 else { throw FixtureFailure("initdb: \(result.error)") }
    }
}
