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

    static func make(
        _ policy: AccessPolicy = .builtIn(.admin), name: AccessKeyName? = nil, at now: UTCInstant = start,
        expiresAt: UTCInstant? = nil
    ) -> AccessKey {
        var random: any RandomNumberGenerator = SystemRandomNumberGenerator()
        return AccessKey(name: name, policy: policy, createdAt: now, expiresAt: expiresAt, using: &random)
    }

    static func text(_ bytes: SecretBytes) -> String { bytes.withBytes { String(decoding: $0, as: UTF8.self) } }
}
