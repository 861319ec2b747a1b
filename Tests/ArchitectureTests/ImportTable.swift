/// The architecture: which folder may import which modules.
///
/// Domain at the bottom, ports beside it, adapters that never import each other, executables that wire everything.
struct ImportTable {
    /// What the Swift files of a folder may import, beside the standard library.
    enum Rule {
        /// These modules only.
        case only(Set<String>)
        /// Anything: a composition root.
        case anything
        /// There must be no Swift file at all.
        case noSwift
    }

    /// What every target may import: the language and the C library of the platform.
    static let standardModules: Set<String> = ["Swift", "Synchronization", "FoundationEssentials", "Glibc", "Musl"]

    /// Modules that come with the toolchain and are no dependency in the manifest.
    static let toolchainModules: Set<String> = standardModules.union(["Foundation", "Dispatch", "Testing"])

    /// The folders whose subfolders are targets and must be in the table.
    static let targetRoots = ["Sources", "Strategies", "Providers"]

    /// Target folder to rule; a new target is added here first.
    static let current = ImportTable(rules: [
        "Sources/CCurl": .noSwift,
        "Sources/CLibPQ": .noSwift,
        "Sources/CMariaDB": .noSwift,
        "Sources/CProcess": .noSwift,
        "Sources/KeyturnCore": .only([]),
        "Sources/KeyturnEngine": .only(["KeyturnCore", "Logging", "Tracing"]),
        "Sources/KeyturnEnvelope": .only(["KeyturnCore", "Crypto", "Foundation"]),
        "Sources/KeyturnSQLiteStore": .only(["KeyturnCore", "KeyturnEnvelope", "GRDB", "Foundation"]),
        "Sources/KeyturnServer": .only([
            "KeyturnCore", "KeyturnListener", "SecretsManagerWire", "Crypto", "Hummingbird", "Logging", "NIOCore",
        ]),
        "Sources/KeyturnListener": .only([
            "KeyturnCore", "HummingbirdCore", "Logging", "NIOCore", "NIOHTTP1", "NIOHTTPTypes", "NIOHTTPTypesHTTP1",
            "NIOSSL",
        ]),
        "Sources/KeyturnSessions": .only(["KeyturnCore", "Foundation", "Dispatch"]),
        "Sources/KeyturnMariaDB": .only([
            "KeyturnCore", "KeyturnSessions", "CMariaDB", "Crypto", "Foundation",
        ]),
        "Sources/KeyturnPostgres": .only([
            "KeyturnCore", "KeyturnSessions", "CLibPQ", "Crypto", "CryptoExtras", "Foundation", "Dispatch",
        ]),
        "Sources/KeyturnHTTP": .only(["KeyturnCore"]),
        "Sources/KeyturnCurl": .only(["KeyturnCore", "KeyturnHTTP", "CCurl", "Foundation"]),
        "Sources/KeyturnEventSinks": .only(["KeyturnCore", "KeyturnHTTP", "Crypto", "Foundation", "Dispatch"]),
        "Sources/KeyturnFailpoints": .only(["KeyturnCore"]),
        "Sources/KeyturnSimulation": .only([
            "KeyturnCore", "KeyturnEngine", "SingleUserStrategy", "Logging", "Foundation",
        ]),
        "Sources/KeyturnTesting": .only(["KeyturnCore", "KeyturnEngine", "Testing", "Foundation"]),
        "Sources/keyturn": .anything,
        "Sources/SecretsManagerWire": .only(["KeyturnCore", "Crypto"]),
        "Strategies/DatabaseRotation": .only(["KeyturnCore"]),
        "Strategies/SingleUser": .only(["KeyturnCore", "DatabaseRotation"]),
        "Strategies/AlternatingUsers": .only(["KeyturnCore", "DatabaseRotation"]),
        "Benchmarks": .anything,
    ])

    /// Folder, relative to the package's root, to rule.
    let rules: [String: Rule]

    /// The folder of the table that the file at `path` lies in, and its rule.
    func rule(forFile path: String) -> (folder: String, rule: Rule)? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        for length in [2, 1] where parts.count > length {
            let folder = parts.prefix(length).joined(separator: "/")
            if let rule = rules[folder] { return (folder, rule) }
        }
        return nil
    }

    /// What is wrong with the imports of one file.
    func violations(in file: SourceFile) -> [String] {
        guard let (folder, rule) = rule(forFile: file.path) else {
            return ["\(file.path):1: lies in no target of the import table (Tests/ArchitectureTests/ImportTable.swift)"]
        }
        switch rule {
        case .anything: return []
        case .noSwift: return ["\(file.path):1: \(folder) is to hold no Swift"]
        case .only(let allowed):
            return file.imports.filter { !allowed.union(Self.standardModules).contains($0.module) }.map {
                "\(file.path):\($0.line): \(folder) may not import \($0.module)"
            }
        }
    }
}
