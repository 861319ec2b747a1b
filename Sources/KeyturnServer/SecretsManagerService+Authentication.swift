import KeyturnCore
import Logging
import SecretsManagerWire

extension SecretsManagerService {
    /// Who signed a request; a network from which many requests come that nobody signed is turned away before anything is
    /// computed.
    /// - Throws: The error to answer.
    func authenticateSlowly(
        _ request: ServiceRequest, _ view: ReadCache.View, at now: UTCInstant
    ) async throws(SecretsManagerError) -> AccessKeyRecord {
        let network = request.sourceNetwork ?? request.sourceAddress ?? ""
        guard
            !failures.turnsAway(
                network, claiming: ServiceRequest.claimedKey(in: request.header("authorization")), at: now)
        else { throw .throttled() }
        do throws(SecretsManagerError) {
            let key = try await authenticate(request, view, at: now)
            failures.noteSuccess(network, key: key.id.text, at: now)
            return key
        } catch {
            // A store that does not answer is no fault of the client.
            if error.code != .internalServiceError { failures.noteFailure(network, at: now) }
            throw error
        }
    }

    /// Who signed a request.
    /// - Throws: The error to answer. A key that is unknown, unreadable or comes without its session token is told apart
    ///   from no other.
    func authenticate(
        _ request: ServiceRequest, _ view: ReadCache.View, at now: UTCInstant
    ) async throws(SecretsManagerError) -> AccessKeyRecord {
        let signed = SigV4Request(
            method: request.method, target: request.target, headers: request.headers, body: request.body)
        let claim = try verifier.claim(of: signed, at: now)
        // What is no id of ours is the id of no key.
        guard let id = try? AccessKeyID(claim.authorization.accessKeyID) else { throw .unrecognizedClient() }
        let record = try await prove(claim, by: id, view, at: now)
        if let last = record.lastUsedAt, last.duration(to: now) < AccessKeyRecord.useGranularity { return record }
        do { try await stores.accessKeys.noteUse(of: id, at: now) } catch {
            // The request is good all the same: only LAST USED stays behind.
            logger.warning("the use of \(id) was not noted: \(error.message)")
        }
        return record
    }

    /// Proves the signature, with the signing key that was derived for an earlier request of the day if there was one.
    private func prove(
        _ claim: SignedClaim, by id: AccessKeyID, _ view: ReadCache.View, at now: UTCInstant
    ) async throws(SecretsManagerError) -> AccessKeyRecord {
        if let known = view.key(id), known.signing.scope == claim.authorization.scope {
            guard !known.record.isExpired(at: now) else { throw .expiredToken() }
            guard claim.authorization.sessionToken == nil else { throw .unrecognizedClient() }
            try claim.verify(with: known.signing)
            return known.record
        }
        let key = try await key(id)
        guard !key.record.isExpired(at: now) else { throw .expiredToken() }
        try requireToken(of: key, in: claim.authorization)
        let signing = SigningKey(secretAccessKey: key.secret, scope: claim.authorization.scope)
        try claim.verify(with: signing)
        // A rotation's key, which has a token too, is used a few times.
        if key.sessionToken == nil { view.keep(ReadCache.KnownKey(record: key.record, signing: signing)) }
        return key.record
    }

    private func key(_ id: AccessKeyID) async throws(SecretsManagerError) -> AccessKey {
        let found: AccessKey?
        do { found = try await stores.accessKeys.accessKey(id) } catch {
            logger.error("access key \(id) can't be read: \(error.message) → \(error.remedy)")
            if case .accessKeyUnreadable = error { throw .unrecognizedClient() }
            throw .internalFailure()
        }
        guard let found else { throw .unrecognizedClient() }
        return found
    }

    private func requireToken(
        of key: AccessKey, in authorization: SigV4Authorization
    ) throws(SecretsManagerError) {
        switch (key.sessionToken, authorization.sessionToken) {
        case (nil, nil): return
        case (let own?, let given?):
            var bytes = Array(given.utf8)
            guard own.hasSameBytes(as: SecretBytes(taking: &bytes)) else { throw .unrecognizedClient() }
        case (nil, .some), (.some, nil): throw .unrecognizedClient()
        }
    }
}

extension ServiceRequest {
    /// The id behind `Credential=` in an Authorization header, as it stands there.
    static func claimedKey(in authorization: String?) -> String? {
        guard let authorization, let start = authorization.firstRange(of: "Credential=")?.upperBound else { return nil }
        return String(authorization[start...].prefix(AccessKeyID.length))
    }
}
