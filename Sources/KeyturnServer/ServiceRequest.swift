package import KeyturnCore
import SecretsManagerWire

/// A request to the API as it arrived: nothing of it is proven.
package struct ServiceRequest: Sendable {
    /// The largest body that is read: as much as the protocol's reader takes.
    package static let largestBody = 1_048_576

    /// `POST`.
    package let method: String
    /// What the request line names, still percent-encoded.
    package let target: String
    /// All headers in their order, `host` among them.
    package let headers: [(name: String, value: String)]
    /// The body.
    package let body: SecretBytes
    /// The client's address, nil if it is not known.
    package let sourceAddress: String?
    /// What failed signatures are counted by: the client's network, nil for its address.
    package let sourceNetwork: String?
    /// Whether it came over TLS.
    package let isSecure: Bool

    /// Takes the parts.
    package init(
        method: String, target: String, headers: [(name: String, value: String)], body: SecretBytes,
        sourceAddress: String?, sourceNetwork: String? = nil, isSecure: Bool
    ) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.sourceAddress = sourceAddress
        self.sourceNetwork = sourceNetwork
        self.isSecure = isSecure
    }

    /// The value of a header that occurs once; nil if it is not there, or there twice.
    func header(_ name: String) -> String? {
        let values = headers.filter { HeaderName.isSame($0.name, name) }
        return values.count == 1 ? values.first?.value : nil
    }
}
