import Testing

@testable import KeyturnCore

@Suite("A rotation function's key") struct RotationScopeTests {
    private static let pending = "11111111-1111-4111-8111-111111111111"

    private static func scope() throws -> RotationScope {
        RotationScope(
            secret: AccessSample.secret(), version: try VersionID(pending), adminSecret: AccessSample.secret("admin"))
    }

    private static func decide(
        _ action: AccessAction, on name: String, version: String? = pending, _ policy: PolicyDocument? = nil
    ) throws -> AccessDecision {
        var request = try AccessSample.request(action, on: name)
        request.context.targetVersion = try version.map { try VersionID($0) }
        return request.decision(identity: .rotation(try scope()), resourcePolicy: policy)
    }

    @Test(
        "reads its secret and the admin's, writes its own version, and nothing else", arguments: AccessAction.allCases)
    func scope(_ action: AccessAction) throws {
        let reads: Set<AccessAction> = [.describeSecret, .getSecretValue]
        let writes: Set<AccessAction> = [.putSecretValue, .updateSecretVersionStage]
        let own = reads.union(writes).union([.getRandomPassword])
        #expect(try Self.decide(action, on: "prod/orders").isAllowed == own.contains(action))
        let ofAdmin = reads.union([.getRandomPassword])
        #expect(try Self.decide(action, on: "admin").isAllowed == ofAdmin.contains(action))
        #expect(try Self.decide(action, on: "other").isAllowed == (action == .getRandomPassword))
        for version in [nil, "22222222-2222-4222-8222-222222222222"] {
            let decision = try Self.decide(action, on: "prod/orders", version: version)
            #expect(decision.isAllowed == (own.contains(action) && !writes.contains(action)))
        }
    }

    @Test("the secret's policy can deny it something, and give it nothing")
    func resourcePolicy() throws {
        let rest = #""Principal":"*","Action":"*","Resource":"*""#
        let deny = try AccessSample.statement(#""Effect":"Deny",\#(rest)"#, kind: .resource)
        #expect(try !Self.decide(.getSecretValue, on: "prod/orders", deny).isAllowed)
        let allow = try AccessSample.statement(#""Effect":"Allow",\#(rest)"#, kind: .resource)
        #expect(try Self.decide(.deleteSecret, on: "prod/orders", allow) == .notAllowed(.session))
    }

    @Test("is a session of its own: no user's name, and AWS's words for what it may not")
    func principal() throws {
        var random: any RandomNumberGenerator = SystemRandomNumberGenerator()
        let key = AccessKey(
            for: try Self.scope(), createdAt: AccessSample.now, lifetime: .seconds(900), using: &random)
        let principal = AccessPrincipal(key.record, account: AccessSample.account)
        #expect(principal.arn == "arn:aws:sts::000000000000:assumed-role/keyturn-rotation/\(key.record.id)")
        #expect(principal.name == nil)
        #expect(!key.record.isExpired(at: AccessSample.now.advanced(by: .seconds(899))))
        #expect(key.record.isExpired(at: AccessSample.now.advanced(by: .seconds(900))))
        let request = AccessRequest(
            principal: principal, action: .deleteSecret, resource: .secret(AccessSample.secret(), tags: [:]),
            context: AccessSample.context())
        let text = request.decision(identity: key.record.policy, resourcePolicy: nil).refusal(of: request, on: "x")
        #expect(text?.hasSuffix("because no session policy allows the secretsmanager:DeleteSecret action") == true)
    }
}
