import Crypto
import Foundation
import KeyturnCore

/// Proves to a receiver that an event is ours and when it was sent: `t=<unix seconds>,v1=<hex>`, where the second part
/// is the HMAC-SHA256 of `<t>.<body>`.
struct WebhookSignature: CustomStringConvertible {
    /// The header's value.
    let description: String

    init(of body: Data, at time: UTCInstant, key: SecretBytes) {
        let seconds = time.millisecondsSinceEpoch / 1000
        var code = key.withBytes { HMAC<SHA256>(key: SymmetricKey(data: $0)) }
        code.update(data: Data("\(seconds).".utf8))
        code.update(data: body)
        let hexadecimal = code.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        description = "t=\(seconds),v1=\(hexadecimal)"
    }
}
