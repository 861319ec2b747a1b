import ArgumentParser

/// `keyturn`
struct KeyturnCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keyturn",
        abstract: "Rotates the credentials of databases, and never locks anyone out.",
        discussion: """
            Keyturn keeps secrets in an encrypted store and rotates them by AWS Secrets Manager's four steps: createSecret, \
            setSecret, testSecret, finishSecret. A new credential is stored before a server learns it and proven by a \
            log-in before applications see it; a rotation that was interrupted at any point is taken up by the next run.

            FIRST STEPS
              keyturn init /var/lib/keyturn
              export KEYTURN_CONFIG=/var/lib/keyturn/keyturn.yaml
              keyturn secret create prod/orders < credential.json
              keyturn rotation configure prod/orders --strategy single-user
              keyturn check prod/orders
              keyturn rotate prod/orders

            EXIT CODES
              0    done, or nothing to do
              1    the rotation failed, and a verified credential works
              2    plan or check found something to do or in the way
              7    no stored credential could be verified: act now
              64   the command line is wrong
              65   bad input
              66   no such secret
              69   the target or the store can't be reached
              70   an internal error, or a damaged record
              75   try later: a rotation is under way
              77   refused by the target's privileges or policy
              78   bad configuration
              130  interrupted

            FILES
              The configuration is --config FILE, else $KEYTURN_CONFIG, ./keyturn.yaml, \
            $XDG_CONFIG_HOME/keyturn/keyturn.yaml, /etc/keyturn/keyturn.yaml.
            """,
        version: KeyturnVersion.text,
        subcommands: [
            InitCommand.self, SecretCommand.self, RotationCommand.self, PlanCommand.self, CheckCommand.self,
            RotateCommand.self, RollbackCommand.self, RepairCommand.self, VerifyCommand.self, WhoUsesCommand.self,
            RetireCommand.self, RehearseCommand.self, RunDueCommand.self, ServeCommand.self, PauseCommand.self,
            ResumeCommand.self, DeferCommand.self, CalendarCommand.self, ScheduleCommand.self, StatusCommand.self,
            HistoryCommand.self, ExplainCommand.self, HealthCommand.self,
            EventsCommand.self, AccessKeyCommand.self, DoctorCommand.self, KeyCommand.self, StrategyCommand.self,
        ])
}

/// The program's version.
enum KeyturnVersion {
    static let text = "0.1.0"
}

/// A command that does something: it gets the moment the process was started, and answers with an exit code.
protocol KeyturnSubcommand: AsyncParsableCommand, Sendable {
    func perform(startedAt start: ProcessStart) async throws -> ExitStatus
}

extension KeyturnSubcommand {
    func run() async throws {
        // Reached only if somebody runs a command other than through Main.
        let status = try await perform(startedAt: .now())
        if status != .done { throw ExitCode(status.rawValue) }
    }
}

/// What every command takes.
struct GlobalOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("The configuration file.", valueName: "file"), completion: .file())
    var config: String?

    @Option(name: .long, help: "How results are written: table for people, json for programs.")
    var output: OutputFormat = .table
}
