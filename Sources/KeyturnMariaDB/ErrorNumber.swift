import KeyturnCore

/// What the error numbers of MySQL, MariaDB and their client library mean for a rotation.
///
/// MySQL 9 Error Message Reference; MariaDB knowledge base, "MariaDB Error Codes"; numbers of 2000 and more are the
/// library's own.
enum ErrorNumber {
    /// The meaning of a refused log-in.
    static func ofLogIn(_ number: UInt32) -> DatabaseFailure.Kind {
        switch number {
        case 1045: .wrongPassword
        case 1130, 1251, 2049, 2059, 1698: .refusedByRule
        case 3118, 4151, 3955, 4150: .loginNotAllowed
        case 1862, 1820: .passwordExpired
        case 1226, 1203: .limitReached
        case 1044, 1049: .noSuchDatabase
        case 1040, 1053, 1077, 1079: .notReady
        case 2002, 2003, 2005, 2006, 2012, 2013, 2055, 1158, 1159, 1160, 1161: .unreachable
        case 2026, 5010: .notTrusted
        case _: .other
        }
    }

    /// The meaning of a failed statement.
    static func ofStatement(_ number: UInt32) -> DatabaseFailure.Kind {
        switch number {
        case 1044, 1045, 1142, 1143, 1227, 1370, 1410, 1211, 1698, 3530, 4037: .permissionDenied
        case 1290, 1792, 1836, 3100: .readOnly
        case 1819, 3638: .passwordRefused
        case 1205, 1213, 1412: .conflict
        case 1317, 1028, 3024, 1969: .timedOut
        case 1053, 1077, 1079, 1040: .notReady
        // The connection was ended, by an administrator or for its idleness.
        case 1158, 1159, 1160, 1161, 1927, 3169, 4031: .unreachable
        case 1820, 1862: .passwordExpired
        // The library's own: whatever it is, no answer of the server's was understood.
        case 2000..<3000, 5000..<6000: .unreachable
        case _: .other
        }
    }

    /// Whether a statement that changes something may have done so although it failed: the server gave it up, or went away.
    static func leavesOutcomeOpen(_ kind: DatabaseFailure.Kind) -> Bool {
        switch kind {
        case .unreachable, .timedOut, .notReady: true
        case .wrongPassword, .refusedByRule, .loginNotAllowed, .passwordExpired, .limitReached, .noSuchDatabase,
            .notTrusted, .permissionDenied, .readOnly, .passwordRefused, .notOurs, .unequal, .conflict, .cancelled,
            .outcomeUnknown,
            .other:
            false
        }
    }

    /// What a locked or expired account is told, where the number alone says it.
    static func explanation(_ number: UInt32) -> String? {
        switch number {
        case 3118, 4151: "the account is locked (ACCOUNT LOCK)"
        case 3955, 4150: "the account is locked after too many wrong passwords"
        case 1862, 1820: "the password has expired"
        // The library's own text names what is left of an earlier plugin's name.
        case 5010: "the server asks for a log-in method that could show it the password"
        case _: nil
        }
    }
}
