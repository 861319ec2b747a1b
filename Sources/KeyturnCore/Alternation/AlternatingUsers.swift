/// The two users of a secret, as they were noted when rotation was configured.
///
/// The base is noted and not derived from whoever is AWSCURRENT: a base that is really called `x_clone` would else lead
/// to `x`, which may be somebody else's user.
public struct AlternatingUsers: Hashable, Codable, Sendable {
    /// The user that was there first.
    public let base: String
    /// The other one.
    public let alternate: String
    /// How they come to have the same rights.
    public let mode: AlternatingMode
    /// Whether an alternate that exists and carries no mark of ours may be taken over.
    public let mayAdopt: Bool

    /// Takes the parts, and checks both names by the server's rules.
    /// - Throws: `InvalidInput` naming `--clone-name` or `--mode`.
    public init(
        base: String, alternate: String, mode: AlternatingMode, mayAdopt: Bool, family: DatabaseEngine.Family
    ) throws(InvalidInput) {
        guard AlternatingMode.all(for: family).contains(mode) else {
            let known = AlternatingMode.all(for: family).map(\.rawValue).joined(separator: ", ")
            throw InvalidInput(
                field: "--mode", problem: "\(mode.rawValue) is not for \(family.product)", remedy: "use one of \(known)"
            )
        }
        do throws(InvalidInput) {
            guard try AccountName(base, of: family) != AccountName(alternate, of: family) else {
                throw InvalidInput(
                    field: "username", problem: "is the base's own", remedy: "name another user with --clone-name")
            }
        } catch {
            throw InvalidInput(
                field: "--clone-name",
                problem: "gives the second user a name (\(printable(alternate))) that \(error.problem)",
                remedy: "name it with --clone-name; \(error.remedy)")
        }
        self.base = base
        self.alternate = alternate
        self.mode = mode
        self.mayAdopt = mayAdopt
    }

    /// AWS's rotation functions call the second user so.
    public static let suffix = "_clone"

    /// The pair that a user belongs to: AWS's name for the other one, unless another is given. A given name that is the
    /// user's own says that the user is the second one already.
    public static func names(of user: String, alternate named: String?) -> (base: String, alternate: String) {
        guard let named else { return (user, user + suffix) }
        if named == user, user.hasSuffix(suffix) { return (String(user.dropLast(suffix.count)), user) }
        return (user, named)
    }

    /// The one whose turn comes after a user's; nil if the user is neither.
    public func other(than user: AccountName) -> String? {
        // By bytes, as servers do: Swift takes a letter with an accent and the two apart for one text.
        if user.text.utf8.elementsEqual(base.utf8) { return alternate }
        return user.text.utf8.elementsEqual(alternate.utf8) ? base : nil
    }
}
