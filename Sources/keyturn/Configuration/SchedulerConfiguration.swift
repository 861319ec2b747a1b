import KeyturnCore
import KeyturnEngine

/// The parts of keyturn.yaml that are about running by itself.
enum SchedulerConfiguration {
    static func read(_ root: ConfigurationNode) throws(CommandFailure) -> SchedulerSettings {
        let node = try root.section(
            "scheduler", allowing: ["concurrency", "perHost", "perProvider", "perGroup", "pollInterval", "freezes"])
        var periods: [String: [FreezePeriod]] = [:]
        for freeze in try node.list("freezes") {
            try freeze.allow(["from", "to", "name", "group"])
            let (from, to) = (try freeze.instant("from"), try freeze.instant("to"))
            let period: FreezePeriod
            do { period = try FreezePeriod(from: from, to: to, name: try freeze.text("name")) } catch let failure
                as CommandFailure
            { throw failure } catch let error as InvalidInput {
                throw root.failure("scheduler.freezes: \(error.problem)", error.remedy)
            } catch { throw root.failure("scheduler.freezes can't be read", "mend it") }
            let group = try freeze.text("group") ?? ""
            guard group != "*" else {
                throw freeze.failure(of: "group", "is *, which is no group", "leave it out for all secrets")
            }
            periods[group, default: []].append(period)
        }
        return SchedulerSettings(
            limits: DispatchBoard.Limits(
                total: try node.number("concurrency", 1...1_000) ?? 16,
                perTarget: try node.number("perHost", 1...1_000) ?? 2,
                perProvider: try node.number("perProvider", 1...1_000), perGroup: try node.number("perGroup", 1...1_000)
            ),
            pollInterval: try node.duration("pollInterval", .milliseconds(50) ... .seconds(60)) ?? .seconds(5),
            freezes: periods.mapValues { FreezeCalendar($0) })
    }
}
