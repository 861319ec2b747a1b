public import KeyturnCore

extension RotationTarget {
    /// The server of a database's credential: its first endpoint in lower case, and its engine.
    public init(database value: SecretValue) {
        guard let secret = try? DatabaseSecret(value) else {
            // Whatever is wrong with it is told by who rotates it.
            self = .unknown
            return
        }
        self.init(address: secret.endpoints[0].description.lowercased(), provider: secret.engine.rawValue)
    }
}
