/// A database credential: the JSON document that AWS's rotation functions and ours agree on, read and checked.
///
/// AWS Secrets Manager User Guide, "JSON structure of secrets". Unknown members stay in the document byte for byte.
/// Besides AWS's members a document may hold `sslmode`, `sslrootcert` and `hosts`.
public struct DatabaseSecret: Sendable {
    /// The server's engine.
    public let engine: DatabaseEngine
    /// Where the server is; tried in order, the writable one is used. Never empty.
    public let endpoints: [DatabaseEndpoint]
    /// The database to connect to; nil where a session needs none.
    public let database: String?
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
    private let usernameRange: Range<Int>

    /// Reads a version's value.
    /// - Throws: `InvalidInput` naming the member that is missing, of a wrong type or out of range.
    public init(_ value: SecretValue) throws(InvalidInput) {
        guard case .string(let document) = value else {
            throw InvalidInput(field: "SecretString", problem: "is binary", remedy: MemberReader.remedy)
        }
        let reader = try MemberReader(document)
        engine = try DatabaseEngine(named: reader.requiredText("engine"))
        account = try AccountName(reader.requiredText("username"), of: engine.family)
        usernameRange = try reader.range(of: "username")
        let port = try reader.port() ?? engine.defaultPort
        endpoints = try Self.endpoints(reader, defaultPort: port)
        database = try Self.database(reader, engine)
        masterARN = try reader.text("masterarn")
        tls = try Self.tls(reader, endpoints: endpoints)
        (password, passwordRange) = try reader.password()
        self.document = document
    }

    private static func database(_ reader: MemberReader, _ engine: DatabaseEngine) throws(InvalidInput) -> String? {
        guard let name = try reader.text("dbname") else { return engine.defaultDatabase }
        // AWS's functions for MySQL take an empty name for none.
        if name.isEmpty, engine.defaultDatabase == nil { return nil }
        let (count, longest, unit) =
            switch engine.family {
            case .postgreSQL: (name.utf8.count, 63, "bytes")
            case .mySQL, .mariaDB: (name.unicodeScalars.count, 64, "characters")
            }
        guard (1...longest).contains(count), !name.unicodeScalars.contains(where: \.isControl) else {
            throw InvalidInput(
                field: "dbname", problem: "is not a database name", remedy: "use 1 to \(longest) \(unit)")
        }
        return name
    }

    private static func endpoints(
        _ reader: MemberReader, defaultPort: Int
    ) throws(InvalidInput) -> [DatabaseEndpoint] {
        var endpoints = [try DatabaseEndpoint(host: reader.requiredText("host"), port: defaultPort)]
        guard let list = try reader.text("hosts") else { return endpoints }
        for item in list.split(separator: ",", omittingEmptySubsequences: false) {
            let endpoint: DatabaseEndpoint
            do { endpoint = try DatabaseEndpoint(item.trimmingBlanks(), defaultPort: defaultPort) } catch {
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
    public func replacingPassword(with new: SecretBytes) -> SecretValue { replacing([(passwordRange, new)]) }

    /// The value of the other user's next version: this document with another user name and password.
    public func replacing(account: AccountName, password: SecretBytes) -> SecretValue {
        var name = Array(account.text.utf8)
        return replacing([(usernameRange, SecretBytes(taking: &name)), (passwordRange, password)])
    }

    private func replacing(_ replacements: [(range: Range<Int>, text: SecretBytes)]) -> SecretValue {
        var bytes: [UInt8] = unsafe document.withBytes { document in
            var bytes: [UInt8] = []
            bytes.reserveCapacity(document.count + replacements.reduce(0) { $0 + $1.text.count })
            var place = 0
            for replacement in replacements.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
                unsafe bytes.append(contentsOf: document[place..<replacement.range.lowerBound])
                unsafe bytes.append(contentsOf: replacement.text.withBytes { unsafe JSONText.encode($0) })
                place = replacement.range.upperBound
            }
            unsafe bytes.append(contentsOf: document[place...])
            return bytes
        }
        return .string(SecretBytes(taking: &bytes))
    }

    /// Whether both documents are the same but for the user's name and password.
    func differsOnlyInCredential(from other: DatabaseSecret) -> Bool {
        func masked(_ secret: DatabaseSecret) -> [UInt8] {
            let ranges = [secret.usernameRange, secret.passwordRange].sorted { $0.lowerBound < $1.lowerBound }
            return unsafe secret.document.withBytes { document in
                unsafe Array(document[..<ranges[0].lowerBound]) + [0]
                    + Array(document[ranges[0].upperBound..<ranges[1].lowerBound]) + [0]
                    + Array(document[ranges[1].upperBound...])
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
