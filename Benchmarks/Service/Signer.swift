import Foundation
import KeyturnCore
import NIOCore
import SecretsManagerWire

/// An access key that signs requests before they are sent: signing is no part of what is measured.
struct Signer {
    private let id: String
    private let secret: SecretBytes

    /// Reads an id and a secret with a blank between them.
    init?(_ line: String) {
        let words = line.split(separator: " ")
        guard words.count == 2 else { return nil }
        id = String(words[0])
        var bytes = Array(words[1].utf8)
        secret = SecretBytes(taking: &bytes)
    }

    /// The bytes of a request.
    func request(_ operation: String, _ json: String, port: Int) -> ByteBuffer {
        var bytes = Array(json.utf8)
        let body = SecretBytes(taking: &bytes)
        let unsigned = SigV4Request(
            method: "POST", path: "/",
            headers: [
                (name: "host", value: "127.0.0.1:\(port)"), (name: "content-type", value: "application/x-amz-json-1.1"),
                (name: "x-amz-target", value: "secretsmanager.\(operation)"),
            ], body: body)
        let request = SigV4Signer(accessKeyID: id, region: "local").signed(
            unsigned, secretAccessKey: secret, at: UTCInstant(Date.now))
        let head = ["POST / HTTP/1.1"] + request.headers.map { "\($0.name): \($0.value)" }
        return ByteBuffer(
            string: head.joined(separator: "\r\n") + "\r\ncontent-length: \(json.utf8.count)\r\n\r\n" + json)
    }
}
