/// Rules about a file as a whole, and about what must be explained.
enum FileRules {
    /// No file is longer.
    static let lineLimit = 500
    /// Names that say nothing of what is inside.
    private static let emptyNames = ["Utils", "Helpers", "Common", "Extras", "Types"]
    /// Promises that the compiler does not check.
    private static let promises = ["nonisolated(unsafe)", "@unchecked Sendable"]

    /// Length and name.
    static func shape(of file: SourceFile) -> [String] {
        var result: [String] = []
        if file.lineCount > lineLimit {
            result.append("\(file.path):\(lineLimit + 1): has \(file.lineCount) lines, more than \(lineLimit)")
        }
        for part in file.name.split(separator: "+") where emptyNames.contains(where: part.hasSuffix) {
            result.append("\(file.path):1: is named \(part); name it after its main type")
        }
        return result
    }

    /// Unsafe promises without a comment on the line above.
    static func unexplainedPromises(in file: SourceFile) -> [String] {
        promises.flatMap { promise in
            file.lineNumbers { $0.contains(promise) }.filter { !file.hasCommentAbove(line: $0) }.map {
                "\(file.path):\($0): \(promise) has no comment on the line above that says who keeps the promise"
            }
        }
    }
}
