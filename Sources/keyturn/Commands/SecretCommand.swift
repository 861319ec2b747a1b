import ArgumentParser
import Foundation
import Glibc
import KeyturnCore
import KeyturnEngine

/// `keyturn secret …`
struct SecretCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secret",
        abstract: "Secrets by hand: create, get, put, describe, list, versions, delete, restore.",
        discussion: "JSON output has the field names of AWS Secrets Manager.",
        subcommands: [
            SecretCreateCommand.self, SecretGetCommand.self, SecretPutCommand.self, SecretDescribeCommand.self,
            SecretListCommand.self, SecretVersionsCommand.self, SecretDeleteCommand.self, SecretRestoreCommand.self,
        ])
}

/// `keyturn secret create`
struct SecretCreateCommand: InstalledCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make a secret; its value is read from standard input.",
        discussion: """
            The value of a database secret is a JSON object, as AWS's rotation functions read it:

              {"engine": "postgres", "host": "db.example.com", "port": 5432, "dbname": "orders",
               "username": "app", "password": "…"}

            Optional: "ssl" (true: verified TLS, false: none), "sslmode" (disable, require, verify-ca, verify-full), \
            "sslrootcert" (the CA's file), "hosts" (further servers, "a:5432, b:5432"). TLS is verified unless the \
            host is this machine or the secret says otherwise.
            """)

    @Argument(help: "The secret's name.") var name: String
    @Option(name: .long, help: "AWS's Type, for credentials of a SaaS vendor.") var type: String?
    @Option(name: .long, help: "What the secret is for.") var description: String?
    @Option(name: .long, help: ArgumentHelp("A tag; may be repeated.", valueName: "key=value")) var tag: [String] = []
    @OptionGroup var input: SecretInput
    @OptionGroup var global: GlobalOptions

    func run(_ installation: Installation, startedAt start: ProcessStart) async throws -> ExitStatus {
        var random = Installation.makeRandom()
        let name = try SecretName(name)
        let secret = try NewSecret(
            id: SecretID(newFor: name, in: installation.settings.realm, using: &random), name: name,
            description: description, type: type, tags: try tags())
        let version = VersionID(using: &random)
        let record = try await installation.secrets.create(
            secret, value: input.read(), version: version, at: installation.clock.now)
        switch global.output {
        case .json:
            Output.json([
                "ARN": .string(record.id.arn), "Name": .string(name.text), "VersionId": .string(version.text),
            ])
        case .table: Output.line("created \(name), version \(version) is AWSCURRENT")
        }
        return .done
    }

    private func tags() throws -> [String: String] {
        var tags: [String: String] = [:]
        for text in tag {
            guard let separator = text.firstIndex(of: "="), separator > text.startIndex else {
                throw InvalidInput(field: "--tag", problem: "has no key", remedy: "write --tag KEY=VALUE")
            }
            tags[String(text[..<separator])] = String(text[text.index(after: separator)...])
        }
        return tags
    }
}

/// `keyturn secret get`
struct SecretGetCommand: InstalledCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Print a secret's value.",
        discussion: "Prints the value alone, with a line break behind it on a terminal only.")

    @Argument(help: "The secret's name or ARN.") var name: String
    @Option(name: .long, help: "The staging label; AWSCURRENT if neither this nor --version-id is given.")
    var stage: String?
    @Option(name: .long, help: "The version.") var versionId: String?
    @OptionGroup var global: GlobalOptions

    func run(_ installation: Installation, startedAt start: ProcessStart) async throws -> ExitStatus {
        let secret = try await installation.secret(name)
        guard secret.deletionDate == nil else { throw StoreError.markedForDeletion(secret.name) }
        let version = try version(of: secret, try await installation.secrets.versions(of: secret.id))
        let value = try await installation.secrets.value(
            of: secret.id, version: version.id, accessedAt: installation.clock.now)
        guard let value else { throw missing("version \(version.id) has no value yet") }
        switch global.output {
        case .json:
            let content: (String, JSONValue) = value.bytes.withBytes { bytes in
                switch value {
                case .string: ("SecretString", .string(String(decoding: bytes, as: UTF8.self)))
                case .binary: ("SecretBinary", .string(Data(bytes).base64EncodedString()))
                }
            }
            Output.json([
                "ARN": .string(secret.id.arn), "Name": .string(secret.name.text), "VersionId": .string(version.id.text),
                "VersionStages": .strings(secret.labels.labels(of: version.id).map(\.text)),
                "CreatedDate": .fraction(version.createdAt.secondsSinceEpoch), content.0: content.1,
            ])
        case .table:
            value.bytes.withBytes { Output.write(Array($0), to: STDOUT_FILENO) }
            if isatty(STDOUT_FILENO) == 1 { Output.line("") }
        }
        return .done
    }

    /// GetSecretValue's rules and texts.
    private func version(of secret: SecretRecord, _ versions: [VersionRecord]) throws -> VersionRecord {
        let label = try stage.map { try StagingLabel($0) }
        guard let versionId else {
            let label = label ?? .current
            guard let id = secret.labels.versions[label], let version = versions.first(where: { $0.id == id }) else {
                throw missing("Secrets Manager can't find the specified secret value for staging label: \(label)")
            }
            return version
        }
        let id = try VersionID(versionId)
        guard let version = versions.first(where: { $0.id == id }) else {
            throw missing("Secrets Manager can't find the specified secret value for VersionId: \(versionId)")
        }
        if let label, secret.labels.versions[label] != version.id {
            throw missing("You provided a VersionStage that is not associated to the provided VersionId.")
        }
        return version
    }

    private func missing(_ cause: String) -> CommandFailure {
        CommandFailure(.noSuchSecret, code: "not-found", cause: cause, next: "see keyturn secret versions \(name)")
    }
}

/// `keyturn secret put`
struct SecretPutCommand: InstalledCommand {
    static let configuration = CommandConfiguration(
        commandName: "put", abstract: "Store a new version; its value is read from standard input.",
        discussion: """
            Without --stage the new version becomes AWSCURRENT, and a rotation in progress is abandoned. With --stage \
            the labels named move to the new version and AWSCURRENT stays, unless it is among them. Nothing is changed \
            at any server.
            """)

    @Argument(help: "The secret's name or ARN.") var name: String
    @Option(name: .long, help: "A staging label for the new version; may be repeated.") var stage: [String] = []
    @OptionGroup var input: SecretInput
    @OptionGroup var global: GlobalOptions

    func run(_ installation: Installation, startedAt start: ProcessStart) async throws -> ExitStatus {
        let secret = try await installation.secret(name)
        let stages = try stage.map { try StagingLabel($0) }
        let value = try input.read()
        if let settings = secret.rotation, settings.isEnabled,
            let strategy = installation.strategies[settings.strategy]
        {
            try strategy.validate(value, settings: settings, adminValue: nil)
        }
        var random = Installation.makeRandom()
        let version = VersionID(using: &random)
        let record = try await installation.secrets.put(
            value, version: version, stages: stages.isEmpty ? nil : Set(stages), to: secret.id,
            at: installation.clock.now)
        // A value that was put by hand counts as a rotation, and may be for another server.
        if record.labels.current == version, let settings = record.rotation, settings.isEnabled,
            settings.schedule != nil
        {
            let now = installation.clock.now
            try await installation.schedule.plan(
                record.id, at: installation.runner.nextDue(of: record, after: now),
                target: installation.strategies[settings.strategy]?.target(of: value) ?? .unknown, now: now)
        }
        let labels = record.labels.labels(of: version).map(\.text)
        switch global.output {
        case .json:
            Output.json([
                "ARN": .string(record.id.arn), "Name": .string(record.name.text), "VersionId": .string(version.text),
                "VersionStages": .strings(labels),
            ])
        case .table: Output.line("stored version \(version): \(labels.joined(separator: ", "))")
        }
        return .done
    }
}
