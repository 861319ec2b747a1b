/// The four steps of a rotation, by AWS's names, in their order.
public enum RotationStep: String, Hashable, Codable, Sendable, CaseIterable, Comparable {
    /// Makes the next credential; it is stored as AWSPENDING before anything leaves the process.
    case createSecret
    /// Makes the target accept the pending credential.
    case setSecret
    /// Proves the pending credential by a real log-in.
    case testSecret
    /// Moves AWSCURRENT to the pending credential.
    case finishSecret

    /// Orders steps as they run.
    public static func < (left: RotationStep, right: RotationStep) -> Bool { left.place < right.place }

    private var place: Int {
        switch self {
        case .createSecret: 1
        case .setSecret: 2
        case .testSecret: 3
        case .finishSecret: 4
        }
    }
}

/// How far an attempt has come, as the store has confirmed it.
public enum RotationPhase: String, Hashable, Codable, Sendable, CaseIterable {
    /// The attempt is open; its version has no value yet.
    case planned
    /// The pending value is durable.
    case created
    /// The target accepts the pending value.
    case installed
    /// A log-in with the pending value succeeded.
    case verified

    /// The step that leads on from here.
    public var nextStep: RotationStep {
        switch self {
        case .planned: .createSecret
        case .created: .setSecret
        case .installed: .testSecret
        case .verified: .finishSecret
        }
    }
}
