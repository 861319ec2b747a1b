import KeyturnSQLiteStore

/// A command that works on an installation.
protocol InstalledCommand: KeyturnSubcommand {
    var global: GlobalOptions { get }
    func run(_ installation: Installation, startedAt start: ProcessStart) async throws -> ExitStatus
}

extension InstalledCommand {
    func perform(startedAt start: ProcessStart) async throws -> ExitStatus {
        do {
            let installation = try Installation(global)
            try await installation.store.deleteExpired(at: installation.clock.now)
            do {
                let status = try await run(installation, startedAt: start)
                await installation.deliverEvents()
                return status
            } catch {
                // What failed is told as well.
                await installation.deliverEvents()
                throw error
            }
        } catch {
            throw CommandFailure.wrap(error, format: global.output)
        }
    }
}
