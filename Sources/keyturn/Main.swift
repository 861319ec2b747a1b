import ArgumentParser
import Foundation

/// The program's entry: hardens the process, reads the arguments, runs the command, and turns how it ended into an exit
/// code of the contract.
@main
enum Main {
    static func main() async {
        let start = ProcessStart.now()
        ProcessHardening.apply()
        do {
            var command = try KeyturnCommand.parseAsRoot()
            guard let runnable = command as? any KeyturnSubcommand else {
                // `--help`, `--version` and completion scripts are ArgumentParser's own.
                try command.run()
                return
            }
            await finish(try await Interruption.run { try await runnable.perform(startedAt: start) })
        } catch let failure as CommandFailure {
            finish(failure)
        } catch {
            KeyturnCommand.exit(withError: error)
        }
    }

    private static func finish(_ code: ExitStatus) async { exit(code.rawValue) }

    private static func finish(_ failure: CommandFailure) {
        failure.report()
        exit(failure.status.rawValue)
    }
}
