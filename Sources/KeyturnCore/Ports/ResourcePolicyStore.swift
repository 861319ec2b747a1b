/// Keeps the policies that are attached to secrets.
public protocol ResourcePolicyStore: Sendable {
    /// A secret's policy, nil if it has none.
    /// - Throws: `StoreError.unavailable` if what is stored can't be read: it is never taken for none.
    func resourcePolicy(of secret: SecretID) async throws(StoreError) -> PolicyDocument?
    /// Attaches a policy in the place of the one before, or (nil) takes it away.
    /// - Throws: `StoreError.notFound`, `StoreError.markedForDeletion`.
    func setResourcePolicy(
        _ policy: PolicyDocument?, of secret: SecretID, at now: UTCInstant
    ) async throws(StoreError)
}
