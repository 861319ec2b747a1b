/// One Swift file, as the rules see it.
struct SourceFile {
    /// The path relative to the package's root, with slashes.
    let path: String
    /// The lines as they are.
    let lines: [Substring]
    /// The same lines without comments and without what string literals say.
    let code: [Substring]

    /// Reads the text of a file.
    init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        code = SourceText.blanked(text).split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// The file's name without `.swift`.
    var name: Substring {
        (path.split(separator: "/").last ?? "").dropLast(".swift".count)
    }

    /// The number of lines; the newline at the end begins none.
    var lineCount: Int {
        lines.last == "" ? lines.count - 1 : lines.count
    }

    /// The imported modules with the number of their line.
    var imports: [(module: String, line: Int)] {
        code.enumerated().compactMap { index, line in Self.importedModule(line).map { ($0, index + 1) } }
    }

    /// The numbers of the lines whose code matches.
    func lineNumbers(where matches: (Substring) -> Bool) -> [Int] {
        code.indices.filter { matches(code[$0]) }.map { $0 + 1 }
    }

    /// True when the line above consists of a comment.
    func hasCommentAbove(line number: Int) -> Bool {
        guard number >= 2 else { return false }
        return lines[number - 2].drop { $0 == " " }.hasPrefix("//")
    }

    /// What may stand before the word `import`, beside attributes.
    private static let accessLevels: Set<Substring> = ["public", "package", "internal", "fileprivate", "private"]
    /// What an import may name before the symbol.
    private static let symbolKinds: Set<Substring> = [
        "struct", "class", "enum", "protocol", "typealias", "func", "var", "let", "actor",
    ]

    /// The module that a line of code imports, if it does.
    private static func importedModule(_ line: Substring) -> String? {
        let words = line.split { " \t;".contains($0) }
        guard let position = words.firstIndex(of: "import"),
            words[..<position].allSatisfy({ accessLevels.contains($0) || $0.hasPrefix("@") || $0.hasSuffix(")") })
        else { return nil }
        let rest = words[(position + 1)...].drop { symbolKinds.contains($0) }
        return rest.first?.split(separator: ".").first.map(String.init)
    }
}
