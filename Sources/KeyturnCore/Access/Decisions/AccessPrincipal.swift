/// Who makes a request.
public struct AccessPrincipal: Hashable, Sendable {
    /// `arn:aws:iam::ACCOUNT:user/NAME`, or a session's `arn:aws:sts::ACCOUNT:assumed-role/…`.
    public let arn: String
    /// The account's twelve digits.
    public let account: String
    /// `aws:username`; nil for a session, which has none.
    public let name: String?
    /// `aws:userid`: the access key's id.
    public let id: AccessKeyID

    /// The principal that an access key stands for, in the account of this installation.
    ///
    /// Several keys with one name are one user: so a key is replaced by a new one before it is deleted. A key without a
    /// name is a user named by its id.
    public init(_ key: AccessKeyRecord, account: String) {
        self.account = account
        id = key.id
        switch key.policy {
        case .builtIn, .document:
            let name = key.name?.text ?? key.id.text
            self.name = name
            arn = "arn:aws:iam::\(account):user/\(name)"
        case .rotation:
            name = nil
            arn = "arn:aws:sts::\(account):assumed-role/keyturn-rotation/\(key.id)"
        }
    }

    /// `aws:PrincipalType`.
    var type: String { name == nil ? "AssumedRole" : "User" }
}
