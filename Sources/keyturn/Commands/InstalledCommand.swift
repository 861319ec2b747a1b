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
        do {
            let installation = try Installation(global)
            // A store in trouble is told by what the command itself does with it.
            do { try await installation.store.deleteExpired(at: installation.clock.now) } catch {
                installation.logger.warning("secrets whose date has come were not deleted: \(error.message)")
            }
            do {
                let status = try await run(installation, startedAt: start)
                await installation.finish()
                return status
            } catch {
                // What failed is told as well.
                await installation.finish()
                throw error
            }
        } catch {
            throw CommandFailure.wrap(error, format: global.output)
        }
    }
}
