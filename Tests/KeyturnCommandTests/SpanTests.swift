import Foundation
import Glibc
import KeyturnFixtures
import Testing

@Suite("Spans", .enabled(if: Availability.postgresOrRequired), .timeLimit(.minutes(5)))
struct SpanTests {
    private struct Line: Decodable {
        struct Scopes: Decodable { let spans: [Span] }
        struct Resource: Decodable { let scopeSpans: [Scopes] }
        let resourceSpans: [Resource]
    }

    private struct Span: Decodable {
        struct Status: Decodable { let code: Int }
        let traceId: String
        let spanId: String
        let parentSpanId: String?
        let name: String
        let startTimeUnixNano: String
        let endTimeUnixNano: String
        let status: Status?
    }

    @Test("a rotation is written as one trace of five spans, without a secret")
    func rotation() throws {
        let user = try EnrolledUser()
        try user.keyturn.configure(sinks: true, more: "tracing: { file: spans.jsonl }")
        #expect(try user.keyturn.run("rotate", user.secret).status == 0)
        let path = user.keyturn.directory + "/spans.jsonl"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let spans = try text.split(separator: "\n").flatMap { line in
            try JSONDecoder().decode(Line.self, from: Data(line.utf8)).resourceSpans.flatMap {
                $0.scopeSpans.flatMap(\.spans)
            }
        }
        let rotation = try #require(spans.first { $0.name == "rotation" })
        let steps = spans.filter { $0.parentSpanId == rotation.spanId }.sorted {
            $0.startTimeUnixNano < $1.startTimeUnixNano
        }
        #expect(steps.map(\.name) == ["createSecret", "setSecret", "testSecret", "finishSecret"])
        #expect(spans.count == 5 && Set(spans.map(\.traceId)) == [rotation.traceId])
        #expect(rotation.traceId.count == 32 && rotation.spanId.count == 16 && rotation.parentSpanId == nil)
        for span in spans {
            let (start, end) = (try #require(Int64(span.startTimeUnixNano)), try #require(Int64(span.endTimeUnixNano)))
            #expect(start > 1_700_000_000_000_000_000 && end >= start)
        }
        let password = try #require(try user.keyturn.password(user.secret))
        #expect(!text.contains(password) && !text.contains(user.firstPassword))
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test(
        "spans go into no file that keyturn needs",
        arguments: ["master.key", "keyturn.db", "./keyturn.db-wal", "keyturn.yaml", "events.jsonl"])
    func takenFile(_ file: String) throws {
        let keyturn = try Keyturn()
        try keyturn.configure(sinks: true, more: "tracing: { file: \(file) }")
        let result = try keyturn.run("secret", "create", "a", input: "x")
        #expect(result.status == 78 && result.error.contains("tracing.file"), "\(result.error)")
    }

    @Test("a pipe that nobody reads holds up nothing")
    func pipe() throws {
        let user = try EnrolledUser()
        #expect(mkfifo(user.keyturn.directory + "/pipe", 0o600) == 0)
        try user.keyturn.configure(sinks: true, more: "tracing: { file: pipe }")
        let result = try user.keyturn.run("rotate", user.secret, timeout: .seconds(50))
        #expect(result.status == 0 && result.error.contains("spans are not written"), "\(result.error)")
    }

    @Test("spans that can't be written stop no rotation, and are told once")
    func unwritable() throws {
        let user = try EnrolledUser()
        try user.keyturn.configure(sinks: true, more: "tracing: { file: nowhere/spans.jsonl }")
        let result = try user.keyturn.run("rotate", user.secret)
        #expect(result.status == 0)
        #expect(result.error.components(separatedBy: "spans are not written").count == 2, "\(result.error)")
    }
}
