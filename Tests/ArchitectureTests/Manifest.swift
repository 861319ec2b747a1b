/// What a simple reading of Package.swift tells about targets.
struct Manifest {
    /// One target.
    struct Target {
        /// Its name, which is its module's name.
        let name: String
        /// What it was declared by, for instance `target` or `systemLibrary`.
        let kind: String
        /// Its folder.
        let path: String
        /// The names of the targets and products it depends on.
        let dependencies: [String]
    }

    /// The kinds of targets that are looked for.
    private static let kinds = ["target", "executableTarget", "testTarget", "systemLibrary", "plugin", "macro"]

    /// The targets in the order of the manifest.
    let targets: [Target]

    /// Reads the manifest: calls like `.target(name: "A", dependencies: ["B", .product(name: "C", package: "D")])`.
    init(text: String) {
        let code = Substring(SourceText.blanked(text, .comments))
        let list = Self.content(of: code, after: "targets:", from: "[", to: "]", last: true) ?? ""
        targets = Self.calls(in: list).filter { Self.kinds.contains($0.name) }.compactMap { call in
            guard let name = Self.string(in: call.arguments, after: "name:") else { return nil }
            let path = Self.string(in: call.arguments, after: "path:")
            let dependencies = Self.content(of: call.arguments, after: "dependencies:", from: "[", to: "]") ?? ""
            return Target(
                name: name, kind: call.name,
                path: path ?? (call.name == "testTarget" ? "Tests/" : "Sources/") + name,
                dependencies: Self.dependencies(in: dependencies))
        }
    }

    /// The names in a list of dependencies.
    private static func dependencies(in list: Substring) -> [String] {
        let calls = calls(in: list)
        var plain = String(list)
        for call in calls { plain = plain.replacing(call.arguments, with: "") }
        let named = calls.compactMap { string(in: $0.arguments, after: "name:") }
        let bare = plain.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
        return bare + named
    }

    /// The calls of the form `.name(arguments)` in the text that are not inside another one.
    private static func calls(in text: Substring) -> [(name: String, arguments: Substring)] {
        var result: [(name: String, arguments: Substring)] = []
        var rest = text
        while let dot = rest.firstIndex(of: "."), let open = rest[dot...].firstIndex(of: "(") {
            let name = rest[rest.index(after: dot)..<open]
            guard name.allSatisfy(\.isLetter), let inner = balanced(rest[open...], "(", ")") else {
                rest = rest[rest.index(after: dot)...]
                continue
            }
            result.append((String(name), inner))
            rest = rest[inner.endIndex...]
        }
        return result
    }

    /// The string literal after a label.
    private static func string(in text: Substring, after label: String) -> String? {
        guard let range = text.firstRange(of: label) else { return nil }
        let parts = text[range.upperBound...].split(separator: "\"", maxSplits: 2, omittingEmptySubsequences: false)
        return parts.count > 2 ? String(parts[1]) : nil
    }

    /// What stands between the brackets after a label.
    private static func content(
        of text: Substring, after label: String, from open: Character, to close: Character, last: Bool = false
    ) -> Substring? {
        let ranges = text.ranges(of: label)
        guard let range = last ? ranges.last : ranges.first,
            let start = text[range.upperBound...].firstIndex(of: open)
        else { return nil }
        return balanced(text[start...], open, close)
    }

    /// What stands between the bracket that the text begins with and its counterpart.
    private static func balanced(_ text: Substring, _ open: Character, _ close: Character) -> Substring? {
        var depth = 0
        for index in text.indices {
            if text[index] == open { depth += 1 }
            if text[index] == close { depth -= 1 }
            if depth == 0 { return text[text.index(after: text.startIndex)..<index] }
        }
        return nil
    }
}
