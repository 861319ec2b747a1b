/// A piece of code that must not occur.
struct BannedConstruct: Sendable {
    /// What to look for in code.
    let text: String
    /// Why it is banned, and what to do instead.
    let reason: String
    /// Folders where it is allowed.
    var allowedFolders: [String] = []
    /// Tells whether the construct is really meant, given the code before and after the text.
    var isMeant: @Sendable (_ before: Substring, _ after: Substring) -> Bool = { before, _ in !endsWithName(before) }

    /// Everything that is banned everywhere under the checked folders.
    static let all: [BannedConstruct] = [
        BannedConstruct(text: "Date()", reason: "reads the system's clock; take a clock as a parameter"),
        BannedConstruct(
            text: "Date.now", reason: "reads the system's clock; take a clock as a parameter",
            allowedFolders: ["Sources/keyturn", "Benchmarks"]
        ) { !endsWithName($0) && !beginsWithName($1) },
        BannedConstruct(
            text: "print(", reason: "libraries do not write to standard output",
            allowedFolders: ["Sources/keyturn", "Benchmarks"]
        ) { before, _ in !endsWithName(before) && before.last != "." && !before.hasSuffix("func ") },
        BannedConstruct(text: "try!", reason: "crashes on an error that can happen; throw it on"),
        BannedConstruct(text: "fatalError", reason: "crashes; throw, or state a precondition") {
            !endsWithName($0) && !beginsWithName($1)
        },
        BannedConstruct(text: "DispatchQueue.main", reason: "a daemon has no main queue that anybody serves"),
        BannedConstruct(text: " as! ", reason: "crashes on a surprise; use as? and handle nil") { _, _ in true },
    ]

    /// What is wrong in one file.
    func violations(in file: SourceFile) -> [String] {
        guard !allowedFolders.contains(where: { file.path.hasPrefix($0 + "/") }) else { return [] }
        return file.lineNumbers(where: occurs).map {
            "\(file.path):\($0): \(text.trimmingSpaces) \(reason)"
        }
    }

    /// True when the line of code contains the construct.
    func occurs(in line: Substring) -> Bool {
        var rest = line
        while let range = rest.firstRange(of: text) {
            if isMeant(line[..<range.lowerBound], line[range.upperBound...]) { return true }
            rest = rest[range.upperBound...]
        }
        return false
    }

    /// True when the text ends inside of a name.
    private static func endsWithName(_ text: Substring) -> Bool {
        text.last.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false
    }

    /// True when the text goes on with a name.
    private static func beginsWithName(_ text: Substring) -> Bool {
        text.first.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false
    }
}

extension String {
    /// The text without spaces at its ends.
    var trimmingSpaces: Substring {
        let start = drop { $0 == " " }
        return start.prefix(start.count - start.reversed().prefix { $0 == " " }.count)
    }
}
