import KeyturnCore
import KeyturnSimulation
import KeyturnTesting
import Testing

@Suite("StagingLabels under random operations") struct StagingLabelsPropertyTests {
    private enum Operation {
        case put(VersionID, Set<StagingLabel>?)
        case move(StagingLabel, from: VersionID?, to: VersionID?)
        case stage(VersionID)
        case promote(VersionID)

        func apply(to labels: inout StagingLabels) throws(LabelError) {
            switch self {
            case .put(let version, let stages):
                _ = try labels.put(version, stages: stages, isFirst: labels.current == nil)
            case .move(let label, let old, let new): try labels.move(label, from: old, to: new)
            case .stage(let version): try labels.stage(version)
            case .promote(let version): try labels.promote(version)
            }
        }
    }

    private struct Walk {
        let versions: [VersionID]
        let names: [StagingLabel]
        var random: SeededRandom

        init(seed: UInt64, naming named: [StagingLabel]) throws {
            versions = try (1...6).map { try version("v\($0)") }
            names = try (1...24).map { try StagingLabel("label\($0)") } + named
            random = SeededRandom(seed: seed)
        }

        mutating func operation(on labels: StagingLabels) throws -> Operation {
            let version = try #require(versions.randomElement(using: &random))
            let label = try #require(names.randomElement(using: &random))
            switch Int.random(in: 0..<10, using: &random) {
            case 0: return .put(version, nil)
            case 1...3:
                return .put(version, Set(names.shuffled(using: &random).prefix(Int.random(in: 0...3, using: &random))))
            case 4: return .move(label, from: versions.randomElement(using: &random), to: version)
            case 5: return .move(label, from: labels.versions[label], to: version)
            case 6: return .move(label, from: labels.versions[label], to: nil)
            case 7: return .stage(version)
            case _: return .promote(Bool.random(using: &random) ? labels.pending ?? version : version)
            }
        }
    }

    private static func walk(
        seed: UInt64, naming named: [StagingLabel],
        _ check: (_ before: StagingLabels, _ after: StagingLabels) -> String?
    ) throws {
        var walk = try Walk(seed: seed, naming: named)
        var labels = StagingLabels()
        for step in 0..<400 {
            let before = labels
            let operation = try walk.operation(on: labels)
            do {
                try operation.apply(to: &labels)
            } catch {
                try #require(labels == before, "seed \(seed), step \(step): \(operation) failed and changed labels")
            }
            if let problem = check(before, labels) {
                Issue.record("seed \(seed), step \(step): \(operation) on \(before.versions): \(problem)")
                return
            }
        }
    }

    @Test(
        "there are never more than twenty labels, and a failed operation changes nothing",
        arguments: 0..<40 as Range<UInt64>)
    func atMostTwenty(seed: UInt64) throws {
        var most = 0
        try Self.walk(seed: seed, naming: [.current, .pending, .previous]) { _, after in
            most = max(most, after.versions.count)
            return after.versions.count > 20 ? "\(after.versions.count) labels" : nil
        }
        #expect(most >= 15, "seed \(seed) never came near the limit")
    }

    @Test("AWSPREVIOUS is never on the AWSCURRENT version", arguments: 0..<40 as Range<UInt64>)
    func previousIsNotCurrent(seed: UInt64) throws {
        try Self.walk(seed: seed, naming: [.current, .pending]) { _, after in
            after.current != nil && after.previous == after.current ? "previous is current" : nil
        }
    }

    @Test("AWSPREVIOUS is never on the AWSCURRENT version, even if it is named", arguments: 0..<40 as Range<UInt64>)
    func namedPreviousIsNotCurrent(seed: UInt64) throws {
        try Self.walk(seed: seed, naming: [.current, .pending, .previous]) { _, after in
            after.current != nil && after.previous == after.current ? "previous is current" : nil
        }
    }

    @Test("AWSCURRENT is never lost", arguments: 0..<40 as Range<UInt64>)
    func currentStays(seed: UInt64) throws {
        try Self.walk(seed: seed, naming: [.current, .pending, .previous]) { before, after in
            before.current != nil && after.current == nil ? "current is gone" : nil
        }
    }

    @Test("promotion twice is promotion once, and leaves every custom label alone", arguments: 0..<40 as Range<UInt64>)
    func promoteTwice(seed: UInt64) throws {
        var promotions = 0
        try Self.walk(seed: seed, naming: [.current, .pending]) { _, after in
            guard let pending = after.pending else { return nil }
            var once = after
            guard (try? once.promote(pending)) != nil else { return "the pending version was refused" }
            var twice = once
            guard (try? twice.promote(pending)) != nil else { return "the second promotion was refused" }
            promotions += 1
            let ours: Set<StagingLabel> = [.current, .previous, .pending]
            if once != twice { return "the second promotion changed labels" }
            if once.current != pending || once.pending != nil { return "the promotion did not take place" }
            return once.versions.filter { !ours.contains($0.key) } == after.versions.filter { !ours.contains($0.key) }
                ? nil : "a custom label moved"
        }
        #expect(promotions > 0, "seed \(seed) promoted nothing")
    }
}
