import Foundation
import KeyturnCore
import Yams

/// The file of `--verify`: a YAML list of `query` and, if the first column of the first row matters, `expect`.
enum VerificationFile {
    /// More queries than this belong into a test suite.
    private static let most = 20

    private struct Entry: Decodable {
        let query: String
        let expect: String?
    }

    static func read(_ path: String) throws -> [VerificationQuery] {
        func invalid(_ problem: String) -> InvalidInput {
            InvalidInput(field: "--verify", problem: problem, remedy: "write a list of \"- query: SELECT …\"")
        }
        guard let data = FileManager.default.contents(atPath: path), data.count <= 1 << 18,
            let text = String(data: data, encoding: .utf8)
        else { throw invalid("names no readable text file of at most 256 KiB") }
        let entries: [Entry]
        do { entries = try YAMLDecoder().decode([Entry].self, from: text) } catch {
            throw invalid("names a file that is no list of queries")
        }
        guard (1...most).contains(entries.count) else {
            throw invalid("names \(entries.count) queries, not 1 to \(most)")
        }
        for (index, entry) in entries.enumerated() {
            guard !entry.query.contains("\0"), entry.query.contains(where: { !$0.isWhitespace }) else {
                throw invalid("holds an empty query at place \(index + 1)")
            }
        }
        return entries.map { VerificationQuery(sql: $0.query, expected: $0.expect) }
    }
}
