/// Who asked for a rotation.
public enum RotationTrigger: String, Hashable, Codable, Sendable {
    /// A person or a program, now.
    case request
    /// A client of the API, which was answered before the rotation ran: it has been promised one.
    case api
    /// The clock.
    case schedule
    /// A person, for AWSPREVIOUS's credential to come back.
    case rollback
    /// A person, because no stored credential works any more: the linked admin may set a new one without a proof.
    case repair
}

/// One attempt to rotate a secret, as the journal keeps it. Retries of an attempt keep its token.
public struct RotationAttempt: Sendable {
    /// Where an attempt stands.
    public enum Status: String, Hashable, Codable, Sendable {
        /// Not ended: it is running, or waits for the next run to take it up.
        case open
        /// Its version became AWSCURRENT.
        case succeeded
        /// A new value put by hand took AWSPENDING away.
        case abandoned
    }

    /// The secret.
    public let secret: SecretID
    /// The attempt's token and the id of its version.
    public let pending: VersionID
    /// Who asked.
    public let trigger: RotationTrigger
    /// Where it stands.
    public let status: Status
    /// How far it has come.
    public let phase: RotationPhase
    /// When it began.
    public let startedAt: UTCInstant
    /// When it ended, nil while it is open.
    public let endedAt: UTCInstant?
    /// How many runs have worked on it.
    public let runs: Int
    /// What stopped the last run, nil if nothing did.
    public let lastFailure: RecordedFailure?
    /// What setSecret noted before it touched the target; nil if it never came so far.
    public let intent: [String: String]?

    /// Takes the parts that a store read.
    public init(
        secret: SecretID, pending: VersionID, trigger: RotationTrigger, status: Status, phase: RotationPhase,
        startedAt: UTCInstant, endedAt: UTCInstant?, runs: Int, lastFailure: RecordedFailure?,
        intent: [String: String]?
    ) {
        self.secret = secret
        self.pending = pending
        self.trigger = trigger
        self.status = status
        self.phase = phase
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.runs = runs
        self.lastFailure = lastFailure
        self.intent = intent
    }
}

/// What stopped a run, without the parts that only the process could use.
public struct RecordedFailure: Hashable, Codable, Sendable {
    /// The step.
    public let step: RotationStep
    /// What kind of failure.
    public let code: FailureCode
    /// What happened, for a person.
    public let message: String
    /// What to do next, for a person.
    public let remedy: String
    /// When.
    public let at: UTCInstant

    /// Takes the parts.
    public init(step: RotationStep, code: FailureCode, message: String, remedy: String, at: UTCInstant) {
        self.step = step
        self.code = code
        self.message = message
        self.remedy = remedy
        self.at = at
    }
}

/// One line of the journal: a step was begun, noted an intent, was done, or failed.
public struct JournalEntry: Hashable, Sendable {
    /// What the line records.
    public enum Mark: String, Hashable, Codable, Sendable {
        /// The step is about to act.
        case begun
        /// The step is about to change the target.
        case intent
        /// The step is done, and the phase behind it reached.
        case done
        /// The step failed; the note says why.
        case failed
    }

    /// Its place in the journal.
    public let sequence: Int64
    /// The attempt.
    public let pending: VersionID
    /// The lease it was written under.
    public let epoch: FencingEpoch
    /// The step.
    public let step: RotationStep
    /// What it records.
    public let mark: Mark
    /// When.
    public let at: UTCInstant
    /// A sentence, never with a secret value.
    public let note: String?

    /// Takes the parts that a store read.
    public init(
        sequence: Int64, pending: VersionID, epoch: FencingEpoch, step: RotationStep, mark: Mark, at: UTCInstant,
        note: String?
    ) {
        self.sequence = sequence
        self.pending = pending
        self.epoch = epoch
        self.step = step
        self.mark = mark
        self.at = at
        self.note = note
    }
}
