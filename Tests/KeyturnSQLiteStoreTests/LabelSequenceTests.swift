import GRDB
import KeyturnCore
import Testing

@testable import KeyturnSQLiteStore

/// The sequences that AWS's service was recorded with; v1 is made first and has AWSCURRENT.
@Suite("SQLiteStore, recorded label sequences") struct LabelSequenceTests {
    enum Operation: Sendable {
        case put(Int, [String]?)
        case move(String, from: Int?, to: Int?)
    }

    struct Step: Sendable {
        let operation: Operation
        let expected: String

        init(_ operation: Operation, _ expected: String) { (self.operation, self.expected) = (operation, expected) }
    }

    struct Sequence: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let steps: [Step]

        init(_ name: String, _ steps: [Step]) { (testDescription, self.steps) = (name, steps) }
    }

    static let sequences: [Sequence] = [
        Sequence(
            "1: a new AWSCURRENT takes AWSPENDING away",
            [
                Step(.put(2, ["P"]), "v1{C} v2{P}"), Step(.move("C", from: 1, to: 2), "v1{V} v2{C,P}"),
                Step(.put(3, nil), "v2{V} v3{C}"),
            ]),
        Sequence(
            "2: AWSPENDING moves on",
            [
                Step(.put(2, ["P"]), "v1{C} v2{P}"), Step(.move("C", from: 1, to: 2), "v1{V} v2{C,P}"),
                Step(.put(3, ["P"]), "v1{V} v2{C} v3{P}"), Step(.move("C", from: 2, to: 3), "v2{V} v3{C,P}"),
            ]),
        Sequence(
            "3: custom labels stay where they are",
            [
                Step(.put(2, ["C", "PUT0"]), "v1{V} v2{C,PUT0}"),
                Step(.put(3, ["P", "PUT1"]), "v1{V} v2{C,PUT0} v3{P,PUT1}"),
                Step(.move("C", from: 2, to: 3), "v2{V,PUT0} v3{C,P,PUT1}"),
                Step(.put(4, ["P", "PUT2"]), "v2{V,PUT0} v3{C,PUT1} v4{P,PUT2}"),
                Step(.move("C", from: 3, to: 4), "v2{PUT0} v3{V,PUT1} v4{C,P,PUT2}"),
            ]),
        Sequence(
            "4: a version whose labels all move is deprecated",
            [
                Step(.put(2, ["one", "two", "three"]), "v1{C} v2{one,three,two}"),
                Step(.put(3, ["one", "two", "three", "four"]), "v1{C} v3{four,one,three,two}"),
            ]),
        Sequence(
            "4: a label that is not named stays",
            [
                Step(.put(2, ["one", "two", "three"]), "v1{C} v2{one,three,two}"),
                Step(.put(3, ["one", "two", "four"]), "v1{C} v2{three} v3{four,one,two}"),
            ]),
        Sequence(
            "5: a custom label is taken away",
            [
                Step(.put(2, ["PENDING"]), "v1{C} v2{PENDING}"),
                Step(.move("C", from: 1, to: 2), "v1{V} v2{C,PENDING}"),
                Step(.move("PENDING", from: 2, to: nil), "v1{V} v2{C}"),
            ]),
    ]

    @Test("the store ends in the recorded state after each step", arguments: sequences)
    func recorded(sequence: Sequence) async throws {
        let sample = try StoreSample()
        let secret = try await sample.addSecret()
        #expect(try Self.shown(secret) == "v1{C}")
        for (index, step) in sequence.steps.enumerated() {
            let now = start.advanced(by: minute * (index + 1))
            let record = try await Self.apply(step.operation, to: secret.id, in: sample, at: now)
            #expect(try Self.shown(record) == step.expected, "step \(index + 1)")
            #expect(try Self.shown(await sample.another().secret(.arn(secret.id))) == step.expected)
            let versions = try await sample.allVersions(of: secret.id)
            let newest = versions.compactMap { Int(String($0.text.dropFirst().prefix(1))) }.max()
            #expect(versions.count == newest, "no version is lost with its labels")
        }
    }

    private static func apply(
        _ operation: Operation, to id: SecretID, in sample: StoreSample, at now: UTCInstant
    ) async throws -> SecretRecord {
        switch operation {
        case .put(let number, let stages):
            return try await sample.store.put(
                text("value \(number)"), version: versionID("v\(number)"),
                stages: try stages.map { Set(try $0.map(label)) },
                to: id, at: now)
        case .move(let name, let old, let new):
            let (label, from, to) = (
                try label(name), try old.map { try versionID("v\($0)") }, try new.map { try versionID("v\($0)") }
            )
            return try await sample.store.write { db in
                let rows = SecretRows(db: db)
                let secret = try rows.secret(.arn(id))
                var labels = secret.labels
                try labels.move(label, from: from, to: to)
                try rows.write(labels, replacing: secret.labels, of: id)
                return try rows.secret(.arn(id))
            }
        }
    }

    private static func label(_ name: String) throws(InvalidInput) -> StagingLabel {
        switch name {
        case "C": .current
        case "P": .pending
        case "V": .previous
        case _: try StagingLabel(name)
        }
    }

    /// `v1{V} v2{C,P}`: the versions that have labels.
    private static func shown(_ secret: SecretRecord) throws -> String {
        secret.versions.compactMap { version in
            let names = secret.labels.labels(of: version.id).map { label in
                switch label {
                case .current: "C"
                case .pending: "P"
                case .previous: "V"
                case _: label.text
                }
            }
            return names.isEmpty ? nil : "\(version.id.text.prefix(2)){\(names.joined(separator: ","))}"
        }.joined(separator: " ")
    }
}
