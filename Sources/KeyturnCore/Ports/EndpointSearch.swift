/// Finds the server to talk to among the endpoints of a place: the first that lets the user in and takes writes.
public enum EndpointSearch {
    /// Tries one endpoint after the other.
    /// - Parameter logIn: Logs in at one of them.
    public static func session<Session: DatabaseSession>(
        at endpoints: [DatabaseEndpoint],
        _ logIn: (DatabaseEndpoint) async throws(DatabaseFailure) -> Session
    ) async throws(DatabaseFailure) -> Session {
        var readOnly: Session?
        var lastFailure: DatabaseFailure?
        for endpoint in endpoints {
            do throws(DatabaseFailure) {
                let session = try await logIn(endpoint)
                if !session.identity.isReadOnly || endpoints.count == 1 {
                    await readOnly?.close()
                    return session
                }
                if readOnly == nil { readOnly = session } else { await session.close() }
            } catch {
                // A replica that lags behind refuses a password that the primary has accepted: as long as another server
                // may let the user in, a refusal is not the last word.
                if lastFailure?.kind != .wrongPassword { lastFailure = error }
                guard error.kind.leavesOtherEndpointsOpen || error.kind == .wrongPassword else { break }
            }
        }
        // A replica's word counts only if the others were reached: the primary may merely be away.
        if let readOnly, lastFailure.map({ $0.kind == .wrongPassword }) ?? true { return readOnly }
        await readOnly?.close()
        throw lastFailure ?? DatabaseFailure(.unreachable, at: endpoints[0], "no endpoint was left to try")
    }
}

extension DatabaseFailure.Kind {
    /// Whether another address or server may still let the user in. A refused password is refused everywhere, and
    /// every further try would count against the user.
    public var leavesOtherEndpointsOpen: Bool {
        switch self {
        case .unreachable, .timedOut, .notReady, .notTrusted, .readOnly: true
        case .wrongPassword, .refusedByRule, .loginNotAllowed, .passwordExpired, .limitReached, .noSuchDatabase,
            .permissionDenied,
            .passwordRefused, .notOurs, .unequal, .conflict, .cancelled, .outcomeUnknown, .other:
            false
        }
    }
}
