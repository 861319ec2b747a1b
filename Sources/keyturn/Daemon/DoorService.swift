import KeyturnCore
import KeyturnListener
import Logging
import ServiceLifecycle

/// Looks after the front door: takes up renewed certificates, and tells of those that end, and of connections that were
/// turned away.
struct DoorService: Service {
    let door: FrontDoor
    let state: DaemonState
    let clock: SystemClock
    let logger: Logger

    /// How often the files are looked at.
    private static let interval: Duration = .seconds(10)
    /// How often somebody is told of what goes on.
    private static let reminder: Duration = .seconds(60)
    private static let certificateReminder: Duration = .seconds(86_400)

    func run() async {
        await cancelWhenGracefulShutdown {
            var told = (cuts: clock.now, certificate: UTCInstant(millisecondsSinceEpoch: 0), count: 0)
            while !Task.isCancelled {
                let now = clock.now
                refresh(at: now)
                if told.certificate.duration(to: now) >= Self.certificateReminder, tellOfEnd(at: now) {
                    told.certificate = now
                }
                if told.cuts.duration(to: now) >= Self.reminder {
                    told.count = tellOfCuts(since: told.count)
                    told.cuts = now
                }
                try? await clock.sleep(for: Self.interval)
            }
        }
    }

    private func refresh(at now: UTCInstant) {
        guard let identity = door.identity else { return }
        do throws(TLSIdentityError) {
            if try identity.refresh(at: now) {
                logger.notice("the certificate was renewed: it ends \(identity.identity.expiresAt.wholeSeconds)")
                state.with { $0.certificateProblem = nil }
            }
        } catch {
            logger.error("the certificate was not renewed, and the one before is kept: \(error) → \(error.remedy)")
            state.with { $0.certificateProblem = error.description }
        }
        state.with { $0.certificateEnd = identity.identity.expiresAt }
    }

    private func tellOfEnd(at now: UTCInstant) -> Bool {
        guard let identity = door.identity?.identity, let text = CertificateAge(identity).warning(at: now) else {
            return false
        }
        logger.warning("\(text)")
        return true
    }

    private func tellOfCuts(since count: Int) -> Int {
        let cuts = door.ledger.reading.cuts
        let all = cuts.values.reduce(0, +)
        if all > count {
            let reasons = cuts.map { "\($0.rawValue): \($1)" }.sorted().joined(separator: ", ")
            logger.warning("\(all - count) connections were turned away in a minute; since the start: \(reasons)")
        }
        return all
    }
}

/// How a certificate stands to its time.
struct CertificateAge {
    private let beginsAt: UTCInstant
    private let expiresAt: UTCInstant

    /// Renewals that are automatic come a month before, or at two thirds of a short life.
    static let patience: Duration = .seconds(14 * 86_400)

    init(_ identity: TLSIdentity) { (beginsAt, expiresAt) = (identity.beginsAt, identity.expiresAt) }

    /// Whether clients refuse it.
    func isInvalid(at now: UTCInstant) -> Bool { expiresAt <= now || beginsAt > now }

    /// What somebody should know, nil for nothing.
    func warning(at now: UTCInstant) -> String? {
        if expiresAt <= now {
            return "the API's certificate has expired (\(expiresAt.wholeSeconds)): clients refuse it"
        }
        if beginsAt > now { return "the API's certificate is not valid yet (\(beginsAt.wholeSeconds))" }
        // Of a short life, the last third.
        let patience = min(Self.patience, beginsAt.duration(to: expiresAt) / 3)
        guard now.duration(to: expiresAt) < patience else { return nil }
        return "the API's certificate ends \(expiresAt.wholeSeconds)"
    }
}
