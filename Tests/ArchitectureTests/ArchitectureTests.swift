import Testing

@Suite("The architecture")
struct ArchitectureTests {
    private let tree = PackageTree.current
    private let files: [SourceFile]

    init() throws {
        files = try tree.swiftFiles()
        try #require(!files.isEmpty, "no Swift file was found under \(tree.root)")
    }

    @Test("every target imports only what the table allows")
    func imports() {
        expectNone(files.flatMap(ImportTable.current.violations))
    }

    @Test("every target folder is in the table")
    func knownFolders() {
        let folders = ImportTable.targetRoots.flatMap(tree.folders)
        expectNone(folders.filter { ImportTable.current.rules[$0] == nil }.map { "\($0):1: is not in the table" })
    }

    @Test("the manifest agrees with the table")
    func manifest() throws {
        let manifest = Manifest(text: try tree.text(of: "Package.swift"))
        try #require(!manifest.targets.isEmpty, "no target was found in Package.swift")
        let folders = ImportTable.targetRoots.flatMap(tree.folders)
        expectNone(ManifestRules(table: .current).violations(in: manifest, folders: folders, files: files))
    }

    @Test("banned constructs do not occur")
    func bannedConstructs() {
        expectNone(files.flatMap { file in BannedConstruct.all.flatMap { $0.violations(in: file) } })
    }

    @Test("@unchecked Sendable occurs only in listed files")
    func uncheckedSendable() {
        expectNone(ListedRule.uncheckedSendable.violations(in: files))
    }

    @Test("default: occurs only in listed files")
    func defaultCases() {
        expectNone(ListedRule.defaultCase.violations(in: files.filter { !$0.path.hasPrefix("Benchmarks/") }))
    }

    @Test("every unsafe promise says in the line above who keeps it")
    func promises() {
        expectNone(files.flatMap(FileRules.unexplainedPromises))
    }

    @Test("no file is long or named after nothing")
    func fileShapes() {
        expectNone(files.flatMap(FileRules.shape))
    }

    /// Records one issue with all the violations, a line each.
    private func expectNone(_ violations: [String], _ location: SourceLocation = #_sourceLocation) {
        guard !violations.isEmpty else { return }
        Issue.record("\(violations.count) violations\n\(violations.joined(separator: "\n"))", sourceLocation: location)
    }
}
