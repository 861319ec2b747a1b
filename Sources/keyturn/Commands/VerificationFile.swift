import Foundation
import KeyturnCore
import Yams

/// The file of `--verify`: a YAML list of `query` and, if the first column of the first row matters, `expect`; or a
/// mapping with that list under `queries` and, under `replicas`, servers at which a credential has to work as well.
struct VerificationFile {
    let queries: [VerificationQuery]
    /// `host:port`, each checked.
    let replicas: [String]

    /// More queries than this belong into a test suite.
    private static let most = 20

    private struct Entry: Decodable {
        let query: String
        let expect: String?
    }

    private struct Mapping: Decodable {
        let queries: [Entry]?
        let replicas: [String]?
    }

    /// More servers than this take longer than a step may.
    private static let mostReplicas = 8

    static func read(_ path: String) throws -> VerificationFile {
        func invalid(_ problem: String) -> InvalidInput {
            InvalidInput(field: "--verify", problem: problem, remedy: "write a list of \"- query: SELECT …\"")
        }
        guard let data = FileManager.default.contents(atPath: path), data.count <= 1 << 18,
            let text = String(data: data, encoding: .utf8)
        else { throw invalid("names no readable text file of at most 256 KiB") }
        let entries: [Entry]
        var replicas: [String] = []
        if let list = try? YAMLDecoder().decode([Entry].self, from: text) {
            entries = list
        } else {
            do {
                let mapping = try YAMLDecoder().decode(Mapping.self, from: text)
                (entries, replicas) = (mapping.queries ?? [], mapping.replicas ?? [])
            } catch { throw invalid("names a file that holds neither queries nor replicas") }
        }
        guard entries.count <= most, replicas.count <= mostReplicas, entries.count + replicas.count > 0 else {
            throw invalid(
                "names \(entries.count) queries and \(replicas.count) replicas: at most \(most) and \(mostReplicas), and "
                    + "one at least")
        }
        for replica in replicas {
            // The engine's port is not known here; any will do to check the text.
            do { _ = try DatabaseEndpoint(replica, defaultPort: 1) } catch {
                throw invalid("names a replica whose \(error.field) \(error.problem)")
            }
        }
        for (index, entry) in entries.enumerated() {
            guard !entry.query.contains("\0"), entry.query.contains(where: { !$0.isWhitespace }) else {
                throw invalid("holds an empty query at place \(index + 1)")
            }
        }
        return VerificationFile(
            queries: entries.map { VerificationQuery(sql: $0.query, expected: $0.expect) }, replicas: replicas)
    }
}
