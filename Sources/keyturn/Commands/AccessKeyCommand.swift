import ArgumentParser
import KeyturnCore

/// `keyturn access-key …`
struct AccessKeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "access-key", abstract: "Keys for the API: create, list, delete.",
        subcommands: [AccessKeyCreateCommand.self, AccessKeyListCommand.self, AccessKeyDeleteCommand.self])
}

/// `keyturn access-key create`
struct AccessKeyCreateCommand: InstalledCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make a key that signs requests to the API.",
        discussion: """
            The secret access key is shown once, and can't be read again: keep it where the application reads its own \
            configuration. Without --policy the key may do everything.

            A policy is a file in AWS's policy language; docs/access.md has examples:

              {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "secretsmanager:GetSecretValue",
               "Resource": "arn:aws:secretsmanager:*:*:secret:prod/orders-??????"}]}
            """)

    @Option(
        name: .long,
        help: "The user that the key belongs to, as policies name it; keys of one name are one user's. Else its id.")
    var name: String?
    @Option(
        name: .long,
        help: ArgumentHelp("A file with a policy, or admin (the default) or read-only.", valueName: "file"),
        completion: .file())
    var policy: String?
    @Option(name: .long, help: ArgumentHelp("How long the key is good, such as 12h or 90d.", valueName: "time"))
    var expires: String?
    @OptionGroup var global: GlobalOptions

    func run(_ installation: Installation, startedAt start: ProcessStart) async throws -> ExitStatus {
        let policy = try PolicyArgument.policy(policy)
        let name = try name.map { text throws(InvalidInput) in
            do throws(InvalidInput) { return try AccessKeyName(text) } catch {
                throw InvalidInput(field: "--name", problem: error.problem, remedy: error.remedy)
            }
        }
        let lifetime = try expires.map { text throws(InvalidInput) in
            guard let lifetime = Duration(written: text), lifetime > .zero else {
                throw InvalidInput(
                    field: "--expires", problem: "is \"\(text)\"", remedy: "write a time such as 12h or 90d")
            }
            return lifetime
        }
        let now = installation.clock.now
        var random = Installation.makeRandom()
        let key = AccessKey(
            name: name, policy: policy, createdAt: now, expiresAt: lifetime.map { now.advanced(by: $0) }, using: &random
        )
        try await installation.accessKeys.create(key)
        let secret = key.secret.withBytes { String(decoding: $0, as: UTF8.self) }
        switch global.output {
        case .json:
            var members = key.record.json
            members["secretAccessKey"] = .string(secret)
            Output.json(members)
        case .table:
            Output.line("access key id      \(key.record.id)")
            Output.line("secret access key  \(secret)")
            Output.note("the secret is not shown again")
        }
        return .done
    }
}

/// `keyturn access-key list`
struct AccessKeyListCommand: InstalledCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the keys, without their secrets.")

    @OptionGroup var global: GlobalOptions

    func run(_ installation: Installation, startedAt start: ProcessStart) async throws -> ExitStatus {
        let now = installation.clock.now
        let keys = try await installation.accessKeys.accessKeys()
        switch global.output {
        case .json: Output.json(["accessKeys": .array(keys.map { .object($0.json) })])
        case .table:
            let rows = keys.map { key in
                [
                    key.id.text, key.name?.text ?? "-", key.policy.name, key.createdAt.wholeSeconds,
                    key.lastUsedAt?.wholeSeconds ?? "never",
                    key.expiresAt.map { $0.wholeSeconds + (key.isExpired(at: now) ? " (expired)" : "") } ?? "never",
                ]
            }
            Output.table(["ID", "NAME", "POLICY", "CREATED", "LAST USED", "EXPIRES"], rows)
        }
        return .done
    }
}

/// `keyturn access-key delete`
struct AccessKeyDeleteCommand: InstalledCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete a key: the API refuses it from the next request on.")

    @Argument(help: "The key's id.") var id: String
    @OptionGroup var global: GlobalOptions

    func run(_ installation: Installation, startedAt start: ProcessStart) async throws -> ExitStatus {
        let id = try AccessKeyID(id)
        guard try await installation.accessKeys.deleteAccessKey(id) else {
            throw CommandFailure(
                .noSuchSecret, code: "not-found", cause: "there is no access key \(id)",
                next: "see keyturn access-key list")
        }
        switch global.output {
        case .json: Output.json(["accessKeyId": .string(id.text), "deleted": .flag(true)])
        case .table: Output.line("deleted \(id)")
        }
        return .done
    }
}

extension AccessKeyRecord {
    fileprivate var json: [String: JSONValue] {
        let document: String? =
            switch policy {
            case .document(let document): document.text
            case .builtIn, .rotation: nil
            }
        return [
            "accessKeyId": .string(id.text), "name": .optional(name?.text), "policy": .string(policy.name),
            "policyDocument": .optional(document), "createdAt": .time(createdAt), "lastUsedAt": .time(lastUsedAt),
            "expiresAt": .time(expiresAt),
        ]
    }
}

extension AccessPolicy {
    /// The built-in policy's name, or what it is instead of one.
    fileprivate var name: String {
        switch self {
        case .builtIn(let policy): policy.rawValue
        case .document: "custom"
        case .rotation: "rotation"
        }
    }
}
