import GRDB
import KeyturnCore
import KeyturnTesting
import Testing

@testable import KeyturnSQLiteStore

@Suite("SQLiteStore, resource policies") struct ResourcePolicyTests {
    @Test("does what every store of resource policies has to do, and leaves no policy without its secret")
    func conformance() async throws {
        let sample = try StoreSample()
        try await ResourcePolicyStoreConformance(sample.store, reopened: sample.another()).run()
        let left = try await sample.store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM resource_policies") }
        #expect(left == 0)
    }

    @Test("a policy that can't be read is told, and never taken for none")
    func damaged() async throws {
        let sample = try StoreSample()
        let id = try await sample.addSecret().id
        let statement = #"{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}"#
        let policy = try PolicyDocument(#"{"Statement":\#(statement)}"#, kind: .resource)
        try await sample.store.setResourcePolicy(policy, of: id, at: start)
        try await sample.store.write { try $0.execute(sql: "UPDATE resource_policies SET policy = '{'") }
        let error = await storeError { try await sample.store.resourcePolicy(of: id) }
        #expect(error.map(Refusal.init) == .unavailable && error?.message.contains(id.arn) == true)
    }
}
