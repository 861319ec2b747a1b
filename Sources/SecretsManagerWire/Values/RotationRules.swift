/// When a secret is rotated, as it was sent; `RotationSchedule` is what it means.
package struct RotationRules: WireStructure {
    /// The days between two rotations.
    package var automaticallyAfterDays: Int?
    /// The window's length, such as `3h`.
    package var duration: String?
    /// `rate(…)` or `cron(…)`.
    package var scheduleExpression: String?

    /// The members of the service model.
    package static let shape = StructureShape(
        .optional("AutomaticallyAfterDays", .automaticallyRotateAfterDays),
        .optional("Duration", .duration),
        .optional("ScheduleExpression", .scheduleExpression))

    /// Takes the members.
    package init(automaticallyAfterDays: Int? = nil, duration: String? = nil, scheduleExpression: String? = nil) {
        self.automaticallyAfterDays = automaticallyAfterDays
        self.duration = duration
        self.scheduleExpression = scheduleExpression
    }

    /// Reads the members.
    package init(_ members: WireMembers) throws(WireRefusal) {
        automaticallyAfterDays = try members.integer("AutomaticallyAfterDays")
        duration = try members.text("Duration")
        scheduleExpression = try members.text("ScheduleExpression")
    }

    /// Writes the members.
    package func write(to writer: inout WireWriter) {
        writer.integer("AutomaticallyAfterDays", automaticallyAfterDays)
        writer.text("Duration", duration)
        writer.text("ScheduleExpression", scheduleExpression)
    }
}
