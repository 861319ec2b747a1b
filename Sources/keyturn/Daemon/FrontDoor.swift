import HummingbirdCore
import KeyturnCore
import KeyturnListener
import Logging
import NIOCore

/// Where requests come in: the address, the certificate, the limits, and what is counted there.
struct FrontDoor: Sendable {
    let settings: APIConfiguration
    let ledger: ConnectionLedger
    /// Nil for plain HTTP.
    let identity: CurrentIdentity?

    /// Reads the certificate, and sees to it that there can be as many connections as are asked for.
    init(_ settings: APIConfiguration, file: String) throws(CommandFailure) {
        self.settings = settings
        ledger = ConnectionLedger(settings.connections)
        do throws(TLSIdentityError) { identity = try settings.tls.map(CurrentIdentity.init) } catch {
            throw Self.failure(error, file: file)
        }
        try OpenFiles.makeRoom(forConnections: settings.connections.total, file: file)
    }

    /// What a connection is made of.
    var server: HTTPServerBuilder {
        HTTPServerBuilder { [settings, ledger, identity] responder in
            GuardedChannel(
                limits: settings.connections, ledger: ledger, identity: identity, responder: responder)
        }
    }

    /// `https://[::1]:7373`
    func origin(_ address: SocketAddress?) -> String {
        let host = address?.ipAddress ?? ""
        let place = host.contains(":") ? "[\(host)]" : host
        return "\(identity == nil ? "http" : "https")://\(place):\(address?.port ?? 0)"
    }

    /// Takes up the certificate of a configuration that was read again.
    /// - Returns: Whether it is a new one.
    func reload(_ new: APIConfiguration, file: String, at now: UTCInstant) throws(CommandFailure) -> Bool {
        // From TLS to none or back is another server: that waits for a restart.
        guard let identity, let files = new.tls else { return false }
        do throws(TLSIdentityError) { return try identity.take(files, at: now) } catch {
            throw Self.failure(error, file: file)
        }
    }

    static func failure(_ error: TLSIdentityError, file: String) -> CommandFailure {
        ConfigurationFile.failure(file, "api.tls.\(error.field): \(error)", error.remedy)
    }
}
