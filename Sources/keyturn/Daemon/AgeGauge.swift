import KeyturnCore

/// The age ratio of the worst credential: read from all dates, hence not at every scrape.
actor AgeGauge {
    /// How long a reading holds.
    private static let patience: Duration = .seconds(60)

    private var reading: (at: UTCInstant, age: Double?)?

    /// The last reading, or a new one if that is too old; nil if nothing is scheduled or the store does not answer.
    func value(
        at now: UTCInstant, _ read: @Sendable () async throws(StoreError) -> Double?
    ) async -> Double? {
        if let reading, reading.at <= now, reading.at.duration(to: now) < Self.patience { return reading.age }
        do throws(StoreError) {
            let age = try await read()
            reading = (now, age)
            return age
        } catch {
            // The store's other figures are missing as well; the scheduler says why.
            return nil
        }
    }
}
