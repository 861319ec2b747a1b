import Dispatch
import Foundation
import KeyturnCore
import KeyturnHTTP

/// The access key that AWS's own tools would use: the environment's, else that of a profile in the shared credentials file.
///
/// AWS: "Configuration and credential file settings", "Environment variables to configure the AWS CLI".
struct AWSCredentialFiles: Sendable {
    let environment: [String: String]

    /// A file beyond this is none of AWS's.
    private static let largest = 1 << 20
    /// Read off the threads that rotate.
    private static let queue = DispatchQueue(label: "keyturn.aws-credentials")

    /// Read anew each time: temporary keys are replaced in the file.
    func credentials() async throws(InvalidInput) -> AWSCredentials {
        if let id = environment["AWS_ACCESS_KEY_ID"], let secret = environment["AWS_SECRET_ACCESS_KEY"] {
            return try Self.credentials(id, secret, environment["AWS_SESSION_TOKEN"])
        }
        let result = await withCheckedContinuation { continuation in
            Self.queue.async {
                continuation.resume(returning: Result { () throws(InvalidInput) in try profileCredentials() })
            }
        }
        return try result.get()
    }

    private func profileCredentials() throws(InvalidInput) -> AWSCredentials {
        let home = environment["HOME"] ?? "/"
        let path = environment["AWS_SHARED_CREDENTIALS_FILE"] ?? home + "/.aws/credentials"
        let profile = environment["AWS_PROFILE"] ?? "default"
        guard let data = try? Data(contentsOf: URL(fileURLWithPath: path)), data.count <= Self.largest,
            let text = String(data: data, encoding: .utf8)
        else {
            throw InvalidInput(
                field: "AWS_ACCESS_KEY_ID", problem: "is not set, and \(path) can't be read",
                remedy: "set it with AWS_SECRET_ACCESS_KEY, or name a file in AWS_SHARED_CREDENTIALS_FILE")
        }
        let values = Self.section(profile, of: text)
        guard let id = values["aws_access_key_id"], let secret = values["aws_secret_access_key"] else {
            throw InvalidInput(
                field: "AWS_PROFILE", problem: "\(profile) has no access key in \(path)",
                remedy: "write aws_access_key_id and aws_secret_access_key into its section")
        }
        return try Self.credentials(id, secret, values["aws_session_token"])
    }

    /// The keys of one section of an INI file.
    static func section(_ name: String, of text: String) -> [String: String] {
        var values: [String: String] = [:]
        var isInside = false
        for line in text.split(whereSeparator: \.isNewline) {
            let line = line.trimmingCharacters(in: .whitespaces)
            if line.isEmpty || line.hasPrefix("#") || line.hasPrefix(";") { continue }
            if line.hasPrefix("["), line.hasSuffix("]") {
                isInside = line.dropFirst().dropLast().trimmingCharacters(in: .whitespaces) == name
                continue
            }
            guard isInside, let equals = line.firstIndex(of: "=") else { continue }
            let key = line[..<equals].trimmingCharacters(in: .whitespaces).lowercased()
            values[key] = line[line.index(after: equals)...].trimmingCharacters(in: .whitespaces)
        }
        return values
    }

    private static func credentials(
        _ id: String, _ secret: String, _ token: String?
    ) throws(InvalidInput) -> AWSCredentials {
        func bytes(_ text: String) -> SecretBytes {
            var bytes = Array(text.utf8)
            return SecretBytes(taking: &bytes)
        }
        return try AWSCredentials(
            accessKeyID: id, secretAccessKey: bytes(secret),
            sessionToken: token.flatMap { $0.isEmpty ? nil : bytes($0) })
    }
}
