/// What the manifest and the table must agree on.
struct ManifestRules {
    /// The table.
    let table: ImportTable

    /// What is wrong, given the target folders that exist and the Swift files in them.
    func violations(in manifest: Manifest, folders: [String], files: [SourceFile]) -> [String] {
        let targets = manifest.targets.filter { $0.kind != "testTarget" && !$0.path.hasPrefix("Tests/") }
        let undeclared = folders.filter { folder in !targets.contains { $0.path == folder } }
        return undeclared.map { "Package.swift:1: \($0) is no target" }
            + targets.flatMap(forbiddenDependencies)
            + targets.flatMap { target in
                undeclaredImports(of: target, files: files.filter { $0.path.hasPrefix(target.path + "/") })
            }
    }

    /// Dependencies that the table does not allow.
    private func forbiddenDependencies(of target: Manifest.Target) -> [String] {
        switch table.rule(forFile: target.path + "/")?.rule {
        case nil: ["Package.swift:1: target \(target.name) lies in \(target.path), which is not in the table"]
        case .anything: []
        case .noSwift: forbidden(target, allowed: [])
        case .only(let allowed): forbidden(target, allowed: allowed)
        }
    }

    /// The dependencies that are not allowed.
    private func forbidden(_ target: Manifest.Target, allowed: Set<String>) -> [String] {
        target.dependencies.filter { !allowed.contains($0) }.map {
            "Package.swift:1: \(target.name) may not depend on \($0)"
        }
    }

    /// Imports that only compile because another target depends on the module.
    private func undeclaredImports(of target: Manifest.Target, files: [SourceFile]) -> [String] {
        guard case .only = table.rule(forFile: target.path + "/")?.rule else { return [] }
        let declared = ImportTable.toolchainModules.union(target.dependencies).union([target.name])
        return files.flatMap { file in
            file.imports.filter { !declared.contains($0.module) }.map {
                "\(file.path):\($0.line): \(target.name) does not declare its dependency on \($0.module)"
            }
        }
    }
}
