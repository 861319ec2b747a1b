import KeyturnCore

/// The reader of policies, of both kinds. What it takes can be decided, keeps its text, and is read again the same.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: data, count: size), as: UTF8.self)
    if let policy = try? PolicyDocument(text, kind: .identity) {
        precondition(policy.text == text, "a policy lost its text")
        _ = request.decision(identity: .document(policy), resourcePolicy: nil)
    }
    if let policy = try? PolicyDocument(text, kind: .resource) {
        precondition((try? PolicyDocument(policy.text, kind: .resource)) == policy, "a policy is read otherwise")
        _ = request.decision(identity: .builtIn(.admin), resourcePolicy: policy)
        _ = ResourcePolicyCheck.all(text, request: request, identity: .builtIn(.admin))
    }
    return 0
}

private let request: AccessRequest = {
    // A generator of its own, so that each run has the same principal.
    var random: any RandomNumberGenerator = Zeros()
    let key = AccessKeyRecord(
        id: AccessKeyID(using: &random), name: nil, policy: .builtIn(.admin),
        createdAt: UTCInstant(millisecondsSinceEpoch: 0), lastUsedAt: nil, expiresAt: nil)
    return AccessRequest(
        principal: AccessPrincipal(key, account: "000000000000"), action: .getSecretValue,
        resource: .secret(
            SecretID(arn: "arn:aws:secretsmanager:local:000000000000:secret:a-AbCdEf"), tags: ["team": "orders"]),
        context: AccessContext(
            now: UTCInstant(millisecondsSinceEpoch: 1_767_268_800_000), isSecure: false, sourceAddress: "127.0.0.1"))
}()

private struct Zeros: RandomNumberGenerator {
    mutating func next() -> UInt64 { 0 }
}
