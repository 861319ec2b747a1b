package import KeyturnCore

/// Where the API has rotations configured and begun: it knows no strategy, and its answer waits for no rotation.
package struct RotationDesk: Sendable {
    let configure: @Sendable (SecretRecord, RotationWish) async throws(RotationRefusal) -> WishedRotation
    let begin: @Sendable (RequestedRotation) async throws(RotationRefusal) -> Void

    /// - Parameters:
    ///   - configure: Checks what a client wants against the secret, having stored nothing.
    ///   - begin: Stores the settings, if there are any, claims the secret, and has the rotation or the test run. Where it
    ///     throws, nothing is stored and nothing will run.
    package init(
        configure: @escaping @Sendable (SecretRecord, RotationWish) async throws(RotationRefusal) -> WishedRotation,
        begin: @escaping @Sendable (RequestedRotation) async throws(RotationRefusal) -> Void
    ) {
        self.configure = configure
        self.begin = begin
    }
}

/// What a client wants a secret's rotation to be; what it does not name stays as it is.
package struct RotationWish: Sendable {
    /// The function that is to rotate it.
    package let function: FunctionARN?
    /// When; checked.
    package let schedule: ScheduleSettings?

    /// Takes the parts.
    package init(function: FunctionARN?, schedule: ScheduleSettings?) {
        self.function = function
        self.schedule = schedule
    }
}

/// Settings that were checked, and how they are to be stored.
package struct WishedRotation: Sendable {
    /// The secret whose user is put to work; who configures this has to be one who may read that secret.
    package let adminSecret: SecretID?
    /// Stores the settings.
    package let store: @Sendable () async throws(StoreError) -> Void

    /// Takes the parts.
    package init(adminSecret: SecretID?, store: @escaping @Sendable () async throws(StoreError) -> Void) {
        self.adminSecret = adminSecret
        self.store = store
    }
}

/// What a client asked for: a rotation, or a test without one.
package struct RequestedRotation: Sendable {
    /// The secret.
    package let secret: SecretRecord
    /// The client's token: the id of the version to be made.
    package let token: VersionID
    /// When it was asked for.
    package let requestedAt: UTCInstant
    /// `RotateImmediately`: whether to rotate, or only to try the credential in use.
    package let rotatesNow: Bool
    /// Settings to store first, nil for those that are there.
    package let settings: WishedRotation?
}

/// Why a rotation was neither configured nor begun.
package enum RotationRefusal: Error {
    /// No strategy and no function has that name.
    case unknownFunction(String)
    /// The secret, or its admin's, does not fit.
    case invalid(InvalidInput)
    /// The store's reason.
    case store(StoreError)
    /// Too many wait already.
    case noRoom
}
