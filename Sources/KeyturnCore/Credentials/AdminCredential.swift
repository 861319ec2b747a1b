/// The credential of a user that may alter others. It logs in at the place of the secret it works on, never elsewhere.
public struct AdminCredential: Sendable {
    /// The admin's user.
    public let account: AccountName
    /// The admin's password.
    public let password: SecretBytes
    /// The server that the admin's secret names, nil if it names none: the admin then logs in where the target is.
    public let endpoint: DatabaseEndpoint?
    /// The protection that the admin's secret asks for, nil if it says nothing of it and names no server.
    public let tls: TLSPolicy?

    /// Reads the admin's secret. A document with `username` and `password` alone is how Amazon RDS keeps its master
    /// users; one that names an engine or a server has to name the target's.
    /// - Throws: `InvalidInput` naming the member.
    public init(_ value: SecretValue, for target: DatabaseSecret) throws(InvalidInput) {
        guard case .string(let document) = value else {
            throw InvalidInput(field: "admin secret", problem: "is binary", remedy: "link a database secret")
        }
        let reader = try MemberReader(document)
        if let engine = try reader.text("engine") {
            guard try DatabaseEngine(named: engine).family == target.engine.family else {
                throw InvalidInput(
                    field: "admin secret: engine", problem: "is another than the secret's",
                    remedy: "link an admin of the same server")
            }
        }
        var named: DatabaseEndpoint?
        if let host = try reader.text("host") {
            let port = try reader.port() ?? target.engine.defaultPort
            let endpoint = try DatabaseEndpoint(host: host, port: port)
            named = endpoint
            guard target.endpoints.contains(where: { $0.normalized == endpoint.normalized }) else {
                throw InvalidInput(
                    field: "admin secret: host or port", problem: "names another server than the secret's",
                    remedy: "link an admin of the same server, or add its server to the secret's \"hosts\"")
            }
        }
        endpoint = named
        tls =
            try reader.asksForProtection || named != nil
            ? DatabaseSecret.tls(reader, endpoints: named.map { [$0] } ?? target.endpoints) : nil
        account = try AccountName(reader.requiredText("username"), of: target.engine.family)
        guard account != target.account else {
            throw InvalidInput(
                field: "admin secret: username", problem: "is the very user it would rotate",
                remedy: "link another user, or none: a user may change its own password")
        }
        (password, _) = try reader.password()
    }
}
