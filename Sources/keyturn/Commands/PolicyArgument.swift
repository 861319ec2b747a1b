import Foundation
import KeyturnCore

/// What `--policy` says: the name of a built-in policy, or a file with a policy in AWS's language.
enum PolicyArgument {
    /// A policy has at most 20,480 characters of up to four bytes.
    private static let mostBytes = PolicyDocument.longest * 4

    /// Reads it; the whole file is checked before anything is made.
    static func policy(_ text: String?) throws(InvalidInput) -> AccessPolicy {
        guard let text else { return .builtIn(.admin) }
        if let policy = BuiltInPolicy(rawValue: text) { return .builtIn(policy) }
        let names = BuiltInPolicy.allCases.map(\.rawValue)
        guard let data = FileManager.default.contents(atPath: text), data.count <= mostBytes,
            let document = String(data: data, encoding: .utf8)
        else {
            let nearest = EditDistance.nearest(to: text, in: names).map { "did you mean \($0)?" }
            throw InvalidInput(
                field: "--policy", problem: "names no readable text file of at most \(mostBytes) bytes: \(text)",
                remedy: nearest ?? "name a file, or \(names.joined(separator: " or "))")
        }
        do { return .document(try PolicyDocument(document, kind: .identity)) } catch {
            throw InvalidInput(
                field: "--policy", problem: "\(text), \(error.place): \(error.problem)", remedy: error.remedy)
        }
    }
}
