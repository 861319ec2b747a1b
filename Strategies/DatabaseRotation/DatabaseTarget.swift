public import KeyturnCore

/// What tells one database server from others before anybody has logged in.
public enum DatabaseTarget {
    /// The first endpoint in lower case; empty if the value is no credential of a database.
    public static func name(of value: SecretValue) -> String {
        guard let secret = try? DatabaseSecret(value) else { return "" }
        return secret.endpoints[0].description.lowercased()
    }
}
