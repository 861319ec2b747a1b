/// One of the rotation functions that AWS publishes, whose work a built-in strategy does.
///
/// AWS Secrets Manager User Guide, "AWS Secrets Manager rotation function templates".
public struct RotationTemplate: Hashable, Sendable {
    /// The kind of server it is for.
    public let family: DatabaseEngine.Family
    /// The strategy that does its work.
    public let strategy: StrategyName

    /// The template of a function's name, nil if AWS has none of that name, or one that nothing here stands for.
    public init?(functionName name: String) {
        guard let found = Self.byName[name] else { return nil }
        self = found
    }

    private init(_ family: DatabaseEngine.Family, _ strategy: StrategyName) {
        self.family = family
        self.strategy = strategy
    }

    /// The names, in order.
    public static var names: [String] { byName.keys.sorted() }

    private static let byName: [String: RotationTemplate] = [
        "SecretsManagerRDSMariaDBRotationMultiUser": RotationTemplate(.mariaDB, .alternatingUsers),
        "SecretsManagerRDSMariaDBRotationSingleUser": RotationTemplate(.mariaDB, .singleUser),
        "SecretsManagerRDSMySQLRotationMultiUser": RotationTemplate(.mySQL, .alternatingUsers),
        "SecretsManagerRDSMySQLRotationSingleUser": RotationTemplate(.mySQL, .singleUser),
        "SecretsManagerRDSPostgreSQLRotationMultiUser": RotationTemplate(.postgreSQL, .alternatingUsers),
        "SecretsManagerRDSPostgreSQLRotationSingleUser": RotationTemplate(.postgreSQL, .singleUser),
    ]
}
