/// A place where something that is banned elsewhere is right, and why.
struct Exception: Sendable {
    /// The file, relative to the package's root.
    let path: String
    /// Who guarantees what the rule would have guaranteed.
    let reason: String

    /// Files that may say `@unchecked Sendable`.
    static let uncheckedSendable: [Exception] = [
        Exception(
            path: "Sources/KeyturnPostgres/StatementCanceller.swift",
            reason: "libpq lets any thread use a PGcancel; the pointer is set once, and freed in deinit")
    ]

    /// Files that may say `default:`: they switch over values that are not ours to enumerate.
    static let defaultCase: [Exception] = []
}

/// A rule that holds everywhere but in the files of a list.
struct ListedRule: Sendable {
    /// What the rule forbids, for messages.
    let construct: String
    /// The files it does not hold in.
    let exceptions: [Exception]
    /// Recognizes it in a line of code.
    let occurs: @Sendable (Substring) -> Bool

    /// `@unchecked Sendable`: shared between threads on a promise that the compiler does not check.
    static let uncheckedSendable = ListedRule(
        construct: "@unchecked Sendable", exceptions: Exception.uncheckedSendable
    ) { $0.contains("@unchecked Sendable") }

    /// `default:`, which hides that a new case of an enum of ours was forgotten.
    static let defaultCase = ListedRule(construct: "default:", exceptions: Exception.defaultCase) { line in
        // A statement, not an argument's label; `@unknown default:` still warns about forgotten cases.
        line.split(separator: "{").contains { part in
            let word = part.drop { $0 == " " }
            return word.hasPrefix("default:") || word.hasPrefix("default :")
        }
    }

    /// What is wrong in the files: occurrences that are not listed, and listed files without any.
    func violations(in files: [SourceFile]) -> [String] {
        let listed = Set(exceptions.map(\.path))
        var unused = listed
        var result: [String] = []
        for file in files {
            let numbers = file.lineNumbers(where: occurs)
            if !numbers.isEmpty { unused.remove(file.path) }
            guard !listed.contains(file.path) else { continue }
            result += numbers.map {
                "\(file.path):\($0): \(construct) is not in the list of Tests/ArchitectureTests/Exception.swift"
            }
        }
        result += unused.sorted().map { "\($0):1: is listed as an exception but has no \(construct)" }
        result += exceptions.filter(\.reason.isEmpty).map { "\($0.path):1: the exception gives no reason" }
        return result
    }
}
