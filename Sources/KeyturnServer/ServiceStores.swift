package import KeyturnCore

/// What the API reads and writes.
package struct ServiceStores: Sendable {
    /// Secrets, versions, labels.
    package let secrets: any SecretStore
    /// Who may sign.
    package let accessKeys: any AccessKeyStore
    /// Policies of secrets.
    package let resourcePolicies: any ResourcePolicyStore
    /// When secrets are rotated next.
    package let schedule: any ScheduleStore
    /// Whether anything of it has changed; nil where that can't be said, and everything is read each time.
    package let changes: (any ChangeWatch)?

    /// Takes the parts.
    package init(
        secrets: any SecretStore, accessKeys: any AccessKeyStore, resourcePolicies: any ResourcePolicyStore,
        schedule: any ScheduleStore, changes: (any ChangeWatch)? = nil
    ) {
        self.secrets = secrets
        self.accessKeys = accessKeys
        self.resourcePolicies = resourcePolicies
        self.schedule = schedule
        self.changes = changes
    }
}
