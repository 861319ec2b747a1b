import KeyturnCore
import SecretsManagerWire

/// The reader of signatures: lines of headers, `name: value`; a first line with `?` is a target. Nothing that was not signed
/// with the secret may be taken for signed.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: data, count: size), as: UTF8.self)
    var target = "/"
    var headers: [(name: String, value: String)] = []
    for line in text.split(separator: "\n") {
        if line.hasPrefix("/"), headers.isEmpty { target = String(line) }
        let halves = line.split(separator: ":", maxSplits: 1).map(String.init)
        if halves.count == 2 { headers.append((name: halves[0], value: halves[1])) }
    }
    var (none, secret): ([UInt8], [UInt8]) = ([], Array("a secret that signed nothing, ever......".utf8))
    let request = SigV4Request(method: "POST", target: target, headers: headers, body: SecretBytes(taking: &none))
    // 2026-01-01T12:00:00Z, as in the corpus.
    let now = UTCInstant(millisecondsSinceEpoch: 1_767_268_800_000)
    guard let claim = try? SigV4Verifier(region: "local").claim(of: request, at: now) else { return 0 }
    do {
        try claim.verify(secretAccessKey: SecretBytes(taking: &secret))
        preconditionFailure("a signature was accepted that nobody made")
    } catch { return 0 }
}
