import Foundation
import KeyturnCore
import KeyturnCurl
import KeyturnEventSinks
import KeyturnFixtures
import KeyturnHTTP
import KeyturnTesting
import Testing

/// moto is no package of Debian's: where it is not installed there is no case to run, rather than a test that is skipped.
@Suite("EventBridgeSink and an emulator of AWS", .timeLimit(.minutes(1))) struct EventBridgeEmulatorTests {
    /// The emulator's program, if it can be started here.
    static let programs = ["moto_server"].filter { program in
        // Not found is a status, and the reason to have no case.
        (try? run(program, ["--help"]))?.status == 0
    }

    private let transport: CurlTransport
    private let origin: HTTPOrigin
    private let region = "eu-central-1"

    init() throws {
        transport = try CurlTransport()
        origin = try HTTPOrigin(.http, host: "127.0.0.1", port: Loopback.freePort())
    }

    @Test("events that were put reach a queue through a rule that matches AWS's own detail types", arguments: programs)
    func roundTrip(program: String) async throws {
        let server = try spawn(program, ["-H", "127.0.0.1", "-p", "\(origin.port)"])
        try #require(server.waitForOutput(containing: "Running on", timeout: .seconds(30)), "\(server.error)")
        let queue = "http://127.0.0.1:\(origin.port)/123456789012/heard"
        _ = try await call("sqs", "AmazonSQS.CreateQueue", #"{"QueueName":"heard"}"#)
        let pattern = #"{\"source\":[\"keyturn\"],\"detail\":{\"eventName\":[\"RotationStarted\"]}}"#
        _ = try await call("events", "AWSEvents.PutRule", #"{"Name":"r","EventPattern":"\#(pattern)"}"#)
        _ = try await call(
            "events", "AWSEvents.PutTargets",
            #"{"Rule":"r","Targets":[{"Id":"1","Arn":"arn:aws:sqs:\#(region):123456789012:heard"}]}"#)

        let credentials = try credentials()
        let sink = try EventBridgeSink(
            to: EventBridgeSink.Destination(region: region, endpoint: origin), source: "keyturn",
            credentials: { credentials }, transport: transport, clock: ManualClock(moment)
        ) { Issue.record("\($0)") }
        try await sink.deliver(
            [.numbered(1, secret: 1), .numbered(2, secret: 2), .numbered(3, secret: 3, message: "matches no rule")])

        let heard = try await call(
            "sqs", "AmazonSQS.ReceiveMessage", #"{"QueueUrl":"\#(queue)","MaxNumberOfMessages":10}"#)
        #expect(heard.contains("event-1") && heard.contains("event-2") && !heard.contains("event-3"))
        #expect(heard.contains("AWS Service Event via CloudTrail"))
    }

    private func credentials() throws -> AWSCredentials {
        try AWSCredentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: SecretBytes("secret"))
    }

    private func call(_ service: String, _ operation: String, _ body: String) async throws -> String {
        let type = service == "sqs" ? "application/x-amz-json-1.0" : "application/x-amz-json-1.1"
        let reply = try await transport.send(
            HTTPRequest(
                .post, origin, try HTTPTarget("/"),
                fields: [
                    try HTTPRequestField(.contentType, type), try HTTPRequestField(.amazonTarget, operation),
                ],
                body: .bytes(Array(body.utf8)),
                authentication: .aws(try AWSSigning(credentials: credentials(), region: region, service: service))))
        let text = reply.body.withBytes { String(decoding: $0, as: UTF8.self) }
        try #require(reply.status.isSuccess, "\(operation): \(reply.status) \(text)")
        return text
    }
}
