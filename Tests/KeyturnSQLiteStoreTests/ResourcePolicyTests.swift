import GRDB
import KeyturnCore
import Testing

@testable import KeyturnSQLiteStore

@Suite("SQLiteStore, resource policies") struct ResourcePolicyTests {
    private static func policy(_ sid: String) throws -> PolicyDocument {
        try PolicyDocument(
            """
            { "Statement" : [{"Sid": "\(sid)", "Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}] }
            """, kind: .resource)
    }

    @Test("a policy comes back as it was written, is replaced, and taken away")
    func life() async throws {
        let sample = try StoreSample()
        let id = try await sample.addSecret().id
        #expect(try await sample.store.resourcePolicy(of: id) == nil)
        let (first, second) = (try Self.policy("first ü"), try Self.policy("second"))
        try await sample.store.setResourcePolicy(first, of: id, at: start.advanced(by: .seconds(1)))
        #expect(try await sample.another().resourcePolicy(of: id)?.text == first.text)
        #expect(try await sample.store.secret(.arn(id)).lastChangedAt == start.advanced(by: .seconds(1)))
        try await sample.store.setResourcePolicy(second, of: id, at: start.advanced(by: .seconds(2)))
        #expect(try await sample.store.resourcePolicy(of: id) == second)
        try await sample.store.setResourcePolicy(nil, of: id, at: start.advanced(by: .seconds(3)))
        #expect(try await sample.store.resourcePolicy(of: id) == nil)
        #expect(try await sample.store.secret(.arn(id)).lastChangedAt == start.advanced(by: .seconds(3)))
        try await sample.store.setResourcePolicy(nil, of: id, at: start.advanced(by: .seconds(4)))
        #expect(try await sample.store.secret(.arn(id)).lastChangedAt == start.advanced(by: .seconds(3)))
    }

    @Test("a secret that is not there or is to be deleted gets no policy; a deleted secret's is gone with it")
    func secretsLife() async throws {
        let sample = try StoreSample()
        let policy = try Self.policy("p")
        #expect(
            await refusal { try await sample.store.setResourcePolicy(policy, of: secretID("none"), at: start) }
                == .notFound)
        let id = try await sample.addSecret().id
        try await sample.store.setResourcePolicy(policy, of: id, at: start)
        try await sample.store.scheduleDeletion(of: id, on: start.advanced(by: day), at: start)
        #expect(
            await refusal { try await sample.store.setResourcePolicy(nil, of: id, at: start) } == .markedForDeletion)
        #expect(try await sample.store.resourcePolicy(of: id) == policy)
        try await sample.store.delete(id, at: start)
        #expect(try await sample.store.resourcePolicy(of: id) == nil)
        let left = try await sample.store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM resource_policies") }
        #expect(left == 0)
    }

    @Test("a policy that can't be read is told, and never taken for none")
    func damaged() async throws {
        let sample = try StoreSample()
        let id = try await sample.addSecret().id
        try await sample.store.setResourcePolicy(try Self.policy("p"), of: id, at: start)
        try await sample.store.write { try $0.execute(sql: "UPDATE resource_policies SET policy = '{'") }
        #expect(await refusal { try await sample.store.resourcePolicy(of: id) } == .unavailable)
    }
}
