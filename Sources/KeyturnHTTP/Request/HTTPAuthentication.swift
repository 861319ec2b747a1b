public import KeyturnCore

/// Who asks, and how it is proved.
public enum HTTPAuthentication: Sendable, CustomStringConvertible, CustomReflectable {
    /// Nobody in particular.
    case none
    /// A token. RFC 6750.
    case bearer(SecretBytes)
    /// A name and a password that are sent as they are. RFC 7617.
    case basic(user: String, password: SecretBytes)
    /// A name, and a hash of the password with the server's challenge: a first request without body fetches the
    /// challenge. RFC 7616.
    case digest(user: String, password: SecretBytes)
    /// A signature over the request. AWS: "Signature Version 4 signing process".
    case aws(AWSSigning)

    /// The name of the scheme.
    public var description: String {
        switch self {
        case .none: "none"
        case .bearer: "bearer"
        case .basic: "basic"
        case .digest: "digest"
        case .aws(let signing): "aws(\(signing))"
        }
    }

    /// The name of the scheme.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// What a request to AWS is signed with.
public struct AWSSigning: Sendable, CustomStringConvertible, CustomReflectable {
    /// Whose key.
    public let credentials: AWSCredentials
    /// The region, such as `eu-central-1`.
    public let region: String
    /// The service's name in signatures, such as `events`.
    public let service: String

    /// Takes the parts.
    /// - Throws: `InvalidInput` naming `region` or `service`.
    public init(credentials: AWSCredentials, region: String, service: String) throws(InvalidInput) {
        for (field, text) in [("region", region), ("service", service)] {
            guard (1...64).contains(text.utf8.count), text.utf8.allSatisfy(Self.isPart) else {
                throw InvalidInput(
                    field: field, problem: "is not 1 to 64 of a-z, 0-9 and -", remedy: "write it as AWS does: eu-west-1"
                )
            }
        }
        self.credentials = credentials
        self.region = region
        self.service = service
    }

    private static func isPart(_ byte: UInt8) -> Bool {
        (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2d
    }

    /// The region and the service.
    public var description: String { "\(region)/\(service)" }
    /// The region and the service.
    public var customMirror: Mirror { Mirror(self, children: ["region": region, "service": service]) }
}

/// An AWS access key.
public struct AWSCredentials: Sendable, CustomStringConvertible, CustomReflectable {
    /// The key's name, which may be seen.
    public let accessKeyID: String
    /// The key.
    public let secretAccessKey: SecretBytes
    /// What temporary credentials come with.
    public let sessionToken: SecretBytes?

    /// Takes the parts.
    /// - Throws: `InvalidInput` naming the part, never its value.
    public init(accessKeyID: String, secretAccessKey: SecretBytes, sessionToken: SecretBytes? = nil)
        throws(InvalidInput)
    {
        // AWS: "AccessKey", IAM API reference: 16 to 128 word characters; other makers of this API have shorter ones.
        guard (1...128).contains(accessKeyID.utf8.count), accessKeyID.utf8.allSatisfy(HTTPTarget.isUnreserved) else {
            throw InvalidInput(
                field: "accessKeyId", problem: "is not 1 to 128 letters and digits", remedy: "give the key's id")
        }
        guard secretAccessKey.count > 0, secretAccessKey.isPrintableASCII else {
            throw InvalidInput(
                field: "secretAccessKey", problem: "is empty or not printable", remedy: "give the key that AWS showed")
        }
        guard sessionToken.map({ $0.count > 0 && $0.isPrintableASCII }) ?? true else {
            throw InvalidInput(
                field: "sessionToken", problem: "is empty or not printable", remedy: "leave it out if there is none")
        }
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
    }

    /// The key's name.
    public var description: String { accessKeyID }
    /// The key's name.
    public var customMirror: Mirror { Mirror(self, children: ["accessKeyID": accessKeyID]) }
}
