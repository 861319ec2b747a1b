/// Keeps access keys. Their secrets are encrypted at rest.
public protocol AccessKeyStore: Sendable {
    /// Keeps a new key.
    /// - Throws: `StoreError.tooManyAccessKeys` if there are as many as a store holds.
    func create(_ key: AccessKey) async throws(StoreError)
    /// All keys by the time they were made, without their secrets.
    func accessKeys() async throws(StoreError) -> [AccessKeyRecord]
    /// A key, nil if there is none. One that has expired is still found: the caller says so.
    /// - Throws: `StoreError.accessKeyUnreadable` if its record or its policy is damaged: it is good for nothing then.
    func accessKey(_ id: AccessKeyID) async throws(StoreError) -> AccessKey?
    /// Deletes a key.
    /// - Returns: Whether there was one.
    func deleteAccessKey(_ id: AccessKeyID) async throws(StoreError) -> Bool
    /// Notes that a key was used; writes only if the last use is `AccessKeyRecord.useGranularity` ago or more.
    func noteUse(of id: AccessKeyID, at now: UTCInstant) async throws(StoreError)
    /// Deletes the keys whose time has come.
    /// - Returns: How many.
    func deleteExpiredAccessKeys(at now: UTCInstant) async throws(StoreError) -> Int
}

/// Limits of every store of access keys.
public enum AccessKeyLimits {
    /// So many that every application and every running rotation has its own, and a list of all stays readable.
    public static let most = 10_000
}
