import KeyturnCore
import KeyturnSimulation
import KeyturnTesting
import SingleUserStrategy
import Synchronization

/// One secret with its versions, a simulated server, and the strategy between them; no store and no runner.
final class StrategyWorld: Sendable {
    let server: SimulatedServer
    let strategy: SingleUserStrategy
    private let values: Mutex<[StagingLabel: SecretValue]>
    private let abandoned: Mutex<[SecretValue]>
    let recorded = Mutex<[[String: String]]>([])

    init(current: String = "old-password", atServer: String = "old-password") throws {
        server = SimulatedServer(user: "app", password: atServer)
        strategy = SingleUserStrategy(accounts: server)
        values = Mutex([.current: Self.value(password: current)])
        abandoned = Mutex([])
    }

    static func document(
        user: String = "app", password: String, host: String = "127.0.0.1", port: Int = 5432, extra: String = ""
    ) -> String {
        #"{"engine":"postgres","host":"\#(host)","port":\#(port),"username":"\#(user)","password":"\#(password)"\#(extra)}"#
    }

    static func value(password: String) -> SecretValue { .string(SimulatedServer.secret(document(password: password))) }

    func put(_ label: StagingLabel, _ document: String) {
        values.withLock { $0[label] = .string(SimulatedServer.secret(document)) }
    }

    func abandon(password: String) { abandoned.withLock { $0.append(Self.value(password: password)) } }

    func context(
        intent: [String: String]? = nil, admin: String? = nil, verification: [VerificationQuery] = [], seed: UInt64 = 1,
        linkedAt: String? = nil
    ) throws -> RotationContext {
        let name = try SecretName("app")
        let id = SecretID(arn: "arn:aws:secretsmanager:local:000000000000:secret:app-abcdef")
        let place = try DatabaseSecret(values.withLock { $0[.current] } ?? Self.value(password: "none")).place
        let settings = RotationSettings(
            strategy: .singleUser, adminSecret: admin == nil ? nil : .name(name),
            adminPlace: admin == nil ? nil : linkedAt ?? place, verification: verification)
        let record = SecretRecord(
            id: id, name: name, description: nil, type: nil, tags: [:], versions: [], labels: StagingLabels(),
            rotation: settings, createdAt: UTCInstant(millisecondsSinceEpoch: 0),
            lastChangedAt: UTCInstant(millisecondsSinceEpoch: 0), lastAccessedAt: nil, lastRotatedAt: nil,
            deletionDate: nil)
        return RotationContext(
            secret: record, settings: settings, pending: try VersionID(String(repeating: "v", count: 36)),
            intent: intent, isRollback: false, isRepair: false, intents: { () throws(StepFailure) in .none },
            value: { [self] (label) throws(StepFailure) in values.withLock { $0[label] } },
            abandonedValues: { [self] () throws(StepFailure) in abandoned.withLock { $0 } },
            adminValue: { () throws(StepFailure) in
                admin.map { SecretValue.string(SimulatedServer.secret($0)) }
            },
            recordIntent: { [self] (note) throws(StepFailure) in recorded.withLock { $0.append(note) } },
            remaining: { .seconds(10) }, pause: { _ in }, makeRandom: { SeededRandom(seed: seed) }, log: { _ in })
    }

    /// What a step ends with, nil if it is done.
    func failure(_ step: () async throws(StepFailure) -> Void) async -> StepFailure? {
        do throws(StepFailure) {
            try await step()
            return nil
        } catch { return error }
    }
}
