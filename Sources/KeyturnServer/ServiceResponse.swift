package import KeyturnCore
import SecretsManagerWire

/// An answer of the API.
package struct ServiceResponse: Sendable {
    /// The HTTP status.
    package let status: Int
    /// The headers.
    package let headers: [(name: String, value: String)]
    /// The body, in memory that is wiped when it is let go.
    package let body: SecretBytes

    init(_ result: Result<SecretBytes, SecretsManagerError>, requestID: String) {
        var headers = [
            (name: "content-type", value: SecretsManagerOperation.contentType),
            (name: "x-amzn-requestid", value: requestID),
            // An answer may hold a value: no cache on the way may keep it.
            (name: "cache-control", value: "no-store"),
        ]
        switch result {
        case .success(let json):
            status = 200
            body = json
        case .failure(let error):
            status = error.status
            body = error.json
            headers.append((name: "x-amzn-errortype", value: error.errorType))
        }
        self.headers = headers
    }
}
