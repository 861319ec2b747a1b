public import KeyturnCore
import Testing

/// What every adapter of `ResourcePolicyStore` has to do.
public struct ResourcePolicyStoreConformance {
    /// A store that keeps secrets and their policies.
    public typealias Store = ResourcePolicyStore & SecretStore

    private let store: any Store
    private let reopened: any Store
    private let start = UTCInstant(millisecondsSinceEpoch: 1_767_225_600_000)

    /// Takes an empty store, and what a second process sees of it.
    public init(_ store: any Store, reopened: any Store) {
        self.store = store
        self.reopened = reopened
    }

    /// Runs the suite.
    public func run() async throws {
        try await life(of: makeSecret("conformance/life"))
        try await deletion(of: makeSecret("conformance/deletion"))
    }

    private func makeSecret(_ text: String) async throws -> SecretID {
        var random: any RandomNumberGenerator = SystemRandomNumberGenerator()
        let name = try SecretName(text)
        let id = SecretID(newFor: name, in: try Realm(region: "local", account: "000000000000"), using: &random)
        let secret = try NewSecret(id: id, name: name, description: nil, type: nil, tags: [:])
        var value = Array("value".utf8)
        return try await store.create(
            secret, value: .string(SecretBytes(taking: &value)), version: VersionID(using: &random), at: start
        ).id
    }

    private func policy(_ sid: String) throws -> PolicyDocument {
        try PolicyDocument(
            """
            { "Statement" : [{"Sid": "\(sid)", "Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}] }
            """, kind: .resource)
    }

    /// A policy comes back as it was written, is replaced, and taken away; each is a change of the secret.
    private func life(of id: SecretID) async throws {
        #expect(try await store.resourcePolicy(of: id) == nil)
        let steps: [(PolicyDocument?, Int64, changedAt: Int64)] = [
            (try policy("first ü"), 1, 1), (try policy("second"), 2, 2), (nil, 3, 3), (nil, 4, 3),
        ]
        for (policy, second, changedAt) in steps {
            try await store.setResourcePolicy(policy, of: id, at: start.advanced(by: .seconds(second)))
            #expect(try await reopened.resourcePolicy(of: id)?.text == policy?.text)
            let changed = try await store.secret(.arn(id)).lastChangedAt
            #expect(changed == start.advanced(by: .seconds(changedAt)))
        }
    }

    /// A secret that is to be deleted keeps its policy as it is; a deleted one has none, and gets none.
    private func deletion(of id: SecretID) async throws {
        let policy = try policy("p")
        try await store.setResourcePolicy(policy, of: id, at: start)
        try await store.scheduleDeletion(of: id, on: start.advanced(by: .seconds(86_400)), at: start)
        let marked = await #expect(throws: StoreError.self) {
            try await store.setResourcePolicy(nil, of: id, at: start)
        }
        if case .markedForDeletion = marked {} else { Issue.record("\(String(describing: marked))") }
        #expect(try await reopened.resourcePolicy(of: id) == policy)
        try await store.delete(id, at: start)
        #expect(try await reopened.resourcePolicy(of: id) == nil)
        let gone = await #expect(throws: StoreError.self) {
            try await store.setResourcePolicy(policy, of: id, at: start)
        }
        if case .notFound = gone {} else { Issue.record("\(String(describing: gone))") }
    }
}
