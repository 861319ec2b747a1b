import ArgumentParser
import Foundation
import Glibc
import KeyturnCore
import KeyturnEnvelope
import KeyturnListener
import KeyturnSQLiteStore

/// `keyturn doctor`
struct DoctorCommand: InstalledCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Look at the installation: files, store, keys, every record.",
        discussion: "Opens every stored value to prove that it can be read. Changes nothing.")

    @OptionGroup var global: GlobalOptions

    func run(_ installation: Installation, startedAt start: ProcessStart) async throws -> ExitStatus {
        var status = ExitStatus.done
        var findings: [Finding] = []
        for (finding, failing) in try await examinations(installation) {
            findings.append(finding)
            if finding.verdict == .fail { status = status.orWorse(failing) }
        }
        switch global.output {
        case .json: Output.json(["checks": .array(findings.map(\.json))])
        case .table: for finding in findings { finding.line() }
        }
        return status
    }

    private func examinations(_ installation: Installation) async throws -> [(Finding, ExitStatus)] {
        let settings = installation.settings
        var found: [(Finding, ExitStatus)] = [
            (Finding("configuration", .pass, settings.file), .badConfiguration),
            (
                Finding("key-file", .pass, "\(settings.keyPath): \(installation.keys.keyIDs.joined(separator: ", "))"),
                .badConfiguration
            ),
            (directoryFinding(settings.storePath), .badConfiguration),
        ]
        let durability = try await installation.store.durability()
        let isDurable = durability.journalMode == "wal" && durability.synchronous == 2
        found.append(
            (
                Finding(
                    "durability", isDurable ? .pass : .fail,
                    "journal mode \(durability.journalMode), synchronous \(durability.synchronous)"), .internalError
            ))
        let damage = try await installation.store.integrityProblems()
        found.append(
            (
                damage.isEmpty
                    ? Finding("store-integrity", .pass, settings.storePath)
                    : Finding(
                        "store-integrity", .fail, damage.joined(separator: "; "),
                        remedy: "restore the store from a backup"),
                .internalError
            ))
        for error in try await installation.store.unreadableRecords() {
            found.append((Finding("records", .fail, error.message, remedy: error.remedy), ExitStatus(error)))
        }
        if !found.contains(where: { $0.0.check == "records" }) {
            found.append((Finding("records", .pass, "every stored value opens"), .internalError))
        }
        let behind = try await installation.store.recordsWithoutPrimaryKey()
        found.append(
            (
                behind == 0
                    ? Finding("key-rotation", .pass, "every value is under the primary key")
                    : Finding(
                        "key-rotation", .warn, "\(behind) values are under an older key only",
                        remedy: "finish with keyturn key rotate"), .internalError
            ))
        for directory in ScratchDirectory.leftOver(beside: settings.storePath) {
            found.append(
                (
                    Finding(
                        "rehearsals", .warn,
                        "a rehearsal of \(directory.secret) was cut: its users may be at the server still, with a password "
                            + "that nobody knows",
                        remedy: "keyturn rehearse \(directory.secret), which removes them"), .internalError
                ))
        }
        if let tls = settings.api.tls {
            found.append((certificateFinding(tls, at: installation.clock.now), .badConfiguration))
        }
        found += try await recordFindings(installation).map { ($0, .internalError) }
        found += try await sinkFindings(installation).map { ($0, .unreachable) }
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
        found.append(
            (
                Finding("core-dumps", limit.rlim_cur == 0 ? .pass : .warn, limit.rlim_cur == 0 ? "off" : "on"),
                .internalError
            ))
        found.append(
            (
                Installation.systemRootCertificates.map { Finding("trusted-certificates", .pass, $0) }
                    ?? Finding(
                        "trusted-certificates", .warn, "none found",
                        remedy: "install ca-certificates or set \"sslrootcert\""),
                .badConfiguration
            ))
        return found
    }

    private func certificateFinding(_ files: TLSFiles, at now: UTCInstant) -> Finding {
        do throws(TLSIdentityError) {
            let identity = try TLSIdentity(files)
            let age = CertificateAge(identity)
            guard let warning = age.warning(at: now) else {
                return Finding("api-certificate", .pass, "until \(identity.expiresAt.wholeSeconds)")
            }
            return Finding(
                "api-certificate", age.isInvalid(at: now) ? .fail : .warn, warning,
                remedy: "put a renewed one into \(files.certificate); the daemon takes it up by itself")
        } catch { return Finding("api-certificate", .fail, "\(error)", remedy: error.remedy) }
    }

    private func recordFindings(_ installation: Installation) async throws -> [Finding] {
        try await installation.secrets.unreadableSecrets().map { secret in
            Finding(
                "secret-record", .fail, "what the store holds of \(secret) can't be read",
                remedy: "restore the store from a backup, or run the keyturn that wrote it")
        }
    }

    private func sinkFindings(_ installation: Installation) async throws -> [Finding] {
        let now = installation.clock.now
        return try await installation.backlogs().map { sink in
            guard sink.isBehind(at: now) else { return Finding("event-sink", .pass, sink.sentence(at: now)) }
            return Finding(
                "event-sink", .warn, sink.sentence(at: now),
                remedy: "see why in the log of the daemon or of the next command, which try again")
        }
    }

    private func directoryFinding(_ storePath: String) -> Finding {
        let directory = (storePath as NSString).deletingLastPathComponent
        let attributes = try? FileManager.default.attributesOfItem(atPath: directory)
        guard let bits = (attributes?[.posixPermissions] as? NSNumber)?.intValue else {
            return Finding("data-directory", .warn, "\(directory) can't be examined")
        }
        let mode = String(bits & 0o7777, radix: 8)
        // Of a directory like /tmp everybody may change their own files only.
        let isOpen = bits & 0o022 != 0 && bits & 0o1000 == 0
        return isOpen
            ? Finding(
                "data-directory", .fail, "\(directory) can be written by others (mode \(mode))",
                remedy: "chmod 700 \(directory)")
            : Finding("data-directory", .pass, "\(directory), mode \(mode)")
    }
}
