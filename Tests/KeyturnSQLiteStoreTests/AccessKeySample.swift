import GRDB
import KeyturnCore
import Testing

@testable import KeyturnSQLiteStore

/// What the tests of access keys share.
enum AccessKeySample {
    /// A policy in an admin's words.
    static func document() throws -> PolicyDocument {
        try PolicyDocument(
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"*"}]}"#,
            kind: .identity)
    }

    /// One key of each kind.
    static func all() throws -> [AccessKey] {
        let scope = RotationScope(secret: secretID("a"), version: try versionID("v2"), adminSecret: secretID("admin"))
        var random: any RandomNumberGenerator = SystemRandomNumberGenerator()
        return [
            make(.builtIn(.admin), name: try AccessKeyName("admin")), make(.builtIn(.readOnly)),
            make(.document(try document()), name: try AccessKeyName("app"), expiresAt: start.advanced(by: day)),
            AccessKey(
                for: scope, createdAt: start, lifetime: .seconds(900), hasSessionToken: true, using: &random),
        ]
    }

    static func make(
        _ policy: AccessPolicy = .builtIn(.admin), name: AccessKeyName? = nil, at now: UTCInstant = start,
        expiresAt: UTCInstant? = nil
    ) -> AccessKey {
        var random: any RandomNumberGenerator = SystemRandomNumberGenerator()
        return AccessKey(name: name, policy: policy, createdAt: now, expiresAt: expiresAt, using: &random)
    }

    static func text(_ bytes: SecretBytes) -> String { bytes.withBytes { String(decoding: $0, as: UTF8.self) } }
}
