/// A policy in AWS's language, read strictly: what is in it can be evaluated as it is written, or it is refused.
///
/// AWS: "IAM JSON policy reference", IAM user guide. docs/access.md says which part of the language is supported.
public struct PolicyDocument: Hashable, Sendable {
    /// What a policy is attached to.
    public enum Kind: Hashable, Sendable {
        /// A caller: an access key.
        case identity
        /// A secret.
        case resource
    }

    /// AWS's limit on a resource policy, in characters; taken for both kinds.
    public static let longest = 20_480

    /// As it was written.
    public let text: String
    /// What it is attached to.
    public let kind: Kind
    let statements: [PolicyStatement]

    private static let elements: Set = ["Version", "Id", "Statement"]
    /// The version that has policy variables.
    private static let current = "2012-10-17"
    /// The version of a policy that names none.
    private static let earliest = "2008-10-17"

    /// Reads a policy.
    /// - Throws: `PolicyError` with the place of the first mistake.
    public init(_ text: String, kind: Kind) throws(PolicyError) {
        do { statements = try Self.statements(text, kind) } catch { throw error.error(in: text) }
        self.text = text
        self.kind = kind
    }

    private static func statements(_ text: String, _ kind: Kind) throws(PolicyFault) -> [PolicyStatement] {
        guard text.unicodeScalars.count <= longest else {
            throw PolicyFault(
                kind: .json, element: "", position: 0, problem: "the policy has more than \(longest) characters",
                remedy: "make it shorter")
        }
        let document = PolicyNode(json: try JSONNode(policy: text), element: "")
        let members = try document.members(known: elements)
        _ = try members["Id"]?.text()
        let version = try members["Version"]?.text() ?? earliest
        guard version == current || version == earliest else {
            throw (members["Version"] ?? document).fault(
                "\(version) is no version of the policy language", "write \(current)")
        }
        guard let list = members["Statement"] else {
            throw document.fault("the policy has no Statement", "add one")
        }
        var statements: [PolicyStatement] = []
        var sids: Set<String> = []
        for node in try list.oneOrMore() {
            let statement = try PolicyStatement(node, kind: kind, hasVariables: version == current)
            if let sid = statement.sid, !sid.isEmpty, !sids.insert(sid).inserted {
                throw node.fault(
                    "the Sid \(sid) is there twice", "statement IDs (SID) in a single policy must be unique")
            }
            statements.append(statement)
        }
        return statements
    }
}

extension JSONNode {
    /// Reads a policy's text.
    fileprivate init(policy text: String) throws(PolicyFault) {
        let read = unsafe Array(text.utf8).withUnsafeBytes { bytes in
            Result { () throws(JSONNode.Failure) in unsafe try JSONNode(bytes) }
        }
        do { self = try read.get() } catch {
            let problem =
                switch error.cause {
                case .notAnObject: "the policy is no JSON object"
                case .unexpected: "the text is no JSON from here on"
                case .tooDeep: "lists and objects are nested too deep"
                case .duplicateKey(let key): "the key \(key) is twice in one object"
                case .trailingBytes: "there is more text behind the policy"
                }
            throw PolicyFault(
                kind: .json, element: "", position: error.position, problem: problem,
                remedy: "write one JSON object, each key once")
        }
    }
}
