import KeyturnCore
import KeyturnListener
import KeyturnServer

/// The part of keyturn.yaml that is about the API, beside region and account.
struct APIConfiguration: Hashable {
    /// Where the daemon answers over HTTP.
    let listen: ListenAddress
    /// The certificate and its key; nil for plain HTTP, which is for this machine alone.
    let tls: TLSFiles?
    /// How much clients may take before they are known.
    let connections: ConnectionLimits
    /// The rates of each key, in percent of AWS's.
    let requestRate: Int

    /// What the section may hold.
    static let keys = ["listen", "region", "account", "tls", "connections", "requestRate"]
    private static let standardRate = 100

    /// - Parameter resolved: Makes a path absolute that counts from the configuration file.
    static func read(
        _ api: ConfigurationNode, resolved: (String) -> String
    ) throws(CommandFailure) -> APIConfiguration {
        let listen = try listen(api)
        let tls = try tls(api, resolved)
        guard tls != nil || listen.isLoopback else {
            throw api.failure(
                of: "listen", "is \"\(listen)\", which other machines reach, and there is no api.tls",
                "add tls: { certificate: …, key: … }, or listen on 127.0.0.1, [::1] or localhost")
        }
        return APIConfiguration(
            listen: listen, tls: tls, connections: try connections(api), requestRate: try requestRate(api))
    }

    private static func listen(_ api: ConfigurationNode) throws(CommandFailure) -> ListenAddress {
        guard let text = try api.text("listen") else { return .standard }
        guard let address = ListenAddress(text) else {
            throw api.failure(
                of: "listen", "is \"\(text)\"",
                "write host:port, such as 127.0.0.1:7373, or [::1]:7373 for an IPv6 address")
        }
        return address
    }

    private static func tls(
        _ api: ConfigurationNode, _ resolved: (String) -> String
    ) throws(CommandFailure) -> TLSFiles? {
        let node = try api.section("tls", allowing: ["certificate", "key"])
        let (certificate, key) = (try node.text("certificate"), try node.text("key"))
        switch (certificate, key) {
        case (nil, nil): return nil
        case (let certificate?, let key?):
            return TLSFiles(certificate: resolved(certificate), key: resolved(key))
        case (nil, .some): throw node.failure(of: "certificate", "is missing", "name the certificate chain in PEM")
        case (.some, nil): throw node.failure(of: "key", "is missing", "name the private key in PEM")
        }
    }

    private static func connections(_ api: ConfigurationNode) throws(CommandFailure) -> ConnectionLimits {
        let node = try api.section("connections", allowing: ["total", "perAddress"])
        let total = try node.number("total", ConnectionLimits.totals) ?? ConnectionLimits.standardTotal
        let perAddress = try node.number("perAddress", 1...ConnectionLimits.totals.upperBound)
        guard perAddress ?? 1 <= total else {
            throw node.failure(of: "perAddress", "is more than total, \(total)", "use a smaller number")
        }
        return ConnectionLimits(
            total: total, perAddress: perAddress ?? min(total, ConnectionLimits.standardPerAddress),
            bodyBytes: ServiceRequest.largestBody)
    }

    /// `50%`: the unit is said, so that nobody takes it for requests.
    private static func requestRate(_ api: ConfigurationNode) throws(CommandFailure) -> Int {
        guard let text = try api.text("requestRate") else { return standardRate }
        guard text.hasSuffix("%"), text.first?.isNumber ?? false, let percent = Int(text.dropLast()),
            RequestLimits.scales.contains(percent)
        else {
            throw api.failure(
                of: "requestRate", "is \"\(text)\"",
                "use \(RequestLimits.scales.lowerBound)% to \(RequestLimits.scales.upperBound)%; 100% are AWS's own rates"
            )
        }
        return percent
    }
}
