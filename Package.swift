// swift-tools-version: 6.2
import PackageDescription

/// The upcoming features that every Swift target of this package is written in.
let language: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]
/// For targets that touch no C library but may touch raw memory: every unsafe use is marked.
let pure = language + [.strictMemorySafety()]

/// Crash points for tests; a release build has none of their code.
let failpoints: SwiftSetting = .define("KEYTURN_FAILPOINTS", .when(configuration: .debug))

let package = Package(
    name: "keyturn",
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CMariaDB", pkgConfig: "libmariadb", providers: [.apt(["libmariadb-dev"])]),
        .target(name: "CProcess"),
        .target(name: "KeyturnCore", swiftSettings: pure),
        .target(
            name: "KeyturnEnvelope",
            dependencies: ["KeyturnCore", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: language),
        .target(
            name: "SecretsManagerWire",
            dependencies: ["KeyturnCore", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: pure),
        .target(
            name: "KeyturnServer",
            dependencies: [
                "KeyturnCore", "KeyturnListener", "SecretsManagerWire",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"), .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: language),
        .target(
            name: "KeyturnListener",
            dependencies: [
                "KeyturnCore", .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"), .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: language),
        .target(
            name: "KeyturnSQLiteStore",
            dependencies: ["KeyturnCore", "KeyturnEnvelope", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: language),
        .target(name: "KeyturnSessions", dependencies: ["KeyturnCore"], swiftSettings: language),
        .target(
            name: "KeyturnMariaDB",
            dependencies: [
                "KeyturnCore", "KeyturnSessions", "CMariaDB", .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: language),
        .target(
            name: "KeyturnPostgres",
            dependencies: [
                "KeyturnCore", "KeyturnSessions", "CLibPQ", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ],
            swiftSettings: language),
        .target(
            name: "KeyturnEngine",
            dependencies: [
                "KeyturnCore", .product(name: "Logging", package: "swift-log"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ], swiftSettings: pure),
        .target(name: "KeyturnHTTP", dependencies: ["KeyturnCore"], swiftSettings: pure),
        .target(name: "KeyturnCurl", dependencies: ["CCurl", "KeyturnCore", "KeyturnHTTP"], swiftSettings: language),
        .target(
            name: "KeyturnEventSinks",
            dependencies: ["KeyturnCore", "KeyturnHTTP", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: language),
        .target(
            name: "KeyturnFailpoints", dependencies: ["KeyturnCore"], swiftSettings: pure + [failpoints]),
        .target(
            name: "DatabaseRotation", dependencies: ["KeyturnCore"], path: "Strategies/DatabaseRotation",
            swiftSettings: pure),
        .target(
            name: "SingleUserStrategy", dependencies: ["KeyturnCore", "DatabaseRotation"],
            path: "Strategies/SingleUser", swiftSettings: pure),
        .target(
            name: "AlternatingUsersStrategy", dependencies: ["KeyturnCore", "DatabaseRotation"],
            path: "Strategies/AlternatingUsers", swiftSettings: pure),
        .executableTarget(
            name: "keyturn",
            dependencies: [
                "CProcess", "KeyturnCore", "KeyturnEngine", "KeyturnEnvelope", "KeyturnCurl", "KeyturnEventSinks",
                "KeyturnFailpoints", "KeyturnHTTP", "KeyturnListener",
                "KeyturnMariaDB", "KeyturnPostgres", "KeyturnServer", "KeyturnSQLiteStore", "SingleUserStrategy",
                "AlternatingUsersStrategy",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"), .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: language + [failpoints]),

        .target(
            name: "KeyturnSimulation",
            dependencies: [
                "KeyturnCore", "KeyturnEngine", "SingleUserStrategy", .product(name: "Logging", package: "swift-log"),
            ], swiftSettings: language),
        .target(
            name: "KeyturnTesting", dependencies: ["KeyturnCore", "KeyturnEngine"], swiftSettings: language),
        .target(name: "KeyturnFixtures", path: "Tests/KeyturnFixtures", swiftSettings: language),
        .executableTarget(
            name: "rotation-benchmark",
            dependencies: [
                "AlternatingUsersStrategy", "CLibPQ", "CMariaDB", "KeyturnCore", "KeyturnEngine", "KeyturnEnvelope",
                "KeyturnFixtures", "KeyturnMariaDB", "KeyturnPostgres", "KeyturnSQLiteStore", "SingleUserStrategy",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Benchmarks/Rotation", swiftSettings: language),
        .executableTarget(
            name: "keyturn-simulate",
            dependencies: [
                "KeyturnSimulation", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], path: "Benchmarks/Simulation", swiftSettings: language),
        .executableTarget(
            name: "service-benchmark",
            dependencies: [
                "KeyturnCore", "SecretsManagerWire",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"), .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "Benchmarks/Service", swiftSettings: language),

        .testTarget(name: "ArchitectureTests", swiftSettings: language),
        .testTarget(
            name: "KeyturnCoreTests", dependencies: ["KeyturnCore", "KeyturnSimulation", "KeyturnTesting"],
            swiftSettings: language),
        .testTarget(
            name: "KeyturnPostgresTests", dependencies: ["KeyturnPostgres", "KeyturnFixtures", "KeyturnTesting"],
            swiftSettings: language),
        .testTarget(
            name: "SingleUserStrategyTests",
            dependencies: ["SingleUserStrategy", "KeyturnSimulation", "KeyturnTesting"],
            swiftSettings: language),
        .testTarget(
            name: "KeyturnEngineTests",
            dependencies: [
                "KeyturnEngine", "KeyturnEnvelope", "KeyturnSQLiteStore", "KeyturnSimulation", "KeyturnTesting",
                "SingleUserStrategy",
                .product(name: "InMemoryTracing", package: "swift-distributed-tracing"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: language),
        .testTarget(
            name: "KeyturnCommandTests",
            dependencies: [
                "keyturn", "KeyturnFixtures", "KeyturnSimulation", .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: language),
        .testTarget(
            name: "KeyturnEnvelopeTests",
            dependencies: ["KeyturnCore", "KeyturnEnvelope", "KeyturnFixtures", "KeyturnSimulation", "KeyturnTesting"],
            swiftSettings: language),
        .testTarget(
            name: "KeyturnSQLiteStoreTests",
            dependencies: [
                "KeyturnCore", "KeyturnEnvelope", "KeyturnFixtures", "KeyturnSQLiteStore", "KeyturnTesting",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: language),
        .testTarget(
            name: "KeyturnHTTPTests", dependencies: ["KeyturnCore", "KeyturnHTTP"], swiftSettings: language),
        .testTarget(
            name: "KeyturnCurlTests",
            dependencies: [
                "KeyturnCore", "KeyturnCurl", "KeyturnFixtures", "KeyturnHTTP",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: language),
        .testTarget(
            name: "KeyturnEventSinksTests",
            dependencies: [
                "KeyturnCore", "KeyturnCurl", "KeyturnEventSinks", "KeyturnFixtures", "KeyturnHTTP", "KeyturnTesting",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            exclude: ["Golden"],
            swiftSettings: language),
        .testTarget(
            name: "DatabaseConformanceTests",
            dependencies: [
                "AlternatingUsersStrategy", "KeyturnCore", "KeyturnEngine", "KeyturnEnvelope", "KeyturnFixtures",
                "KeyturnMariaDB", "KeyturnPostgres", "KeyturnSQLiteStore", "KeyturnTesting",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: language),
        .testTarget(
            name: "KeyturnMariaDBTests",
            dependencies: [
                "KeyturnCore", "KeyturnFixtures", "KeyturnMariaDB", "KeyturnSessions", "KeyturnSimulation",
                "KeyturnTesting",
            ],
            swiftSettings: language),
        .testTarget(
            name: "SecretsManagerWireTests",
            dependencies: [
                "KeyturnCore", "KeyturnFixtures", "SecretsManagerWire",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            exclude: ["Golden"],
            swiftSettings: language),
        .testTarget(
            name: "KeyturnServerTests",
            dependencies: [
                "KeyturnCore", "KeyturnEnvelope", "KeyturnFixtures", "KeyturnServer", "KeyturnSQLiteStore",
                "SecretsManagerWire", .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: language),
        .testTarget(
            name: "KeyturnListenerTests",
            dependencies: [
                "KeyturnCore", "KeyturnFixtures", "KeyturnListener",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Logging", package: "swift-log"), .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: language),
        .testTarget(name: "KeyturnFixturesTests", dependencies: ["KeyturnFixtures"], swiftSettings: language),
    ]
)
