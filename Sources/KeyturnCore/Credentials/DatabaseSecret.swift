/// A database credential: the JSON document that AWS's rotation functions and ours agree on, read and checked.
///
/// AWS Secrets Manager User Guide, "JSON structure of secrets". Unknown members stay in the document byte for byte.
/// Besides AWS's members a document may hold `sslmode`, `sslrootcert` and `hosts`.
public struct DatabaseSecret: Sendable {
    /// The server's engine.
    public let engine: DatabaseEngine
    /// Where the server is; tried in order, the writable one is used. Never empty.
    public let endpoints: [DatabaseEndpoint]
    /// The database to connect to.
    public let database: String
    /// The user.
    public let account: AccountName
    /// The user's password.
    public let password: SecretBytes
    /// How connections are protected.
    public let tls: TLSPolicy
    /// The secret that may alter this user, as AWS's alternating users name it.
    public let masterARN: String?
    /// The whole document.
    let document: SecretBytes
    private let passwordRange: Range<Int>

    /// Reads a version's value.
    /// - Throws: `InvalidInput` naming the member that is missing, of a wrong type or out of range.
    public init(_ value: SecretValue) throws(InvalidInput) {
        guard case .string(let document) = value else {
            throw InvalidInput(field: "SecretString", problem: "is binary", remedy: MemberReader.remedy)
        }
        let reader = try MemberReader(document)
        engine = try DatabaseEngine(named: reader.requiredText("engine"))
        account = try AccountName(postgreSQL: reader.requiredText("username"))
        let port = try reader.port() ?? engine.defaultPort
        endpoints = try Self.endpoints(reader, defaultPort: port)
        database = try reader.text("dbname") ?? engine.defaultDatabase
        guard (1...63).contains(database.utf8.count), !database.unicodeScalars.contains(where: \.isControl) else {
            throw InvalidInput(field: "dbname", problem: "is not a database name", remedy: "use 1 to 63 bytes")
        }
        masterARN = try reader.text("masterarn")
        tls = try Self.tls(reader, endpoints: endpoints)
        (password, passwordRange) = try reader.password()
        self.document = document
    }

    private static func endpoints(
        _ reader: MemberReader, defaultPort: Int
    ) throws(InvalidInput) -> [DatabaseEndpoint] {
        var endpoints = [try DatabaseEndpoint(host: reader.requiredText("host"), port: defaultPort)]
        guard let list = try reader.text("hosts") else { return endpoints }
        for item in list.split(separator: ",", omittingEmptySubsequences: false) {
            let endpoint: DatabaseEndpoint
            do { endpoint = try self.endpoint(of: item.trimmingBlanks(), defaultPort: defaultPort) } catch {
                throw InvalidInput(
                    field: "hosts", problem: "holds an item whose \(error.field) \(error.problem)",
                    remedy: "write host or host:port, several with commas between them")
            }
            if !endpoints.contains(where: { $0.normalized == endpoint.normalized }) { endpoints.append(endpoint) }
        }
        guard endpoints.count <= 8 else {
            throw InvalidInput(field: "hosts", problem: "names \(endpoints.count) servers", remedy: "name at most 8")
        }
        return endpoints
    }

    /// `name`, `name:port`, `[v6]:port` or a bare IPv6 address.
    private static func endpoint(of text: String, defaultPort: Int) throws(InvalidInput) -> DatabaseEndpoint {
        let hasPort = text.hasPrefix("[") ? text.contains("]:") : text.filter { $0 == ":" }.count == 1
        guard hasPort, let colon = text.lastIndex(of: ":") else {
            return try DatabaseEndpoint(host: text, port: defaultPort)
        }
        guard let port = Int(text[text.index(after: colon)...]) else {
            throw InvalidInput(field: "port", problem: "is no number", remedy: "write host:port")
        }
        return try DatabaseEndpoint(host: String(text[..<colon]), port: port)
    }

    /// The protection that a document asks for, or what its endpoints get if it says nothing.
    static func tls(_ reader: MemberReader, endpoints: [DatabaseEndpoint]) throws(InvalidInput) -> TLSPolicy {
        let root = try reader.text("sslrootcert")
        if let root, !root.hasPrefix("/") || root.unicodeScalars.contains(where: \.isControl) {
            throw InvalidInput(field: "sslrootcert", problem: "is not an absolute path", remedy: "write the whole path")
        }
        if let name = try reader.text("sslmode") {
            guard let mode = TLSMode(rawValue: name) else {
                let known = TLSMode.allCases.map(\.rawValue).joined(separator: ", ")
                throw InvalidInput(
                    field: "sslmode", problem: "is \"\(printable(name))\"", remedy: "use one of \(known)")
            }
            return TLSPolicy(mode: mode, rootCertificates: root)
        }
        let mode: TLSMode =
            switch try reader.flag("ssl") {
            case true?: .verifyFull
            case false?: .disable
            case nil: endpoints.allSatisfy(\.isLocal) && root == nil ? .disable : .verifyFull
            }
        return TLSPolicy(mode: mode, rootCertificates: root)
    }

    /// Where the credential is used and how connections there are protected, as one comparable text.
    public var place: String {
        let servers = endpoints.map(\.normalized).joined(separator: ",")
        return "\(engine.family) \(servers) \(tls.mode.rawValue) \(tls.rootCertificates ?? "-")"
    }

    /// The value of the next version: this document with another password and not one other byte changed.
    public func replacingPassword(with new: SecretBytes) -> SecretValue {
        var bytes: [UInt8] = unsafe document.withBytes { document in
            let token = unsafe new.withBytes { unsafe JSONText.encode($0) }
            var bytes: [UInt8] = []
            bytes.reserveCapacity(document.count + token.count)
            unsafe bytes.append(contentsOf: document[..<passwordRange.lowerBound])
            bytes.append(contentsOf: token)
            unsafe bytes.append(contentsOf: document[passwordRange.upperBound...])
            return bytes
        }
        return .string(SecretBytes(taking: &bytes))
    }

    /// Whether both documents are the same but for their passwords.
    func differsOnlyInPassword(from other: DatabaseSecret) -> Bool {
        func masked(_ secret: DatabaseSecret) -> [UInt8] {
            unsafe secret.document.withBytes { document in
                unsafe Array(document[..<secret.passwordRange.lowerBound]) + [0]
                    + Array(document[secret.passwordRange.upperBound...])
            }
        }
        return masked(self) == masked(other)
    }
}

extension StringProtocol {
    func trimmingBlanks() -> String {
        String(self.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
