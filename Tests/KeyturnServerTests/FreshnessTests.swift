import KeyturnCore
import KeyturnEnvelope
import KeyturnFixtures
import KeyturnSQLiteStore
import Synchronization
import Testing

/// What requests read again and again is kept in memory; none of it may outlive a commit, whoever made it.
@Suite("What was read before is used only while nothing is committed", .timeLimit(.minutes(2)))
struct FreshnessTests {
    private let read = #"{"SecretId":"a"}"#

    /// The same file, by connections of its own, as another process has it.
    private func elsewhere(_ world: APIWorld) throws -> SQLiteStore {
        let envelope = Envelope(keys: try KeyFile(at: world.directory.path + "/keys"))
        return try SQLiteStore.open(at: world.directory.path + "/store", envelope: envelope) {
            SystemRandomNumberGenerator()
        }
    }

    private func worldWithSecret() async throws -> APIWorld {
        let world = try await APIWorld()
        try await world.done(
            "CreateSecret", #"{"Name":"a","ClientRequestToken":"\#(token("v1"))","SecretString":"one"}"#)
        return world
    }

    @Test("a key that is deleted elsewhere signs no further request, however often it was used", arguments: 0..<20)
    func deletedKey(_ round: Int) async throws {
        let world = try await worldWithSecret()
        let other = try elsewhere(world)
        let key = try await world.key(.builtIn(.readOnly), name: "app")
        for _ in 0...round { try await world.done("GetSecretValue", read, by: key) }
        #expect(try await (round.isMultiple(of: 2) ? other : world.store).deleteAccessKey(key.record.id))
        let answer = try await world.send("GetSecretValue", read, by: key)
        #expect(answer.string("__type") == "UnrecognizedClientException")
    }

    @Test("a key that expires is refused from that moment on, though nothing is committed then")
    func expiredKey() async throws {
        let world = try await worldWithSecret()
        let key = APIWorld.makeKey(.builtIn(.readOnly), expiresAt: start.advanced(by: .seconds(10)))
        try await world.store.create(key)
        for _ in 0..<3 { try await world.done("GetSecretValue", read, by: key) }
        let answer = try await world.send("GetSecretValue", read, by: key, at: start.advanced(by: .seconds(10)))
        #expect(answer.string("__type") == "ExpiredTokenException")
    }

    @Test("on the next day a key signs as well, and with another's secret it does not on either")
    func nextDay() async throws {
        let world = try await worldWithSecret()
        let impostor = AccessKey(
            record: world.admin.record, secret: APIWorld.makeKey(.builtIn(.admin)).secret, sessionToken: nil)
        for hours in [0, 24, 0, 48] {
            let now = start.advanced(by: .seconds(hours * 3600))
            for _ in 0..<2 { try await world.done("GetSecretValue", read, at: now) }
            let answer = try await world.send("GetSecretValue", read, by: impostor, at: now)
            #expect(answer.string("__type") == "InvalidSignatureException")
        }
    }

    @Test("a secret's policy, value, tags and deletion count from the next request on, whoever changes them")
    func changes() async throws {
        let world = try await worldWithSecret()
        let other = try elsewhere(world)
        let id = try await other.secret(.name(try SecretName("a"))).id
        for round in 0..<20 {
            try await world.done("GetSecretValue", read)
            let store = round.isMultiple(of: 2) ? other : world.store
            let version = try VersionID(token("r\(round)"))
            _ = try await store.put(.string(secret("\(round)")), version: version, stages: nil, to: id, at: start)
            #expect(try await world.done("GetSecretValue", read).string("SecretString") == "\(round)")
            try await store.tag(id, with: ["round": "\(round)"], at: start)
            #expect(try await world.done("DescribeSecret", read).text.contains(#""Value":"\#(round)""#))
            let deny =
                #"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"secretsmanager:GetSecretValue","Resource":"*"}}"#
            try await store.setResourcePolicy(try PolicyDocument(deny, kind: .resource), of: id, at: start)
            #expect(try await world.send("GetSecretValue", read).string("__type") == "AccessDeniedException")
            try await store.setResourcePolicy(nil, of: id, at: start)
            try await world.done("GetSecretValue", read)
            try await store.scheduleDeletion(of: id, on: start.advanced(by: .seconds(700_000)), at: start)
            #expect(try await world.send("GetSecretValue", read).string("__type") == "InvalidRequestException")
            try await store.restore(id, at: start)
        }
    }

    @Test("a value that was committed before a request came is not older in its answer, while others write and read")
    func concurrent() async throws {
        let world = try await worldWithSecret()
        let other = try elsewhere(world)
        let id = try await other.secret(.name(try SecretName("a"))).id
        _ = try await other.put(
            .string(secret("0")), version: try VersionID(token("n")), stages: nil, to: id, at: start)
        let committed = Latest()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { @Sendable in
                for number in 1...300 {
                    let version = try VersionID(token("n\(number)"))
                    _ = try await other.put(
                        .string(secret("\(number)")), version: version, stages: nil, to: id, at: start)
                    committed.set(number)
                }
            }
            for _ in 0..<4 {
                group.addTask { @Sendable in
                    while true {
                        let before = committed.value
                        let found = try await world.done("GetSecretValue", #"{"SecretId":"a"}"#).string(
                            "SecretString")
                        let number = try #require(found.flatMap { Int($0) })
                        #expect(number >= before, "an answer of \(number), after \(before) was committed")
                        if before == 300 { return }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test("LAST USED and the day of the last access are written once a minute and once a day, not with each request")
    func coarse() async throws {
        let world = try await worldWithSecret()
        let other = try elsewhere(world)
        try await world.done("GetSecretValue", read)
        let before = try #require(other.changeStamp())
        for second in 0..<59 {
            try await world.done("GetSecretValue", read, at: start.advanced(by: .seconds(second)))
        }
        #expect(other.changeStamp() == before)
        try await world.done("GetSecretValue", read, at: start.advanced(by: .seconds(60)))
        #expect(other.changeStamp() != before)
        let keys = try await other.accessKeys()
        #expect(keys.first?.lastUsedAt == start.advanced(by: .seconds(60)))
    }
}

/// The number that was committed last.
private final class Latest: Sendable {
    private let number = Mutex(0)

    var value: Int { number.withLock { $0 } }

    func set(_ value: Int) { number.withLock { $0 = value } }
}

private func secret(_ text: String) -> SecretBytes {
    var bytes = Array(text.utf8)
    return SecretBytes(taking: &bytes)
}
