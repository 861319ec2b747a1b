import KeyturnCore
import Testing

@testable import KeyturnCore

/// What the tests of access rules share.
enum AccessSample {
    static let account = "000000000000"
    /// 2026-01-01T00:00:00Z
    static let now = UTCInstant(millisecondsSinceEpoch: 1_767_225_600_000)

    static func secret(_ name: String = "prod/orders", account: String = account) -> SecretID {
        SecretID(arn: "arn:aws:secretsmanager:local:\(account):secret:\(name)-AbCdEf")
    }

    static func principal(_ name: String = "app", account: String = account) throws -> AccessPrincipal {
        let record = AccessKeyRecord(
            id: try AccessKeyID("KTAKAAAAAAAAAAAAAAAA"), name: try AccessKeyName(name), policy: .builtIn(.admin),
            createdAt: now, lastUsedAt: nil, expiresAt: nil)
        return AccessPrincipal(record, account: account)
    }

    static func context() -> AccessContext {
        AccessContext(now: now, isSecure: true, sourceAddress: "203.0.113.9")
    }

    static func request(
        _ action: AccessAction = .getSecretValue, on name: String = "prod/orders", tags: [String: String] = [:],
        by user: String = "app", account: String = account, under context: AccessContext = context()
    ) throws -> AccessRequest {
        AccessRequest(
            principal: try principal(user, account: account), action: action,
            resource: .secret(secret(name), tags: tags), context: context)
    }

    /// A policy of one statement, written as JSON members.
    static func statement(_ members: String, kind: PolicyDocument.Kind = .identity) throws -> PolicyDocument {
        try PolicyDocument(#"{"Version":"2012-10-17","Statement":[{\#(members)}]}"#, kind: kind)
    }

    /// An Allow of everything under conditions.
    static func allow(if conditions: String) throws -> AccessPolicy {
        .document(try statement(#""Effect":"Allow","Action":"*","Resource":"*","Condition":\#(conditions)"#))
    }
}
