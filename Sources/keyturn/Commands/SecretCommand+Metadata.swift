import ArgumentParser
import Foundation
import KeyturnCore

/// `keyturn secret describe`
struct SecretDescribeCommand: InstalledCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe", abstract: "Show all that is known of a secret except its value.")

    @Argument(help: "The secret's name or ARN.") var name: String
    @OptionGroup var global: GlobalOptions

    func run(_ installation: Installation, startedAt start: ProcessStart) async throws -> ExitStatus {
        let secret = try await installation.secret(name)
        switch global.output {
        case .json: Output.json(secret.described)
        case .table:
            var rows = [
                ["name", secret.name.text], ["ARN", secret.id.arn], ["description", secret.description ?? "-"],
                ["created", secret.createdAt.description], ["changed", secret.lastChangedAt.description],
                ["rotated", secret.lastRotatedAt?.description ?? "never"],
                [
                    "rotation",
                    secret.rotation.map { "\($0.strategy)\($0.isEnabled ? "" : " (off)")" } ?? "not configured",
                ],
            ]
            if let admin = secret.rotation?.adminSecret { rows.append(["admin secret", admin.description]) }
            if let date = secret.deletionDate { rows.append(["will be deleted", date.description]) }
            for (label, version) in secret.labels.versions.sorted(by: { $0.key < $1.key }) {
                rows.append([label.text, version.text])
            }
            for (key, value) in secret.tags.sorted(by: { $0.key < $1.key }) { rows.append(["tag \(key)", value]) }
            Output.table(["FIELD", "VALUE"], rows)
        }
        return .done
    }
}

/// `keyturn secret list`
struct SecretListCommand: InstalledCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the secrets by name.")

    @Flag(name: .long, help: "Also list secrets whose deletion is scheduled.") var includePlannedDeletion = false
    @OptionGroup var global: GlobalOptions

    func run(_ installation: Installation, startedAt start: ProcessStart) async throws -> ExitStatus {
        let secrets = try await installation.secrets.secrets(includingPlannedDeletion: includePlannedDeletion)
        switch global.output {
        case .json: Output.json(["SecretList": .array(secrets.map { .object($0.described) })])
        case .table:
            Output.table(
                ["NAME", "ROTATION", "LAST ROTATED", "CHANGED"],
                secrets.map { secret in
                    [
                        secret.name.text + (secret.deletionDate == nil ? "" : " (to be deleted)"),
                        secret.rotation.map { "\($0.strategy)\($0.isEnabled ? "" : " (off)")" } ?? "-",
                        secret.lastRotatedAt?.wholeSeconds ?? "never", secret.lastChangedAt.wholeSeconds,
                    ]
                })
        }
        return .done
    }
}

/// `keyturn secret versions`
struct SecretVersionsCommand: InstalledCommand {
    static let configuration = CommandConfiguration(
        commandName: "versions", abstract: "List a secret's versions and their labels, newest first.")

    @Argument(help: "The secret's name or ARN.") var name: String
    @Flag(name: .long, help: "Also list versions without a label.") var includeDeprecated = false
    @OptionGroup var global: GlobalOptions

    func run(_ installation: Installation, startedAt start: ProcessStart) async throws -> ExitStatus {
        let secret = try await installation.secret(name)
        let versions = try await installation.secrets.versions(of: secret.id).reversed().filter { version in
            includeDeprecated || !secret.labels.labels(of: version.id).isEmpty
        }
        switch global.output {
        case .json:
            let list = versions.map { version in
                let labels = secret.labels.labels(of: version.id).map(\.text)
                return JSONValue.object([
                    "VersionId": .string(version.id.text), "VersionStages": labels.isEmpty ? .null : .strings(labels),
                    "CreatedDate": .fraction(version.createdAt.secondsSinceEpoch),
                    "LastAccessedDate": version.lastAccessedAt.map { .fraction($0.secondsSinceEpoch) } ?? .null,
                    "KmsKeyIds": .strings(version.keyIDs),
                ])
            }
            Output.json(["ARN": .string(secret.id.arn), "Name": .string(secret.name.text), "Versions": .array(list)])
        case .table:
            Output.table(
                ["VERSION", "LABELS", "CREATED", "KEY"],
                versions.map { version in
                    [
                        version.id.text,
                        secret.labels.labels(of: version.id).map(\.text).joined(separator: ","),
                        version.createdAt.wholeSeconds,
                        version.hasValue ? version.keyIDs.joined(separator: ",") : "(no value yet)",
                    ]
                })
        }
        return .done
    }
}

/// `keyturn secret delete`
struct SecretDeleteCommand: InstalledCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Schedule a secret's deletion, or delete it at once.",
        discussion: "Until the date the secret can be brought back with keyturn secret restore.")

    @Argument(help: "The secret's name or ARN.") var name: String
    @Option(name: .long, help: "Days until the deletion, 7 to 30.") var recoveryWindowInDays: Int?
    @Flag(name: .long, help: "Delete at once, with every version. There is no way back.") var force = false
    @OptionGroup var global: GlobalOptions

    func run(_ installation: Installation, startedAt start: ProcessStart) async throws -> ExitStatus {
        let now = installation.clock.now
        let days = recoveryWindowInDays ?? 30
        guard (7...30).contains(days) else {
            throw InvalidInput(
                field: "--recovery-window-in-days",
                problem: "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).",
                remedy: "use 7 to 30")
        }
        guard !force || recoveryWindowInDays == nil else {
            throw InvalidInput(
                field: "--force",
                problem: "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
                remedy: "use one of them")
        }
        let secret = try await installation.secret(name)
        let date = force ? now : now.advanced(by: .seconds(86_400 * days))
        if force {
            try await installation.secrets.delete(secret.id, at: now)
        } else {
            try await installation.secrets.scheduleDeletion(of: secret.id, on: date, at: now)
        }
        switch global.output {
        case .json:
            Output.json([
                "ARN": .string(secret.id.arn), "Name": .string(secret.name.text),
                "DeletionDate": .fraction(date.secondsSinceEpoch),
            ])
        case .table: Output.line(force ? "deleted \(secret.name)" : "\(secret.name) will be deleted on \(date)")
        }
        return .done
    }
}

/// `keyturn secret restore`
struct SecretRestoreCommand: InstalledCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Take a scheduled deletion back.")

    @Argument(help: "The secret's name or ARN.") var name: String
    @OptionGroup var global: GlobalOptions

    func run(_ installation: Installation, startedAt start: ProcessStart) async throws -> ExitStatus {
        let secret = try await installation.secret(name)
        try await installation.secrets.restore(secret.id, at: installation.clock.now)
        switch global.output {
        case .json: Output.json(["ARN": .string(secret.id.arn), "Name": .string(secret.name.text)])
        case .table: Output.line("\(secret.name) is not to be deleted")
        }
        return .done
    }
}

extension SecretRecord {
    /// DescribeSecret's members, and Keyturn's own in `RotationSettings`.
    var described: [String: JSONValue] {
        let stages = Dictionary(grouping: labels.versions, by: \.value).map { version, labels in
            (version.text, JSONValue.strings(labels.map(\.key).sorted().map(\.text)))
        }
        let tagList = tags.sorted { $0.key < $1.key }.map {
            JSONValue.object(["Key": .string($0.key), "Value": .string($0.value)])
        }
        func date(_ instant: UTCInstant?) -> JSONValue { instant.map { .fraction($0.secondsSinceEpoch) } ?? .null }
        return [
            "ARN": .string(id.arn), "Name": .string(name.text), "Description": .optional(description),
            "Type": .optional(type), "Tags": tags.isEmpty ? .null : .array(tagList), "CreatedDate": date(createdAt),
            "LastChangedDate": date(lastChangedAt), "LastAccessedDate": date(lastAccessedAt),
            "LastRotatedDate": date(lastRotatedAt), "DeletedDate": date(deletionDate),
            "RotationEnabled": rotation.map { .flag($0.isEnabled) } ?? .null,
            "VersionIdsToStages": stages.isEmpty
                ? .null : .object(Dictionary(stages, uniquingKeysWith: { first, _ in first })),
            "RotationSettings": rotation.map { settings in
                .object([
                    "Strategy": .string(settings.strategy.text),
                    "AdminSecret": .optional(settings.adminSecret?.description),
                    "VerificationQueries": .number(settings.verification.count),
                ])
            } ?? .null,
        ]
    }
}
