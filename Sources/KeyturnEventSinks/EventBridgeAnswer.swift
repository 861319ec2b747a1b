import Foundation
import KeyturnCore
import KeyturnHTTP

/// What EventBridge answered to PutEvents, read for what to do next.
enum EventBridgeAnswer: Hashable {
    /// A result for each entry.
    case entries([EventBridgeQueue.Outcome])
    /// The request as a whole may be sent again.
    case retryable(code: String)
    /// The request as a whole was refused.
    case refused(code: String)

    private struct Body: Decodable {
        struct Entry: Decodable {
            let eventID: String?
            let errorCode: String?

            private enum CodingKeys: String, CodingKey {
                case eventID = "EventId"
                case errorCode = "ErrorCode"
            }
        }
        let entries: [Entry]

        private enum CodingKeys: String, CodingKey { case entries = "Entries" }
    }

    /// AWS's errors in JSON 1.1 name their type; some with the model's name before a number sign.
    private struct Problem: Decodable {
        let type: String

        private enum CodingKeys: String, CodingKey { case type = "__type" }
    }

    /// AWS: "Common error types"; "PutEventsResultEntry", EventBridge API reference: these may be sent again.
    private static let retryableCodes: Set<String> = [
        "InternalException", "InternalFailure", "RequestTimeout", "RequestTimeoutException", "ServiceUnavailable",
        "ServiceUnavailableException", "ThrottledException", "Throttling", "ThrottlingException",
    ]
    /// These are about what one entry says.
    private static let poisonCodes: Set<String> = ["InvalidArgument", "MalformedDetail", "RedactionFailure"]

    /// Reads an answer to a request of so many entries.
    init(_ reply: HTTPReply, entryCount: Int) {
        let data = reply.body.withBytes { Data($0) }
        guard reply.status.isSuccess else {
            // An answer by something in between is no JSON; the status then says all.
            let type = (try? JSONDecoder().decode(Problem.self, from: data))?.type
            let code = Self.printable(type?.split(separator: "#").last.map(String.init) ?? "status \(reply.status)")
            let mayBeRepeated =
                reply.status.kind == .serverError || [408, 429].contains(reply.status.code)
                || Self.retryableCodes.contains(code)
            self = mayBeRepeated ? .retryable(code: code) : .refused(code: code)
            return
        }
        // What is no answer to PutEvents is not by EventBridge.
        guard let body = try? JSONDecoder().decode(Body.self, from: data), body.entries.count == entryCount else {
            self = .refused(code: "an answer that is none to PutEvents")
            return
        }
        self = .entries(
            body.entries.map { entry in
                guard let code = entry.errorCode.map(Self.printable) else {
                    return entry.eventID == nil ? .retryable(code: "an entry without a result") : .accepted
                }
                if Self.retryableCodes.contains(code) { return .retryable(code: code) }
                return Self.poisonCodes.contains(code) ? .poison(code: code) : .refused(code: code)
            })
    }

    /// A code that is fit for a message, whoever wrote it.
    private static func printable(_ text: String) -> String {
        String(text.unicodeScalars.prefix(64).map { (0x20...0x7e).contains($0.value) ? Character($0) : "?" })
    }
}
