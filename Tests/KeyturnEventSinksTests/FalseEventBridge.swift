import Foundation
import KeyturnFixtures
import Synchronization

/// A bus that answers each entry as a test says, and keeps what it took.
final class FalseEventBridge: Sendable {
    struct Entry: Decodable, Sendable {
        let Time: Int64
        let Source: String
        let DetailType: String
        let Detail: String
        let Resources: [String]
        let EventBusName: String

        /// The number of the event that it is, or stands in for.
        var number: Int {
            Detail.firstMatch(of: /"eventID":"event-(\d+)"/).flatMap { Int($0.1) } ?? -1
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
            struct Body: Decodable { let Entries: [Entry] }
            guard request["X-Amz-Target"] == "AWSEvents.PutEvents",
                request["Content-Type"] == "application/x-amz-json-1.1",
                request["Authorization"]?.contains("/local/events/aws4_request") == true,
                let body = try? JSONDecoder().decode(Body.self, from: Data(request.body))  // A bad one gets a 400.
            else { return [.send(HTTPServer.reply(400, body: #"{"__type":"SerializationException"}"#))] }
            let number = log.requests.withLock { requests in
                requests.append(body.Entries)
                return requests.count
            }
            let results = body.Entries.map { entry -> String in
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
