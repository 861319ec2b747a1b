import Foundation
import Testing

@testable import KeyturnCore

@Suite("docs/access.md") struct AccessDocumentationTests {
    private static func page() throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        return try String(contentsOf: root.appending(path: "docs/access.md"), encoding: .utf8)
    }

    @Test("every policy on the page is one")
    func examples() throws {
        let blocks = try Self.page().components(separatedBy: "```json\n").dropFirst().map {
            $0.components(separatedBy: "```")[0]
        }
        #expect(blocks.count >= 5)
        for block in blocks {
            let kind: PolicyDocument.Kind = block.contains("\"Principal\"") ? .resource : .identity
            #expect(throws: Never.self, "\(block)") { try PolicyDocument(block, kind: kind) }
        }
    }

    @Test("every action and every key is on the page")
    func names() throws {
        let page = try Self.page()
        let names =
            AccessAction.allCases.map(\.rawValue) + AmbientKey.allCases.map(\.rawValue)
            + RequestParameter.allCases.map { $0.rawValue.replacingOccurrences(of: "secretsmanager:", with: "") }
        for name in names { #expect(page.contains(name), "\(name)") }
    }
}
