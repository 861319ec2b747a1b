import ArgumentParser
import KeyturnCore

/// `keyturn pause`
struct PauseCommand: InstalledCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Start no scheduled rotation of any secret until keyturn resume.",
        discussion: """
            Holds for every daemon and job on this store, from their next look on. What runs is finished. keyturn rotate, \
            rollback and repair go on working. Windows that pass meanwhile are made up for afterwards, and told as events.
            """)

    @Option(name: .long, help: ArgumentHelp("End the pause by itself after this time.", valueName: "2h")) var `for`:
        String?
    @Option(name: .long, help: "Why; status and calendar show it.") var reason: String?
    @OptionGroup var global: GlobalOptions

    func run(_ installation: Installation, startedAt start: ProcessStart) async throws -> ExitStatus {
        let now = installation.clock.now
        let length = try self.for.map { text throws(InvalidInput) in
            guard let length = Duration(written: text), length > .zero else {
                throw InvalidInput(field: "--for", problem: "is \"\(text)\"", remedy: "write a time such as 2h or 1d")
            }
            return length
        }
        if let reason, reason.utf8.count > 500 {
            throw InvalidInput(field: "--reason", problem: "is too long", remedy: "use at most 500 bytes")
        }
        let pause = SchedulePause(since: now, until: length.map { now.advanced(by: $0) }, reason: reason)
        try await installation.schedule.setPause(pause)
        switch global.output {
        case .json: Output.json(["pausedSince": .time(pause.since), "pausedUntil": .time(pause.until)])
        case .table:
            Output.line(pause.sentence)
            Output.note("next: keyturn resume")
        }
        return .done
    }
}

/// `keyturn resume`
struct ResumeCommand: InstalledCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "End a pause: scheduled rotations go on.")

    @OptionGroup var global: GlobalOptions

    func run(_ installation: Installation, startedAt start: ProcessStart) async throws -> ExitStatus {
        let pause = try await installation.schedule.pause()
        try await installation.schedule.setPause(nil)
        switch global.output {
        case .json: Output.json(["wasPaused": .flag(pause != nil)])
        case .table: Output.line(pause == nil ? "nothing was paused" : "scheduled rotations go on")
        }
        return .done
    }
}

/// `keyturn defer`
struct DeferCommand: InstalledCommand {
    static let configuration = CommandConfiguration(
        commandName: "defer", abstract: "Put a secret's next scheduled rotation off.",
        discussion: """
            The next rotation takes place when the time given has passed, from now on, in a window as long as the one it \
            leaves; the ones after it follow the schedule again. keyturn rotate rotates it at once all the same.
            """)

    @Argument(help: "The secret's name or ARN.") var name: String
    @Argument(help: ArgumentHelp("How long, such as 3d or 12h; at most 365d.", valueName: "time")) var time: String
    @OptionGroup var global: GlobalOptions

    func run(_ installation: Installation, startedAt start: ProcessStart) async throws -> ExitStatus {
        guard let length = Duration(written: time), length > .zero, length <= .seconds(365 * 86_400) else {
            throw InvalidInput(field: "time", problem: "is \"\(time)\"", remedy: "write 1m to 365d, such as 3d")
        }
        let secret = try await installation.secret(name)
        guard let entry = try await installation.schedule.due(of: secret.id) else {
            throw InvalidInput(
                field: name, problem: "has no schedule: nothing is there to be put off",
                remedy: "set one with keyturn rotation configure --schedule")
        }
        let now = installation.clock.now
        if let lease = try await installation.rotations.leaseHolder(of: secret.id), lease.until > now,
            !ProcessHolder.isDead(lease.holder)
        {
            throw StoreError.rotationUnderWay(lease.holder, until: lease.until)
        }
        let moment = now.advanced(by: length)
        guard moment > entry.due.at else {
            throw InvalidInput(
                field: "time", problem: "ends before the next rotation, which is at \(entry.due.at.wholeSeconds)",
                remedy: "name a longer one; keyturn calendar shows the dates")
        }
        let date = DueDate(
            window: ScheduledWindow(start: moment, end: moment.advanced(by: entry.due.window.length)), at: moment)
        guard try await installation.schedule.move(entry, to: date, missed: nil, at: now) else {
            throw StoreError.rotationUnderWay(HolderID("another process"), until: now)
        }
        switch global.output {
        case .json:
            Output.json(["ARN": .string(secret.id.arn), "Name": .string(secret.name.text), "at": .time(moment)])
        case .table:
            Output.line("\(secret.name) is rotated at \(moment.wholeSeconds), not at \(entry.due.at.wholeSeconds)")
        }
        return .done
    }
}
