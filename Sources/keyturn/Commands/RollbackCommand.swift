import ArgumentParser
import KeyturnCore
import KeyturnEngine

/// `keyturn rollback`
struct RollbackCommand: InstalledCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "Go back: at the server and in the labels, together.",
        discussion: """
            While a rotation is half done, it is undone: the server accepts AWSCURRENT again, AWSPENDING goes. Else the \
            credential that is AWSPREVIOUS comes back, by the same four steps as a rotation: set, proven by a log-in, \
            and made AWSCURRENT. Killed at any point, the same command goes on.
            """)

    @Argument(help: "The secret's name or ARN.") var name: String
    @OptionGroup var global: GlobalOptions

    func run(_ installation: Installation, startedAt start: ProcessStart) async throws -> ExitStatus {
        let outcome = try await installation.runner.rollBack(SecretReference(name), requestedAt: start.instant)
        RotateReport(installation, global.output).show(outcome)
        return .done
    }
}

/// `keyturn repair`
struct RepairCommand: InstalledCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair", abstract: "Get back in when no stored credential works: the admin sets a new one.",
        discussion: """
            A rotation that does not ask AWSCURRENT to log in first. It uses the secret linked by --admin-secret, and \
            only at the server that it was linked for. If AWSCURRENT does log in, nothing is done: use keyturn rotate.
            """)

    @Argument(help: "The secret's name or ARN.") var name: String
    @OptionGroup var global: GlobalOptions

    func run(_ installation: Installation, startedAt start: ProcessStart) async throws -> ExitStatus {
        let reference = try SecretReference(name)
        if try await works(reference, installation) {
            switch global.output {
            case .json: Output.json(["Name": .string(name), "outcome": .string("nothing-to-repair")])
            case .table: Output.line("AWSCURRENT of \(name) logs in: there is nothing to repair")
            }
            return .done
        }
        let outcome = try await installation.runner.rotate(
            reference, trigger: .repair, requestedAt: start.instant)
        RotateReport(installation, global.output).show(outcome)
        return .done
    }

    /// A refused password is a reason to set another, and so is an account that wrong ones have locked; one that somebody
    /// has locked stays so, as the server then says.
    private func works(_ reference: SecretReference, _ installation: Installation) async throws -> Bool {
        do throws(RotationError) {
            try await installation.runner.verify(reference, label: .current)
            return true
        } catch {
            guard [.credentialsOutOfSync, .accountNotUsable].contains(error.code) else { throw error }
            return false
        }
    }
}
