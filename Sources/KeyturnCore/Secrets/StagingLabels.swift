/// Which version each label is on. Kept as label → version, so one label on two versions cannot be written.
///
/// The operations follow AWS's recorded behaviour (`PutSecretValue`, `UpdateSecretVersionStage`): a label is moved,
/// never copied; AWSPREVIOUS follows AWSCURRENT by itself; other labels stay where they are.
public struct StagingLabels: Equatable, Sendable {
    /// The label → version map.
    public private(set) var versions: [StagingLabel: VersionID]

    /// Labels as a store kept them.
    public init(_ versions: [StagingLabel: VersionID] = [:]) { self.versions = versions }

    /// The version that applications read, if there is one.
    public var current: VersionID? { versions[.current] }
    /// The version that was current before, if there is one.
    public var previous: VersionID? { versions[.previous] }
    /// The version that a rotation is bringing in, also when it is already current.
    public var pending: VersionID? { versions[.pending] }

    /// AWSPENDING where it means work: on a version that is not current.
    public var inFlight: VersionID? { pending == current ? nil : pending }

    /// The labels of one version, sorted as AWS lists them.
    public func labels(of version: VersionID) -> [StagingLabel] {
        versions.filter { $0.value == version }.map(\.key).sorted()
    }

    /// Labels a new version, as PutSecretValue does.
    /// - Parameters:
    ///   - stages: The labels asked for; nil means AWSCURRENT.
    ///   - isFirst: Whether the secret had no version before; AWSCURRENT is then attached in addition.
    /// - Returns: The version that lost AWSPENDING while its rotation was in progress, nil if none did.
    @discardableResult
    public mutating func put(
        _ version: VersionID, stages: Set<StagingLabel>?, isFirst: Bool
    ) throws(LabelError) -> VersionID? {
        var asked = stages ?? [.current]
        if isFirst { asked.insert(.current) }
        var next = self
        for label in asked where label != .current { next.versions[label] = version }
        // AWSPENDING on a new version ends the attempt that had it, as a new AWSCURRENT does.
        var abandoned = asked.contains(.pending) && inFlight != version ? inFlight : nil
        if asked.contains(.current) {
            if next.current != version { next.moveCurrent(to: version) }
            if !asked.contains(.pending), let pending = next.pending, pending != version {
                next.versions[.pending] = nil
                if pending != current { abandoned = pending }
            }
        }
        try next.checkInvariants()
        self = next
        return abandoned
    }

    /// Moves, attaches or removes one label, as UpdateSecretVersionStage does.
    public mutating func move(
        _ label: StagingLabel, from old: VersionID?, to new: VersionID?
    ) throws(LabelError) {
        let holder = versions[label]
        if let holder, holder != new || old != nil {
            guard let old else { throw .mustNameHolder(label, holder) }
            guard old == holder else { throw .wrongHolder(label) }
        }
        if holder == nil, old != nil { throw .wrongHolder(label) }
        var next = self
        if let new {
            if label == .current { next.moveCurrent(to: new) } else { next.versions[label] = new }
        } else {
            guard label != .current else { throw .currentCannotBeRemoved }
            next.versions[label] = nil
        }
        try next.checkInvariants()
        self = next
    }

    /// Gives AWSPENDING to the version of a new rotation attempt.
    /// - Throws: `LabelError.rotationInProgress` while another attempt's version has it and is not current.
    public mutating func stage(_ version: VersionID) throws(LabelError) {
        if let inFlight, inFlight != version { throw .rotationInProgress(inFlight) }
        var next = self
        next.versions[.pending] = version
        try next.checkInvariants()
        self = next
    }

    /// Ends a rotation: AWSCURRENT moves to the pending version, AWSPREVIOUS to the one that was current, AWSPENDING
    /// goes. Doing it again changes nothing.
    public mutating func promote(_ version: VersionID) throws(LabelError) {
        if current == version {
            if pending == version { versions[.pending] = nil }
            return
        }
        guard pending == version else { throw .notPending(version) }
        moveCurrent(to: version)
        versions[.pending] = nil
    }

    private mutating func moveCurrent(to version: VersionID) {
        let old = current
        guard old != version else { return }
        versions[.current] = version
        if let old { versions[.previous] = old } else if previous == version { versions[.previous] = nil }
    }

    private func checkInvariants() throws(LabelError) {
        guard previous == nil || previous != current else { throw .previousCannotBeCurrent }
        guard versions.count <= StagingLabel.mostPerSecret else { throw .tooMany(versions.count) }
    }
}

/// Why labels could not be changed.
public enum LabelError: Error, Hashable, Sendable {
    /// AWSPENDING is on a version that is not current: that rotation has to end first.
    case rotationInProgress(VersionID)
    /// The label is on this version, which the caller has to name.
    case mustNameHolder(StagingLabel, VersionID)
    /// The caller named another version than the one that has the label.
    case wrongHolder(StagingLabel)
    /// AWSCURRENT can be moved, never removed.
    case currentCannotBeRemoved
    /// The version to promote does not have AWSPENDING.
    case notPending(VersionID)
    /// AWSPREVIOUS is on the version before AWSCURRENT's, never on the same one.
    case previousCannotBeCurrent
    /// More labels than a secret may have.
    case tooMany(Int)
}
