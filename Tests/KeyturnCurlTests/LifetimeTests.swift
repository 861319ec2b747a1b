import Foundation
import KeyturnCore
import KeyturnCurl
import KeyturnFixtures
import KeyturnHTTP
import Testing

@Suite("A transport's life", .timeLimit(.minutes(1))) struct LifetimeTests {
    /// How many entries a folder of this process's has.
    private func count(_ folder: String) throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/\(folder)").count
    }

    @Test("a transport that is let go leaves neither its thread nor its descriptors")
    func ending() async throws {
        let server = try HTTPServer.plain()
        let request = HTTPRequest(.get, try server.origin(), try HTTPTarget("/"))
        let before = (threads: try count("task"), descriptors: try count("fd"))
        for _ in 0..<60 { _ = try await CurlTransport().send(request) }
        // Others run at the same time: a third of what a leak would leave.
        let isGone = try waitUntil(timeout: .seconds(10)) {
            try count("task") < before.threads + 20 && count("fd") < before.descriptors + 60
        }
        let after = (threads: try count("task"), descriptors: try count("fd"))
        #expect(isGone, "before \(before), after \(after)")
    }

    @Test("a transport that is let go while it is asked answers first")
    func asked() async throws {
        let server = try HTTPServer.plain()
        let request = HTTPRequest(.get, try server.origin(), try HTTPTarget("/"))
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<20 { group.addTask { try await CurlTransport().send(request).status.code } }
            return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
        }
        #expect(statuses == [200])
    }
}
