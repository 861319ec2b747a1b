import Foundation
import KeyturnFixtures
import Synchronization

/// A bus that answers each entry as a test says, and keeps what it took.
final class FalseEventBridge: Sendable {
    struct Entry: Decodable, Sendable {
        let time: Int64
        let source: String
        let detailType: String
        let detail: String
        let resources: [String]
        let eventBusName: String

        private enum CodingKeys: String, CodingKey {
            case time = "Time"
            case source = "Source"
            case detailType = "DetailType"
            case detail = "Detail"
            case resources = "Resources"
            case eventBusName = "EventBusName"
        }

        /// The number of the event that it is, or stands in for.
        var number: Int {
            detail.firstMatch(of: /"eventID":"event-(\d+)"/).flatMap { Int($0.1) } ?? -1
        }
    }

    let server: HTTPServer
    private let log: Log

    private final class Log: Sendable {
        let requests = Mutex<[[Entry]]>([])
        let taken = Mutex<[Entry]>([])
    }

    /// `judge` gives the code that an entry is refused with in the numbered request, nil to take it.
    init(_ judge: @escaping @Sendable (_ entry: Entry, _ request: Int) -> String?) throws {
        let log = Log()
        self.log = log
        server = try HTTPServer { request in
            guard request["X-Amz-Target"] == "AWSEvents.PutEvents",
                request["Content-Type"] == "application/x-amz-json-1.1",
                request["Authorization"]?.contains("/local/events/aws4_request") == true,
                let entries = (try? JSONDecoder().decode([String: [Entry]].self, from: Data(request.body)))?["Entries"]
            else { return [.send(HTTPServer.reply(400, body: #"{"__type":"SerializationException"}"#))] }
            let number = log.requests.withLock { requests in
                requests.append(entries)
                return requests.count
            }
            let results = entries.map { entry -> String in
                if let code = judge(entry, number) { return #"{"ErrorCode":"\#(code)","ErrorMessage":"m"}"# }
                log.taken.withLock { $0.append(entry) }
                return #"{"EventId":"00000000-0000-0000-0000-000000000000"}"#
            }
            let failed = results.count { $0.contains("ErrorCode") }
            let answer = #"{"FailedEntryCount":\#(failed),"Entries":[\#(results.joined(separator: ","))]}"#
            return [.send(HTTPServer.reply(200, body: answer))]
        }
    }

    /// The entries of every request.
    var requests: [[Entry]] { log.requests.withLock { $0 } }
    /// The entries that were taken, in their order.
    var taken: [Entry] { log.taken.withLock { $0 } }
}
