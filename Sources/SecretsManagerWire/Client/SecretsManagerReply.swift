package import KeyturnCore

/// What a server answered to a request, read by the client.
package enum SecretsManagerReply<Output: WireStructure>: Sendable {
    /// The operation was done.
    case success(Output)
    /// The server refused.
    case failure(ReceivedError)

    /// Reads an answer.
    /// - Throws: `UnreadableReply` if it is not what the protocol answers; the operation may have been done.
    package init(status: Int, errorType: String? = nil, body: SecretBytes) throws(UnreadableReply) {
        do {
            guard !(200...299).contains(status) else {
                self = .success(try Output(reply: body))
                return
            }
        } catch { throw UnreadableReply(status: status, reason: error.error.message) }
        self = .failure(ReceivedError(status: status, errorType: errorType, body: body))
    }
}

/// An answer that is not of this protocol: a proxy's page, or half a body. Holds nothing of the body.
package struct UnreadableReply: Error, Hashable, Sendable, CustomStringConvertible {
    /// The HTTP status.
    package let status: Int
    /// What is wrong with the body.
    package let reason: String

    /// `The answer (200) is not of Secrets Manager's protocol: …`
    package var description: String { "The answer (\(status)) is not of Secrets Manager's protocol: \(reason)" }
}

extension SecretsManagerInput {
    /// The headers that a request needs besides those of the connection and the signature.
    package var headers: [(name: String, value: String)] {
        [("content-type", SecretsManagerOperation.contentType), ("x-amz-target", Self.operation.target)]
    }
}
