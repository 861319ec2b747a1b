import ArgumentParser
import Foundation
import Hummingbird
import Logging
import NIOCore

/// `service-benchmark static`: reads the body, and answers the same bytes each time. What a request costs before anything
/// is done for it.
struct StaticEndpoint: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "static")

    @Option(help: "Where it listens on 127.0.0.1.") var port: Int
    @Option(help: "Bytes of each answer.") var size: Int

    func run() async throws {
        let router = Router()
        let body = ByteBuffer(repeating: UInt8(ascii: "x"), count: size)
        router.post("/") { request, _ in
            _ = try await request.body.collect(upTo: 65_536)
            return Response(
                status: .ok, headers: [.contentType: "application/x-amz-json-1.1"], body: .init(byteBuffer: body))
        }
        var quiet = Logger(label: "static")
        quiet.logLevel = .error
        try await Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)), logger: quiet
        ).runService()
    }
}
