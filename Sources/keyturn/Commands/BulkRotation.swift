import Foundation
import KeyturnCore
import KeyturnEngine

/// Which secrets a selection means: `name=prod/*` or `tag:team=payments`; several have to hold together.
struct SecretSelection {
    private enum Condition {
        case name(glob: String)
        case tag(key: String, value: String)
    }

    private let conditions: [Condition]

    init(_ texts: [String]) throws(InvalidInput) {
        var conditions: [Condition] = []
        for text in texts {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, !parts[1].isEmpty else {
                throw Self.failure(text)
            }
            if parts[0] == "name" {
                conditions.append(.name(glob: parts[1]))
            } else if parts[0].hasPrefix("tag:"), parts[0].count > 4 {
                conditions.append(.tag(key: String(parts[0].dropFirst(4)), value: parts[1]))
            } else {
                throw Self.failure(text)
            }
        }
        self.conditions = conditions
    }

    private static func failure(_ text: String) -> InvalidInput {
        InvalidInput(
            field: "--select", problem: "is \"\(text)\"",
            remedy: "write name=GLOB, such as name=prod/*, or tag:KEY=VALUE")
    }

    func holds(for secret: SecretRecord) -> Bool {
        conditions.allSatisfy { condition in
            switch condition {
            case .name(let glob):
                Self.matches(Array(glob.unicodeScalars)[...], Array(secret.name.text.unicodeScalars)[...])
            case .tag(let key, let value): secret.tags[key] == value
            }
        }
    }

    /// `*` stands for any characters, `?` for one.
    private static func matches(_ glob: ArraySlice<Unicode.Scalar>, _ text: ArraySlice<Unicode.Scalar>) -> Bool {
        var (glob, text) = (glob, text)
        var retry: (glob: ArraySlice<Unicode.Scalar>, text: ArraySlice<Unicode.Scalar>)?
        while !text.isEmpty || !glob.isEmpty {
            if glob.first == "*" {
                glob.removeFirst()
                retry = (glob, text)
            } else if let next = glob.first, let scalar = text.first, next == "?" || next == scalar {
                glob.removeFirst()
                text.removeFirst()
            } else if let last = retry, !last.text.isEmpty {
                // The star takes one more.
                text = last.text.dropFirst()
                glob = last.glob
                retry = (glob, text)
            } else {
                return false
            }
        }
        return true
    }
}

/// `keyturn rotate --select …`
struct BulkRotation {
    let installation: Installation
    let output: OutputFormat

    /// Reads `10%` or `5`.
    static func size(_ text: String?) throws(InvalidInput) -> Waves.Size {
        guard let text else { return .percent(100) }
        let isPercent = text.hasSuffix("%")
        guard let number = Int(isPercent ? String(text.dropLast()) : text),
            (1...(isPercent ? 100 : 1_000_000)).contains(number)
        else {
            throw InvalidInput(
                field: "--wave", problem: "is \"\(text)\"", remedy: "write a share such as 10%, or a number")
        }
        return isPercent ? .percent(number) : .count(number)
    }

    func run(
        _ selection: SecretSelection, _ size: Waves.Size, haltOn: Int?, requestedAt: UTCInstant
    ) async throws -> ExitStatus {
        var chosen: [(SecretRecord, target: RotationTarget)] = []
        for secret in try await installation.rotatedSecrets(nil) where selection.holds(for: secret) {
            chosen.append((secret, target: await target(of: secret)))
        }
        guard !chosen.isEmpty else {
            throw InvalidInput(
                field: "--select", problem: "chooses no secret that is rotated", remedy: "see keyturn status")
        }
        var (rotated, failures): ([String], [(String, CommandFailure)]) = ([], [])
        let waves = Waves(
            runner: installation.runner, clock: installation.clock, limits: installation.settings.scheduler.limits)
        let left = await waves.run(chosen, size, haltingOn: haltOn, requestedAt: requestedAt) { result in
            switch result.result {
            case .success:
                rotated.append(result.secret.name.text)
                if output == .table { Output.note("rotated \(result.secret.name)") }
            case .failure(let error):
                failures.append((result.secret.name.text, CommandFailure(error)))
                if output == .table { Output.note("failed  \(result.secret.name): \(error)") }
            }
        }
        show(rotated, failures, left.map(\.name.text))
        if Task.isCancelled { return .interrupted }
        return failures.map(\.1.status).reduce(ExitStatus.done) { $0.orWorse($1) }
    }

    /// Unknown for a value that can't be read: its own rotation says so, and holds up no other.
    private func target(of secret: SecretRecord) async -> RotationTarget {
        guard let settings = secret.rotation, let current = secret.labels.current,
            let value = try? await installation.secrets.value(of: secret.id, version: current, accessedAt: nil)
        else { return .unknown }
        return installation.strategies[settings.strategy]?.target(of: value) ?? .unknown
    }

    private func show(_ rotated: [String], _ failures: [(String, CommandFailure)], _ left: [String]) {
        switch output {
        case .json:
            let failed = failures.map { name, failure -> JSONValue in
                .object([
                    "Name": .string(name), "code": .string(failure.code), "cause": .string(failure.cause),
                    "next": .string(failure.next), "safeState": .optional(failure.safeState?.rawValue),
                ])
            }
            Output.json(["rotated": .strings(rotated), "failed": .array(failed), "notBegun": .strings(left)])
        case .table:
            Output.line("rotated \(rotated.count), failed \(failures.count), not begun \(left.count)")
            for (name, failure) in failures {
                Output.line("\(Style.bad("failed")) \(name): \(failure.cause) [\(failure.code)]")
                Output.line("  → \(failure.next)")
            }
            if !left.isEmpty { Output.line("not begun: \(left.joined(separator: ", "))") }
        }
    }
}
