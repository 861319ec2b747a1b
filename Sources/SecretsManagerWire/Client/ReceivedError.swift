package import KeyturnCore

/// An error that a server of Secrets Manager's protocol answered.
package struct ReceivedError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The most characters of a message that are kept; a server's text goes into logs.
    static let longestMessage = 2048

    /// The HTTP status.
    package let status: Int
    /// The error's name without its namespace; empty if the server gave none.
    package let name: String
    /// The error, if it is one that this version knows.
    package let code: SecretsManagerError.Code?
    /// The server's sentence; empty if it gave none.
    package let message: String

    /// Reads an answer whose status is not a success; anything can be read, for a proxy may have answered.
    /// - Parameters:
    ///   - errorType: The header `x-amzn-ErrorType`, for a body without a name.
    ///   - body: `{"__type":…,"message":…}`, the name with or without `namespace#`, the message in either case.
    package init(status: Int, errorType: String? = nil, body: SecretBytes) {
        self.status = status
        let members = try? WireMembers(body)  // A body that is no JSON is an error without a name.
        let type = (try? members?.text("__type")) ?? (try? members?.text("code")) ?? errorType ?? ""
        name = Self.shortName(type)
        code = SecretsManagerError.Code(rawValue: name)
        let text = (try? members?.text("message")) ?? (try? members?.text("Message")) ?? ""
        message = String(text.prefix(Self.longestMessage))
    }

    /// `ResourceNotFoundException (400): Secrets Manager can't find the specified secret.`
    package var description: String { "\(name.isEmpty ? "error" : name) (\(status)): \(message)" }

    /// `com.amazonaws.secretsmanager#Name:http://…` is `Name`: the service's documents write all three parts.
    private static func shortName(_ type: String) -> String {
        let local = type.split(separator: "#", omittingEmptySubsequences: false).last ?? ""
        return String(local.prefix { $0 != ":" })
    }
}
