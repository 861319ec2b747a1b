import KeyturnCore

/// What PostgreSQL's error codes mean for a rotation (PostgreSQL manual, "PostgreSQL Error Codes").
enum SQLStateClass {
    /// The meaning of a refused log-in.
    /// - Parameter usedPassword: Whether the server had asked for the password: a right one comes before most refusals.
    static func ofLogin(_ state: String, usedPassword: Bool) -> DatabaseFailure.Kind {
        switch state {
        case "28P01": .wrongPassword
        case "28000": usedPassword ? .loginNotAllowed : .refusedByRule
        case "53300": usedPassword ? .limitReached : .notReady
        case "3D000", "42501": .noSuchDatabase
        case _ where state.hasPrefix("57P") || state.hasPrefix("08") || state.hasPrefix("53"): .notReady
        case _: .other
        }
    }

    /// The meaning of a failed statement.
    static func ofStatement(_ state: String) -> DatabaseFailure.Kind {
        switch state {
        case "42501": .permissionDenied
        case "25006": .readOnly
        case "22023": .passwordRefused
        case "40001", "40P01", "55P03", "XX000": .conflict
        case "57014": .timedOut
        case _ where state.hasPrefix("57P") || state.hasPrefix("53"): .notReady
        case _ where state.hasPrefix("08"): .unreachable
        case _: .other
        }
    }
}
