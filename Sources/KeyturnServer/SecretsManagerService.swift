import Crypto
package import KeyturnCore
import KeyturnListener
package import Logging
import SecretsManagerWire

/// AWS Secrets Manager's API over Keyturn's stores: a request goes in, an answer comes out. No socket, no clock.
///
/// The order of checks is that of the service as far as it is known: the operation's name, the signature, JSON and the
/// model's constraints, the syntax of names, the token, the policies, then everything that depends on the secret.
package struct SecretsManagerService: Sendable {
    let stores: ServiceStores
    let realm: Realm
    let verifier: SigV4Verifier
    let gate: RequestGate
    let cache: ReadCache
    let rotations: RotationDesk
    let planner: DuePlanner
    /// Slows down who signs with what is no key of ours.
    let failures: FailureGate
    /// Seals the positions of lists.
    let pageKey: SymmetricKey
    let makeRandom: @Sendable () -> any RandomNumberGenerator
    let logger: Logger

    /// Takes what the API works with.
    /// - Parameters:
    ///   - realm: The region that signatures have to name, and the account that keys belong to.
    ///   - limits: The rates of each key.
    ///   - rotations: Where rotations are configured and begun.
    ///   - planner: Reads schedules.
    ///   - pageKey: 32 bytes that seal the positions of lists. A list can be gone on with as long as it stays the same.
    ///   - makeRandom: A cryptographic source: passwords, ARNs and request ids are drawn from it.
    package init(
        stores: ServiceStores, realm: Realm, limits: RequestLimits, rotations: RotationDesk, planner: DuePlanner,
        pageKey: SecretBytes, makeRandom: @escaping @Sendable () -> any RandomNumberGenerator, logger: Logger
    ) {
        self.stores = stores
        self.realm = realm
        verifier = SigV4Verifier(region: realm.region)
        gate = RequestGate(limits)
        cache = ReadCache(stores.changes)
        self.rotations = rotations
        self.planner = planner
        failures = FailureGate()
        self.pageKey = pageKey.withBytes { SymmetricKey(data: $0) }
        self.makeRandom = makeRandom
        self.logger = logger
    }

    /// Answers a request. Nothing is thrown: what goes wrong is an answer too.
    package func answer(_ request: ServiceRequest, at now: UTCInstant) async -> ServiceResponse {
        let requestID = newRequestID()
        var operation: SecretsManagerOperation?
        var caller: AccessKeyRecord?
        let result: Result<SecretBytes, SecretsManagerError>
        do throws(SecretsManagerError) {
            let asked = try SecretsManagerOperation(target: request.header("x-amz-target"))
            operation = asked
            let view = cache.view()
            let key = try await authenticateSlowly(request, view, at: now)
            caller = key
            let call = Call(
                service: self, key: key, view: view, now: now, requestID: requestID,
                circumstances: AccessContext(
                    now: now, isSecure: request.isSecure, sourceAddress: request.sourceAddress))
            result = .success(try await call.perform(try SecretsManagerRequest(asked, body: request.body)))
        } catch { result = .failure(error) }
        note(result, operation, caller, from: request.sourceAddress, requestID)
        return ServiceResponse(result, requestID: requestID)
    }

    /// The answer to a request whose body is larger than `ServiceRequest.largestBody`, and was not read.
    package func refuseLargeBody(from sourceAddress: String?) -> ServiceResponse {
        let error = SecretsManagerError(
            .serialization, "The request's body is larger than \(ServiceRequest.largestBody) bytes.")
        let requestID = newRequestID()
        note(.failure(error), nil, nil, from: sourceAddress, requestID)
        return ServiceResponse(.failure(error), requestID: requestID)
    }

    /// The answer to a request whose body is not read, because its network sends too much that nobody signed; nil if it may
    /// go on.
    func turnAway(from source: SourceAddress, claiming authorization: String?, at now: UTCInstant) -> ServiceResponse? {
        let key = ServiceRequest.claimedKey(in: authorization)
        guard failures.turnsAway(source.network, claiming: key, at: now) else { return nil }
        let requestID = newRequestID()
        note(.failure(.throttled()), nil, nil, from: source.text, requestID)
        return ServiceResponse(.failure(.throttled()), requestID: requestID)
    }

    /// One line a request: who asked for what, and how it ended. Nothing of a body.
    private func note(
        _ result: Result<SecretBytes, SecretsManagerError>, _ operation: SecretsManagerOperation?,
        _ caller: AccessKeyRecord?,
        from sourceAddress: String?, _ requestID: String
    ) {
        let outcome: String =
            switch result {
            case .success: "ok"
            case .failure(let error): error.code.rawValue
            }
        logger.info(
            "request",
            metadata: [
                "operation": "\(operation?.rawValue ?? "unknown")", "accessKey": "\(caller?.id.text ?? "none")",
                "source": "\(sourceAddress ?? "unknown")", "outcome": "\(outcome)", "requestId": "\(requestID)",
            ])
    }

    private func newRequestID() -> String {
        var random = makeRandom()
        return RequestID.make(using: &random)
    }
}
