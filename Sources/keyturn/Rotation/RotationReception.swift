import KeyturnCore
import KeyturnEngine
import KeyturnServer

/// What the API's RotateSecret works with: checks what a client wants, claims the secret, and hands the rotation to the
/// daemon.
struct RotationReception: Sendable {
    let checker: RotationChecker
    let runner: RotationRunner
    let requested: RequestedRotations

    /// The same for the server.
    var desk: RotationDesk {
        RotationDesk(
            configure: { secret, wish throws(RotationRefusal) in try await configure(secret, wish) },
            begin: { request throws(RotationRefusal) in try await begin(request) })
    }

    private func configure(
        _ secret: SecretRecord, _ wish: RotationWish
    ) async throws(RotationRefusal) -> WishedRotation {
        let proposal = try RotationProposal(wish, for: secret)
        do {
            let settled = try await checker.settled(proposal, for: secret)
            return WishedRotation(adminSecret: try await newlyLinkedAdmin(proposal, settled)) {
                () async throws(StoreError) in
                try await checker.configureRotation(of: secret, as: settled)
            }
        } catch let error as InvalidInput {
            throw .invalid(error)
        } catch let error as StoreError {
            throw .store(error)
        } catch { throw .store(.unavailable("\(error)")) }
    }

    private func newlyLinkedAdmin(
        _ proposal: RotationProposal, _ settled: SettledRotation
    ) async throws(StoreError) -> SecretID? {
        switch proposal.admin {
        case .kept: return nil
        case .named, .asCredentialSays:
            guard let reference = settled.settings.adminSecret else { return nil }
            return try await checker.secrets.secret(reference).id
        }
    }

    private func begin(_ request: RequestedRotation) async throws(RotationRefusal) {
        guard requested.reserve() else { throw .noRoom }
        do throws(StoreError) {
            let work = try await runner.begin(
                request.rotatesNow ? .rotation : .test, of: request.secret, as: request.token,
                requestedAt: request.requestedAt, after: request.settings?.store)
            requested.add(work)
        } catch {
            requested.release()
            throw .store(error)
        }
    }
}

extension RotationProposal {
    /// What a client of the API wants; what it does not name stays as it is.
    fileprivate init(_ wish: RotationWish, for secret: SecretRecord) throws(RotationRefusal) {
        let earlier = secret.rotation
        let schedule = wish.schedule ?? earlier?.schedule
        guard let function = wish.function else {
            guard let earlier else { throw .store(.rotationNotConfigured(secret.name)) }
            self.init(
                strategy: earlier.strategy, admin: .kept(earlier.adminSecret, place: earlier.adminPlace),
                verification: earlier.verification, replicas: earlier.options.replicas,
                database: DatabaseChoices(keeping: earlier.options), schedule: schedule,
                functionARN: earlier.functionARN)
            return
        }
        guard let template = RotationTemplate(functionName: function.name) else {
            throw .unknownFunction(function.name)
        }
        let same = earlier?.strategy == template.strategy ? earlier : nil
        self.init(
            strategy: template.strategy, admin: .asCredentialSays(otherwise: same?.adminSecret),
            verification: same?.verification ?? [], replicas: same?.options.replicas ?? [],
            database: same.map { DatabaseChoices(keeping: $0.options) } ?? DatabaseChoices(), schedule: schedule,
            functionARN: function.text, family: template.family)
    }
}
