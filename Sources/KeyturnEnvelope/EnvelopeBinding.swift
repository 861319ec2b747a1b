public import KeyturnCore

/// What a record is bound to: copied to anything else, it does not open.
public struct EnvelopeBinding: Hashable, Sendable {
    private let names: [String]

    /// One version of one secret.
    public init(_ secret: SecretID, _ version: VersionID) { names = [secret.arn, version.text] }

    /// One access key, with what it may do and until when: whoever can write into the store, but has not the
    /// key-encryption key, can't make a key good for more. No ARN begins so: no version's record opens as a key's.
    public init(_ accessKey: AccessKeyID, attributes: [String]) {
        names = ["keyturn:access-key", accessKey.text] + attributes
    }

    func associatedData(of kind: EnvelopeRecord.Kind) -> [UInt8] {
        EnvelopeRecord.magic + [EnvelopeRecord.formatVersion, EnvelopeRecord.aes256GCM, kind.rawValue] + lengthPrefixed
    }

    var keyContext: [UInt8] { Array("KTK1".utf8) + lengthPrefixed }

    private var lengthPrefixed: [UInt8] {
        var bytes: [UInt8] = []
        for name in names {
            bytes.append(bigEndian: UInt32(name.utf8.count))
            bytes.append(contentsOf: name.utf8)
        }
        return bytes
    }
}
