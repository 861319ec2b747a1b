import Foundation

/// The files of this package.
struct PackageTree {
    /// The folder of Package.swift.
    let root: String

    /// The tree that this test was compiled in.
    static let current = PackageTree(
        root: URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path)

    /// The folders whose Swift files the rules apply to.
    static let checkedRoots = ImportTable.targetRoots + ["Benchmarks"]

    /// Every Swift file under the checked folders.
    func swiftFiles() throws -> [SourceFile] {
        try Self.checkedRoots.flatMap { folder in
            try swiftPaths(under: folder).map { SourceFile(path: $0, text: try text(of: $0)) }
        }
    }

    /// The text of a file.
    func text(of path: String) throws -> String {
        try String(contentsOf: URL(fileURLWithPath: root + "/" + path), encoding: .utf8)
    }

    /// The folders directly inside `folder`, by their whole path; none if it does not exist.
    func folders(in folder: String) -> [String] {
        children(of: folder).filter(isFolder)
    }

    /// The Swift files under `folder`, at any depth; what the build makes is left out.
    private func swiftPaths(under folder: String) -> [String] {
        children(of: folder).flatMap { path in
            if isFolder(path) { return swiftPaths(under: path) }
            return path.hasSuffix(".swift") ? [path] : []
        }
    }

    /// The files and folders directly inside, in alphabetical order.
    private func children(of folder: String) -> [String] {
        // A folder that does not exist has no children.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root + "/" + folder)) ?? []
        return names.filter { !$0.hasPrefix(".") }.sorted().map { folder + "/" + $0 }
    }

    /// True when there is a folder at the path.
    private func isFolder(_ path: String) -> Bool {
        var result: ObjCBool = false
        return FileManager.default.fileExists(atPath: root + "/" + path, isDirectory: &result) && result.boolValue
    }
}
