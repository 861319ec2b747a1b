public import KeyturnCore
import NIOSSL
import Synchronization

/// The identity that new connections get. A renewed one takes the place of the one before while connections are open;
/// they keep what they began with.
public final class CurrentIdentity: Sendable {
    private struct State {
        var files: TLSFiles
        var identity: TLSIdentity
        /// What was looked at last, taken or not: the same bad files are complained of once.
        var looked: FileFingerprint
    }

    private let state: Mutex<State>

    /// Reads the files for the first time.
    /// - Throws: `TLSIdentityError`.
    public init(_ files: TLSFiles) throws(TLSIdentityError) {
        let identity = try TLSIdentity(files)
        state = Mutex(State(files: files, identity: identity, looked: identity.fingerprint))
    }

    /// What new connections get.
    public var identity: TLSIdentity { state.withLock { $0.identity } }

    var context: NIOSSLContext { state.withLock { $0.identity.context } }

    /// Reads files that may be others than before.
    /// - Returns: Whether a new certificate was taken up.
    /// - Throws: `TLSIdentityError`; the identity before is kept.
    public func take(_ files: TLSFiles, at now: UTCInstant) throws(TLSIdentityError) -> Bool {
        let fresh: TLSIdentity
        // Before they are read: what changes meanwhile is looked at again.
        let seen = FileFingerprint(files)
        do throws(TLSIdentityError) {
            fresh = try TLSIdentity(files)
            try refuseExpired(fresh, files, at: now)
        } catch {
            state.withLock { if $0.files == files { $0.looked = seen } }
            throw error
        }
        return state.withLock { state in
            let isNew = state.identity.chain != fresh.chain
            state = State(files: files, identity: fresh, looked: fresh.fingerprint)
            return isNew
        }
    }

    /// Reads the files again if they have changed since they were looked at last.
    /// - Returns: Whether a new certificate was taken up.
    /// - Throws: `TLSIdentityError`, once for each state of the files; the identity before is kept.
    public func refresh(at now: UTCInstant) throws(TLSIdentityError) -> Bool {
        let (files, looked) = state.withLock { ($0.files, $0.looked) }
        guard FileFingerprint(files) != looked else { return false }
        return try take(files, at: now)
    }

    /// What has ended is no renewal of what has not.
    private func refuseExpired(
        _ fresh: TLSIdentity, _ files: TLSFiles, at now: UTCInstant
    ) throws(TLSIdentityError) {
        guard fresh.expiresAt <= now, identity.expiresAt > now else { return }
        throw TLSIdentityError(
            "certificate", files.certificate, "has expired (\(fresh.expiresAt.wholeSeconds))",
            remedy: "put the renewed certificate there")
    }
}
