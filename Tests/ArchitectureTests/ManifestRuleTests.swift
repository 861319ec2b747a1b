import Testing

@Suite("The manifest's rules")
struct ManifestRuleTests {
    private let manifest = Manifest(
        text: """
            let package = Package(
                name: "x",
                products: [.library(name: "A", targets: ["A"])],
                dependencies: [.package(url: "https://example.org/d", from: "1.0.0")],
                targets: [
                    .systemLibrary(name: "CLib", pkgConfig: "lib", providers: [.apt(["lib-dev"])]),
                    .target(name: "A", swiftSettings: pure),  // ["Commented"]
                    .target(
                        name: "B",
                        dependencies: ["A", .product(name: "D", package: "d"), .target(name: "CLib")],
                        path: "Strategies/B", swiftSettings: language),
                    .testTarget(name: "ATests", dependencies: ["A"]),
                ]
            )
            """)

    @Test("targets, folders and dependencies are read")
    func reading() throws {
        #expect(manifest.targets.map(\.name) == ["CLib", "A", "B", "ATests"])
        #expect(manifest.targets.map(\.path) == ["Sources/CLib", "Sources/A", "Strategies/B", "Tests/ATests"])
        #expect(manifest.targets.map { $0.dependencies.sorted() } == [[], [], ["A", "CLib", "D"], ["A"]])
    }

    @Test("agreement is no violation")
    func agreement() {
        let table = ImportTable(rules: [
            "Sources/CLib": .noSwift, "Sources/A": .only([]), "Strategies/B": .only(["A", "CLib", "D"]),
        ])
        let files = [SourceFile(path: "Strategies/B/B.swift", text: "import A\nimport D\nimport Glibc")]
        let folders = ["Sources/CLib", "Sources/A", "Strategies/B"]
        #expect(ManifestRules(table: table).violations(in: manifest, folders: folders, files: files) == [])
    }

    @Test("a target below a folder of the table follows the folder's rule")
    func nested() {
        let nested = Manifest(text: "targets: [.executableTarget(name: \"B\", dependencies: [\"X\"], path: \"B/C\")]")
        let table = ImportTable(rules: ["B": .anything])
        #expect(ManifestRules(table: table).violations(in: nested, folders: [], files: []) == [])
    }

    @Test("forbidden dependencies, unknown folders, undeclared targets and imports are found")
    func disagreement() {
        let table = ImportTable(rules: ["Sources/A": .only(["E"]), "Strategies/B": .only(["A", "CLib"])])
        let files = [SourceFile(path: "Sources/A/A.swift", text: "import E")]
        let found = ManifestRules(table: table).violations(
            in: manifest, folders: ["Sources/A", "Sources/New"], files: files)
        #expect(
            found == [
                "Package.swift:1: Sources/New is no target",
                "Package.swift:1: target CLib lies in Sources/CLib, which is not in the table",
                "Package.swift:1: B may not depend on D",
                "Sources/A/A.swift:1: A does not declare its dependency on E",
            ])
    }
}
