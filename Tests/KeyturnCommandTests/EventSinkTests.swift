import Foundation
import KeyturnFixtures
import Testing

@Suite("Sinks of events", .timeLimit(.minutes(5)))
struct EventSinkTests {
    @Test(
        "a mistake in the events section is 78, and the field is named",
        arguments: [
            ("source: aws.x", "events.source"), ("sinc: []", "did you mean sinks?"), ("sinks: 3", "events.sinks"),
            ("retention: 5", "events.retention"), ("retention: 1s", "events.retention"),
            ("retentoin: 5d", "did you mean retention?"), ("sinks: [ { type: file } ]", "events.sinks[0]"),
            ("sinks: [ { type: fax, path: a } ]", "events.sinks[0]"),
            ("sinks: [ { type: file, path: a, fitler: {} } ]", "did you mean filter?"),
            ("sinks: [ { type: file, path: a, name: 'a b' } ]", "events.sinks[0].name"),
            ("sinks: [ { type: file, path: a }, { type: file, path: a } ]", "events.sinks[1]"),
            (
                "sinks: [ { type: file, path: a, name: x }, { type: file, path: b, name: x } ]",
                "the same sink as events.sinks[0]"
            ),
            ("sinks: [ { type: file, path: a, filter: [] } ]", "events.sinks[0].filter"),
            ("sinks: [ { type: file, path: a, filter: {} } ]", "empty objects are not allowed"),
            (
                "sinks: [ { type: file, path: a, filter: { detail: { eventName: RotationFailed } } } ]",
                "Event pattern is not valid. Reason: \"eventName\" must be an object or an array, and this is a string at "
                    + "detail.eventName"
            ),
            (
                "sinks: [ { type: file, path: a, filter: { source: [ { prefx: k } ] } } ]",
                "\"prefx\" is no comparison"
            ),
            ("sinks: [ { type: file, path: a, filter: '{\"source\": [1' } ]", "this is no JSON at byte 13"),
        ])
    func mistakes(_ events: String, _ expected: String) throws {
        let world = try EventsWorld("sinks: []")
        try world.configure(events)
        let refused = try world.keyturn.run("status")
        #expect(refused.status == 78 && refused.error.contains(expected), "\(events): \(refused.error)")
    }

    @Test("a filter in YAML or in JSON lets through what it says, and the sink is not behind for the rest")
    func filters() throws {
        let world = try EventsWorld(
            """
            source: keyturn, sinks: [ { type: file, path: all.jsonl },
              { type: file, path: deleted.jsonl, filter: { detail-type: [ { prefix: AWS } ], account: [ 000000000000 ] } },
              { type: file, path: one.jsonl, filter: '{"detail": {"name": ["one", null]}}' },
              { type: file, path: both.jsonl, filter: { detail: { $or: [ { name: [ one ] },
                { additionalEventData: { SecretId: [ { wildcard: "*:secret:one-*" } ] } } ] } } } ]
            """)
        for name in ["one", "two"] { try world.addSecret(name) }
        #expect(try world.keyturn.run("secret", "delete", "one").status == 0)
        #expect(try world.names("all.jsonl") == ["one", "two", "StartSecretVersionDelete"])
        #expect(try world.names("deleted.jsonl") == ["StartSecretVersionDelete"])
        #expect(try world.names("one.jsonl") == ["one"])
        #expect(try world.names("both.jsonl") == ["one", "StartSecretVersionDelete"])
        let sinks = try #require(try world.keyturn.json("status")["sinks"] as? [[String: Any]])
        #expect(sinks.count == 4 && sinks.allSatisfy { $0["waiting"] as? Int == 0 && $0["delivered"] as? Int == 3 })
    }

    @Test("a sink that is given a name goes on where it stood, and keeps its place when its path changes")
    func names() throws {
        let world = try EventsWorld("sinks: [ { type: file, path: a.jsonl } ]")
        try world.addSecret("one")
        try world.configure("sinks: [ { type: file, path: a.jsonl, name: audit } ]")
        try world.addSecret("two")
        try world.configure("sinks: [ { type: file, path: b.jsonl, name: audit } ]")
        try world.addSecret("three")
        #expect(try world.names("a.jsonl") == ["one", "two"])
        #expect(try world.names("b.jsonl") == ["three"])
        try world.configure("sinks: [ { type: file, path: c.jsonl } ]")
        #expect(try world.keyturn.run("status").status == 0)
        #expect(try world.names("c.jsonl") == ["one", "two", "three"], "a new sink gets what is there")
    }

    @Test("a sink that fails holds up no other, is told of, and catches up in order")
    func failing() throws {
        let world = try EventsWorld(
            "sinks: [ { type: file, path: gone/a.jsonl }, { type: file, path: b.jsonl } ]")
        let made = try world.keyturn.run("secret", "create", "one", input: "x")
        #expect(made.status == 0 && made.error.contains("gone/a.jsonl can't be opened"), "\(made.error)")
        try world.addSecret("two")
        #expect(try world.names("b.jsonl") == ["one", "two"])
        let status = try world.keyturn.run("status")
        #expect(status.output.contains("gone/a.jsonl is 2 events behind"), "\(status.output)")
        try world.age(days: 1)
        let doctor = try world.keyturn.run("doctor")
        #expect(doctor.status == 0 && doctor.output.contains("gone/a.jsonl is 2 events behind, the oldest for 24 h"))
        try FileManager.default.createDirectory(
            atPath: world.keyturn.directory + "/gone", withIntermediateDirectories: false)
        try world.addSecret("three")
        #expect(try world.names("gone/a.jsonl") == ["one", "two", "three"])
        #expect(try world.keyturn.run("doctor").output.contains("gone/a.jsonl has every event"))
    }

    @Test("old events are removed once every configured sink has had them, by run-due")
    func retention() throws {
        let world = try EventsWorld("sinks: [ { type: file, path: a.jsonl } ]")
        for name in ["one", "two"] { try world.addSecret(name) }
        try world.age(days: 29)
        #expect(try world.keyturn.run("run-due").status == 0)
        #expect(try world.places() == [1, 2], "kept for 30 days")
        try world.age(days: 2)
        try world.configure("sinks: [ { type: file, path: a.jsonl }, { type: file, path: gone/b.jsonl } ]")
        #expect(try world.keyturn.run("run-due").status == 0)
        #expect(try world.places() == [1, 2], "b has not had them")
        try world.configure("retention: 60d, sinks: [ { type: file, path: a.jsonl } ]")
        #expect(try world.keyturn.run("run-due").status == 0)
        #expect(try world.places() == [1, 2], "kept as long as is said")
        try world.configure("retention: 1d, sinks: [ { type: file, path: a.jsonl } ]")
        try world.addSecret("three")
        let removed = try world.keyturn.run("run-due")
        #expect(removed.status == 0 && removed.error.contains("2 events were removed"), "\(removed.error)")
        #expect(try world.places() == [3], "a sink that is no longer configured keeps nothing")
        #expect(try world.keyturn.run("events").output.hasPrefix("3  "), "and places stay what they were")
        #expect(try world.names("a.jsonl") == ["one", "two", "three"])
        try world.age(days: 2)
        try world.configure("retention: 1d, sinks: []")
        #expect(try world.keyturn.run("run-due").status == 0)
        #expect(try world.places().isEmpty)
        #expect(try world.keyturn.run("events").output.isEmpty)
    }
}
