/// Why a certificate and a key can't be used.
public struct TLSIdentityError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Which of the two: `certificate` or `key`.
    public let field: String
    /// The file.
    public let path: String
    /// What is wrong with it, as the end of a sentence.
    public let problem: String
    /// What to do.
    public let remedy: String

    init(_ field: String, _ path: String, _ problem: String, remedy: String) {
        self.field = field
        self.path = path
        self.problem = problem
        self.remedy = remedy
    }

    /// `/etc/keyturn/tls.key can be read by others (mode 644)`
    public var description: String { "\(path) \(problem)" }
}
