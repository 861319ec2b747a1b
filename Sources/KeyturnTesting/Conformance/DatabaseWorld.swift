public import KeyturnCore

/// A real server, as the conformance suites see it: what they need to do behind the adapter's back.
public protocol DatabaseWorld: Sendable {
    /// The server's engine.
    var engine: DatabaseEngine { get }
    /// Where it is.
    var endpoint: DatabaseEndpoint { get }
    /// A user that may alter others, and its password.
    var admin: (name: String, password: String) { get }
    /// A name that no other test uses, beginning as given.
    func uniqueName(_ prefix: String) -> String
    /// Makes a user that may log in.
    func makeUser(_ name: String, password: String) throws
    /// A new table with one row whose column `a` is 1; its name as SQL writes it.
    func makeTable() throws -> String
    /// Lets a user do something with a table.
    func grant(_ privileges: String, on table: String, to user: String) throws
    /// Takes it back.
    func revoke(_ privileges: String, on table: String, from user: String) throws
    /// Whether the user can read the table with this password.
    func canRead(_ table: String, as user: String, password: String) -> Bool
    /// Whether the user gets in with this password, by another client than ours.
    func canLogIn(_ user: String, _ password: String) -> Bool
}

extension DatabaseWorld {
    /// The secret of a user.
    public func secret(_ user: String, _ password: String) throws -> DatabaseSecret {
        try DatabaseSecret(value(user, password))
    }

    /// The value of a user's secret.
    public func value(_ user: String, _ password: String) -> SecretValue {
        func quoted(_ text: String) -> String {
            "\"" + text.unicodeScalars.map { "\"\\".unicodeScalars.contains($0) ? "\\\($0)" : "\($0)" }.joined() + "\""
        }
        let json =
            #"{"engine":"\#(engine.rawValue)","host":"\#(endpoint.host)","port":\#(endpoint.port),"#
            + #""username":\#(quoted(user)),"password":\#(quoted(password))}"#
        return .string(SimulatedServer.secret(json))
    }
}
