import ArgumentParser
import KeyturnCore
import KeyturnEngine

/// `keyturn strategy …`
struct StrategyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "strategy", abstract: "The strategies there are: list.", subcommands: [StrategyListCommand.self])
}

/// `keyturn strategy list`
struct StrategyListCommand: KeyturnSubcommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the rotation strategies.")

    // Every command takes the same options; this one reads no configuration.
    @OptionGroup var global: GlobalOptions

    func perform(startedAt start: ProcessStart) async throws -> ExitStatus {
        let strategies = Installation.strategies(Installation.accounts()).all
        switch global.output {
        case .json:
            let list = strategies.map {
                JSONValue.object(["name": .string($0.name.text), "summary": .string($0.summary)])
            }
            Output.json(["strategies": .array(list)])
        case .table: Output.table(["NAME", "WHAT IT DOES"], strategies.map { [$0.name.text, $0.summary] })
        }
        return .done
    }
}
