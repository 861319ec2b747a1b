/// Where a rotation logs in, as far as a scheduler has to know: what shares an address, or a provider, shares its slots.
public struct RotationTarget: Hashable, Sendable {
    /// `host:port`, empty if that is not known.
    public let address: String
    /// Whose kind of credential it is: the engine of a database. Empty if that is not known.
    public let provider: String

    /// Takes the parts.
    public init(address: String, provider: String) {
        self.address = address
        self.provider = provider
    }

    /// A target that nothing is known of: only the limits for all hold there.
    public static let unknown = RotationTarget(address: "", provider: "")
}
