public import HummingbirdCore
public import Logging
public import NIOCore
import NIOHTTP1
public import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOSSL

/// HTTP/1.1 for clients of whom nothing is known yet, over TLS if there is an identity.
public struct GuardedChannel: ServerChildChannel, HTTPChannelHandler {
    /// The requests and answers of a connection.
    public typealias Value = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

    /// What answers.
    public let responder: HTTPChannelHandler.Responder
    private let limits: ConnectionLimits
    private let ledger: ConnectionLedger
    private let identity: CurrentIdentity?

    /// Takes the parts.
    /// - Parameters:
    ///   - ledger: Counts the connections; made with the same limits.
    ///   - identity: The certificate, nil for plain HTTP.
    public init(
        limits: ConnectionLimits, ledger: ConnectionLedger, identity: CurrentIdentity?,
        responder: @escaping HTTPChannelHandler.Responder
    ) {
        self.limits = limits
        self.ledger = ledger
        self.identity = identity
        self.responder = responder
    }

    /// Builds the handlers of a connection.
    public func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let network = SourceAddress(channel.remoteAddress)?.network ?? ""
            let refusal = ledger.admit(network)
            if refusal == nil { channel.closeFuture.whenComplete { [ledger] _ in ledger.leave(network) } }
            let pipeline = channel.pipeline.syncOperations
            if refusal == nil, let identity {
                try pipeline.addHandler(NIOSSLServerHandler(context: identity.context))
            }
            try pipeline.addHandler(ArrivalHandler())
            var decoder = NIOHTTPDecoderLimitConfiguration()
            decoder.maxHeaderFieldSize = limits.headerField
            decoder.maxHeaderListSize = limits.headerList
            decoder.maxHeaderFieldCount = limits.headerCount
            try pipeline.configureHTTPServerPipeline(
                // The asynchronous channel takes one request after the other, and the guard bounds what waits.
                withPipeliningAssistance: false,
                // The guard answers what is no request.
                withErrorHandling: false,
                // Headers of answers are of a type that can't be malformed.
                withOutboundHeaderValidation: false, withEncoderConfiguration: .init(),
                withDecoderLimitConfiguration: decoder)
            try pipeline.addHandler(RequestGuard(limits, ledger, refusal: refusal))
            try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: identity != nil))
            return try NIOAsyncChannel(
                wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
        }
    }

    /// Answers the requests of a connection until it ends.
    public func handle(value: Value, logger: Logger) async { await handleHTTP(asyncChannel: value, logger: logger) }
}
