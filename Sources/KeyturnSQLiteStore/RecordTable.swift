import Foundation
import GRDB
import KeyturnCore
import KeyturnEnvelope

/// The tables that hold envelopes, by their names: what a re-wrapping goes through.
enum RecordTable: String, CaseIterable {
    case versions
    case accessKeys = "access_keys"

    /// The next records by their place in the table.
    func records(_ db: Database, after position: Int64, limit: Int) throws -> [StoredRecord] {
        let sql = "SELECT rowid, * FROM \(rawValue) WHERE record IS NOT NULL AND rowid > ? ORDER BY rowid LIMIT ?"
        return try Row.fetchAll(db, sql: sql, arguments: [position, limit]).map { row in
            let (owner, binding) = try owner(row)
            return StoredRecord(
                position: row["rowid"], owner: owner, binding: binding, bytes: Array(row["record"] as Data))
        }
    }

    private func owner(_ row: Row) throws -> (StoredRecord.Owner, EnvelopeBinding) {
        switch self {
        case .versions:
            let secret = SecretID(arn: row["arn"])
            let version = try VersionID(row["version_id"] as String)
            return (.version(secret, version), EnvelopeBinding(secret, version))
        case .accessKeys:
            let stored = try StoredAccessKey(row)
            return (.accessKey(stored.id), stored.binding)
        }
    }
}

/// An envelope, and whose it is.
struct StoredRecord: Sendable {
    enum Owner: Sendable {
        case version(SecretID, VersionID)
        case accessKey(AccessKeyID)
    }

    let position: Int64
    let owner: Owner
    let binding: EnvelopeBinding
    let bytes: [UInt8]
}

extension StoreError {
    init(_ error: EnvelopeError, _ owner: StoredRecord.Owner) {
        switch owner {
        case .version(let secret, let version): self.init(error, secret, version)
        case .accessKey(let id):
            switch error {
            case .corrupted(let reason), .cryptographyFailed(let reason):
                self = .accessKeyUnreadable(id, reason: reason)
            case .keyMissing(let keyID):
                self = .accessKeyUnreadable(id, reason: "is encrypted under key \(keyID), which is not in the key file")
            }
        }
    }
}
