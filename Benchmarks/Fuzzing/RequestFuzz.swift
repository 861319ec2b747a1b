import KeyturnCore
import SecretsManagerWire

/// The reader of bodies: the first byte says of which operation. What it takes is written and read again, the same.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    let operations = SecretsManagerOperation.allCases
    guard size > 0, let operation = operations.first(where: { $0.place == Int(data[0]) % operations.count }) else {
        return 0
    }
    let body = SecretBytes(copying: UnsafeRawBufferPointer(start: data + 1, count: size - 1))
    guard let request = try? SecretsManagerRequest(operation, body: body) else { return 0 }
    let written = request.input.json
    do {
        let again = try SecretsManagerRequest(operation, body: written)
        precondition(again.input.json.hasSameBytes(as: written), "a request differs after it was written and read")
    } catch { preconditionFailure("a request that was written can't be read: \(error)") }
    return 0
}

extension SecretsManagerOperation {
    fileprivate var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
