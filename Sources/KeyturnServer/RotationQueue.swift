package import KeyturnCore

/// Where rotations that clients ask for go: the answer does not wait for them.
package struct RotationQueue: Sendable {
    let offer: @Sendable (RequestedRotation) -> Bool

    /// - Parameter offer: Takes a rotation on, or says that there is no room for it.
    package init(_ offer: @escaping @Sendable (RequestedRotation) -> Bool) { self.offer = offer }
}

/// A rotation that a client asked for.
package struct RequestedRotation: Sendable {
    /// The secret.
    package let secret: SecretID
    /// The client's token: the id of the version to be made.
    package let token: VersionID
    /// When it was asked for.
    package let requestedAt: UTCInstant
}
