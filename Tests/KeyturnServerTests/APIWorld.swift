import Foundation
import Glibc
import KeyturnCore
import KeyturnEnvelope
import KeyturnFixtures
import KeyturnSQLiteStore
import KeyturnServer
import Logging
import SecretsManagerWire
import Synchronization

/// The moment at which every test begins: 2026-01-01T00:00:00Z.
let start = UTCInstant(millisecondsSinceEpoch: 1_767_225_600_000)

/// The API on a store of its own, and a client that signs.
struct APIWorld: Sendable {
    let directory: TemporaryDirectory
    let store: SQLiteStore
    let service: SecretsManagerService
    let admin: AccessKey
    /// The rotations that were asked for.
    let asked: AskedRotations

    init(limits: RequestLimits? = nil) async throws {
        Self.tightenMask
        directory = try TemporaryDirectory()
        try KeyFile.create(at: directory.path + "/keys", now: start)
        try SQLiteStore.create(at: directory.path + "/store")
        let envelope = Envelope(keys: try KeyFile(at: directory.path + "/keys"))
        store = try SQLiteStore.open(at: directory.path + "/store", envelope: envelope) {
            SystemRandomNumberGenerator()
        }
        asked = AskedRotations()
        service = SecretsManagerService(
            stores: ServiceStores(
                secrets: store, accessKeys: store, resourcePolicies: store, schedule: store, changes: store),
            realm: try Realm(region: "local", account: "000000000000"), limits: try limits ?? RequestLimits(),
            rotations: asked.desk(store), planner: .utcOnly,
            makeRandom: { SystemRandomNumberGenerator() },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        admin = Self.makeKey(.builtIn(.admin))
        try await store.create(admin)
    }

    /// As the executable does; set once, because the mask belongs to the whole process.
    private static let tightenMask: Void = { _ = umask(0o077) }()

    static func makeKey(
        _ policy: AccessPolicy, name: String? = nil, expiresAt: UTCInstant? = nil, hasSessionToken: Bool = false
    ) -> AccessKey {
        var random: any RandomNumberGenerator = SystemRandomNumberGenerator()
        return AccessKey(
            name: name.flatMap { try? AccessKeyName($0) }, policy: policy, createdAt: start, expiresAt: expiresAt,
            hasSessionToken: hasSessionToken, using: &random)
    }

    /// A key that is in the store.
    func key(_ policy: AccessPolicy, name: String? = nil) async throws -> AccessKey {
        let key = Self.makeKey(policy, name: name)
        try await store.create(key)
        return key
    }

    /// Sends JSON to an operation, signed.
    func send(
        _ operation: String, _ json: String, by key: AccessKey? = nil, at now: UTCInstant = start,
        tamper: (inout SigV4Request) -> Void = { _ in }
    ) async throws -> Answer {
        try await send(operation, bytes: Array(json.utf8), by: key, at: now, tamper: tamper)
    }

    /// Sends a body, whatever it is.
    func send(
        _ operation: String, bytes: [UInt8], by key: AccessKey? = nil, at now: UTCInstant = start,
        tamper: (inout SigV4Request) -> Void = { _ in }
    ) async throws -> Answer {
        let key = key ?? admin
        var bytes = bytes
        let body = SecretBytes(taking: &bytes)
        var request = SigV4Request(
            method: "POST", path: "/",
            headers: [
                (name: "host", value: "127.0.0.1:7373"), (name: "content-type", value: "application/x-amz-json-1.1"),
                (name: "x-amz-target", value: "secretsmanager.\(operation)"),
            ], body: body)
        request = SigV4Signer(accessKeyID: key.record.id.text, region: "local").signed(
            request, secretAccessKey: key.secret, at: now)
        tamper(&request)
        let response = await service.answer(
            ServiceRequest(
                method: "POST", target: request.query.isEmpty ? "/" : "/?\(request.query)", headers: request.headers,
                body: body, sourceAddress: "127.0.0.1",
                isSecure: false), at: now)
        return Answer(response)
    }

    /// Sends JSON to an operation that has to work.
    @discardableResult
    func done(
        _ operation: String, _ json: String, by key: AccessKey? = nil, at now: UTCInstant = start
    ) async throws -> Answer {
        let answer = try await send(operation, json, by: key, at: now)
        guard answer.status == 200 else { throw Refused(operation: operation, answer: answer.text) }
        return answer
    }
}

/// Notes what rotations were asked for; there is room for one.
final class AskedRotations: Sendable {
    private let rotations = Mutex<[RequestedRotation]>([])

    func clear() { rotations.withLock { $0 = [] } }

    var all: [RequestedRotation] { rotations.withLock { $0 } }

    /// A desk that knows one function, `known`, and links the admin `admin` for the function `linked`.
    func desk(_ store: SQLiteStore) -> RotationDesk {
        RotationDesk(
            configure: { secret, wish throws(RotationRefusal) in
                let name = wish.function?.name
                guard name == nil || name == "known" || name == "linked" else { throw .unknownFunction(name ?? "") }
                let settings = RotationSettings(
                    strategy: .singleUser, adminSecret: nil, verification: [],
                    schedule: wish.schedule ?? secret.rotation?.schedule,
                    functionARN: wish.function?.text ?? secret.rotation?.functionARN)
                let admin: SecretID?
                do throws(StoreError) {
                    admin =
                        name == "linked"
                        ? try await store.secrets(includingPlannedDeletion: false).first { $0.name.text == "admin" }?.id
                        : nil
                } catch { throw .store(error) }
                return WishedRotation(adminSecret: admin) { () async throws(StoreError) in
                    try await store.configureRotation(
                        of: secret.id, settings, due: nil, keepsDate: false, target: .unknown, at: start)
                }
            },
            begin: { request throws(RotationRefusal) in
                guard self.rotations.withLock(\.isEmpty) else { throw .noRoom }
                do throws(StoreError) { try await request.settings?.store() } catch { throw .store(error) }
                self.rotations.withLock { $0.append(request) }
            })
    }

}

/// An operation that had to work and did not.
struct Refused: Error {
    let operation: String
    let answer: String
}

/// What came back.
struct Answer {
    let status: Int
    let text: String
    let headers: [String: String]

    init(_ response: ServiceResponse) {
        status = response.status
        text = response.body.withBytes { String(decoding: $0, as: UTF8.self) }
        headers = Dictionary(uniqueKeysWithValues: response.headers.map { ($0.name, $0.value) })
    }

    /// The members of the JSON object.
    var members: [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any] ?? [:]
    }

    func string(_ name: String) -> String? { members[name] as? String }

    /// `ResourceNotFoundException: Secrets Manager can't …`
    var error: String { "\(string("__type") ?? "none"): \(string("Message") ?? string("message") ?? "")" }
}

/// A token that begins with a short name.
func token(_ name: String) -> String { name + String(repeating: "-", count: 32) }
