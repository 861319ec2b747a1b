import KeyturnCore
import KeyturnSQLiteStore
import Logging

/// A command that works on an installation.
protocol InstalledCommand: KeyturnSubcommand {
    var global: GlobalOptions { get }
    func run(_ installation: Installation, startedAt start: ProcessStart) async throws -> ExitStatus
}

extension InstalledCommand {
    func perform(startedAt start: ProcessStart) async throws -> ExitStatus {
        try await onInstallation(global) { installation in
            do {
                let status = try await run(installation, startedAt: start)
                await installation.finish()
                return status
            } catch {
                // What failed is told as well.
                await installation.finish()
                throw error
            }
        }
    }
}

extension KeyturnSubcommand {
    /// Makes the installation and does something with it; every error becomes one that can be told.
    func onInstallation(
        _ global: GlobalOptions, _ body: (Installation) async throws -> ExitStatus
    ) async throws -> ExitStatus {
        do {
            let installation = try Installation(global)
            // A store in trouble is told by what the command itself does with it.
            do { try await installation.store.deleteExpired(at: installation.clock.now) } catch {
                installation.logger.warning("secrets whose date has come were not deleted: \(error.message)")
            }
            return try await body(installation)
        } catch {
            throw CommandFailure.wrap(error, format: global.output)
        }
    }
}
