import KeyturnCore
import Testing

/// Reads `v1{V} v2{C,P}`: C is AWSCURRENT, P AWSPENDING, V AWSPREVIOUS, anything else a label of its own.
private func layout(_ text: String) throws(InvalidInput) -> StagingLabels {
    var versions: [StagingLabel: VersionID] = [:]
    for part in text.split(separator: " ") {
        let pieces = part.split(separator: "{")
        for name in pieces[1].dropLast().split(separator: ",") {
            versions[try label(String(name))] = try version(String(pieces[0]))
        }
    }
    return StagingLabels(versions)
}

private func label(_ name: String) throws(InvalidInput) -> StagingLabel {
    switch name {
    case "C": .current
    case "P": .pending
    case "V": .previous
    case _: try StagingLabel(name)
    }
}

extension StagingLabels {
    @discardableResult
    fileprivate mutating func put(_ name: String, _ stages: [String]? = nil) throws -> VersionID? {
        let asked = try stages.map { Set(try $0.map(label)) }
        return try put(version(name), stages: asked, isFirst: versions.isEmpty)
    }

    fileprivate mutating func move(_ name: String, _ old: String?, _ new: String?) throws {
        try move(label(name), from: old.map(version), to: new.map(version))
    }
}

@Suite("StagingLabels") struct StagingLabelsTests {
    @Test("a default put over a promoted version that kept AWSPENDING takes it away")
    func recordedSequenceOne() throws {
        var labels = StagingLabels()
        try labels.put("v1")
        #expect(try labels == layout("v1{C}"))
        try labels.put("v2", ["P"])
        #expect(try labels == layout("v1{C} v2{P}"))
        try labels.move("C", "v1", "v2")
        #expect(try labels == layout("v1{V} v2{C,P}"))
        #expect(try labels.put("v3") == nil, "the version was current, so no rotation was abandoned")
        #expect(try labels == layout("v2{V} v3{C}"))
        #expect(try labels.labels(of: version("v1")) == [])
    }

    @Test("AWSPENDING put on the next version leaves the one it was on")
    func recordedSequenceTwo() throws {
        var labels = try layout("v1{V} v2{C,P}")
        try labels.put("v3", ["P"])
        #expect(try labels == layout("v1{V} v2{C} v3{P}"))
        try labels.move("C", "v2", "v3")
        #expect(try labels == layout("v2{V} v3{C,P}"))
    }

    @Test("custom labels stay where they are while AWSCURRENT moves on")
    func recordedSequenceThree() throws {
        var labels = StagingLabels()
        try labels.put("v1")
        try labels.put("v2", ["C", "PUT0"])
        #expect(try labels == layout("v1{V} v2{C,PUT0}"))
        try labels.put("v3", ["P", "PUT1"])
        try labels.move("C", "v2", "v3")
        #expect(try labels == layout("v2{V,PUT0} v3{C,P,PUT1}"))
        try labels.put("v4", ["P", "PUT2"])
        #expect(try labels == layout("v2{V,PUT0} v3{C,PUT1} v4{P,PUT2}"))
        try labels.move("C", "v3", "v4")
        #expect(try labels == layout("v2{PUT0} v3{V,PUT1} v4{C,P,PUT2}"))
    }

    @Test(
        "labels put on another version leave the old one",
        arguments: [
            (["one", "two", "three", "four"], "v1{C} v3{one,two,three,four}"),
            (["one", "two", "four"], "v1{C} v2{three} v3{one,two,four}"),
        ])
    func recordedSequenceFour(stages: [String], expected: String) throws {
        var labels = try layout("v1{C}")
        try labels.put("v2", ["one", "two", "three"])
        try labels.put("v3", stages)
        #expect(try labels == layout(expected))
    }

    @Test("a custom label PENDING has no meaning and is removed by a call of its own")
    func recordedSequenceFive() throws {
        var labels = try layout("v1{C} v2{PENDING}")
        try labels.move("C", "v1", "v2")
        #expect(try labels == layout("v1{V} v2{C,PENDING}"))
        try labels.move("PENDING", "v2", nil)
        #expect(try labels == layout("v1{V} v2{C}"))
    }

    @Test("the first version gets AWSCURRENT whatever labels it was put with", arguments: [["P"], ["one"], []])
    func firstVersionIsCurrent(stages: [String]) throws {
        var labels = StagingLabels()
        try labels.put("v1", stages)
        #expect(try labels.current == version("v1"))
        #expect(labels.versions.count == stages.count + 1)
    }

    @Test("a default put over a rotation in progress ends it and says whose it was")
    func putAbandonsRotation() throws {
        var labels = try layout("v0{V} v1{C} v2{P}")
        #expect(try labels.put("v3") == version("v2"))
        #expect(try labels == layout("v1{V} v3{C}"))
    }

    @Test("a put of the pending version abandons nothing; one that takes AWSPENDING away ends its attempt")
    func putOfPendingAbandonsNothing() throws {
        var same = try layout("v1{C} v2{P}")
        #expect(try same.put("v2") == nil)
        #expect(try same == layout("v1{V} v2{C,P}"))
        var other = try layout("v1{C} v2{P}")
        #expect(try other.put("v3", ["C", "P"]) == version("v2"))
        #expect(try other == layout("v1{V} v3{C,P}"))
    }

    @Test("moving AWSCURRENT back takes AWSPREVIOUS off the version that gets it")
    func rollBack() throws {
        var labels = try layout("v1{V} v2{C}")
        try labels.move("C", "v2", "v1")
        #expect(try labels == layout("v1{C} v2{V}"))
    }

    @Test("a label on no version is attached without naming a holder, and attaching it again changes nothing")
    func attach() throws {
        var labels = try layout("v1{C}")
        try labels.move("one", nil, "v1")
        try labels.move("one", nil, "v1")
        #expect(try labels == layout("v1{C,one}"))
    }

    @Test(
        "a move that names no holder, or the wrong one, is refused",
        arguments: [
            ("C", nil, "v2", LabelError.mustNameHolder(.current, try version("v1"))),
            ("one", nil, "v1", .mustNameHolder(try StagingLabel("one"), try version("v2"))),
            ("one", nil, nil, .mustNameHolder(try StagingLabel("one"), try version("v2"))),
            ("C", "v2", "v2", .wrongHolder(.current)),
            ("C", "v2", nil, .wrongHolder(.current)),
            ("one", "v1", "v2", .wrongHolder(try StagingLabel("one"))),
            ("none", "v1", nil, .wrongHolder(try StagingLabel("none"))),
            ("none", "v1", "v2", .wrongHolder(try StagingLabel("none"))),
            ("C", "v1", nil, .currentCannotBeRemoved),
        ] as [(String, String?, String?, LabelError)])
    func refusedMoves(name: String, old: String?, new: String?, error: LabelError) throws {
        var labels = try layout("v1{C} v2{one,P}")
        #expect(throws: error) { try labels.move(name, old, new) }
        #expect(try labels == layout("v1{C} v2{one,P}"))
    }

    @Test("staging is idempotent for one version and refused for another while a rotation is in flight")
    func stage() throws {
        var labels = try layout("v1{C}")
        try labels.stage(version("v2"))
        try labels.stage(version("v2"))
        #expect(try labels == layout("v1{C} v2{P}"))
        #expect(try labels.inFlight == version("v2"))
        #expect(throws: LabelError.rotationInProgress(try version("v2"))) { try labels.stage(version("v3")) }
        #expect(try labels == layout("v1{C} v2{P}"))
    }

    @Test("AWSPENDING that was left on the current version does not stand in the way of the next rotation")
    func stageOverLeftover() throws {
        var labels = try layout("v1{V} v2{C,P}")
        #expect(labels.inFlight == nil)
        #expect(try labels.pending == version("v2"))
        try labels.stage(version("v3"))
        #expect(try labels == layout("v1{V} v2{C} v3{P}"))
    }

    @Test("promotion moves AWSCURRENT and AWSPREVIOUS, clears AWSPENDING, and may be repeated")
    func promote() throws {
        var labels = try layout("v1{V} v2{C,one} v3{P,two}")
        for _ in 1...2 {
            try labels.promote(version("v3"))
            #expect(try labels == layout("v2{V,one} v3{C,two}"))
        }
    }

    @Test("promotion of the current version clears a leftover AWSPENDING, but never another version's")
    func promoteCurrent() throws {
        var own = try layout("v1{V} v2{C,P}")
        try own.promote(version("v2"))
        #expect(try own == layout("v1{V} v2{C}"))
        var foreign = try layout("v2{C} v3{P}")
        try foreign.promote(version("v2"))
        #expect(try foreign == layout("v2{C} v3{P}"))
    }

    @Test("only the pending version can be promoted", arguments: ["v1{C}", "v1{C} v3{P}", "v1{C} v2{V} v3{P}"])
    func promoteRefusesOthers(before: String) throws {
        var labels = try layout(before)
        #expect(throws: LabelError.notPending(try version("v2"))) { try labels.promote(version("v2")) }
        #expect(try labels == layout(before))
    }

    @Test("a twenty-first label is refused by put, move and stage; a promotion at the limit is not")
    func limit() throws {
        let custom = (1...18).map { "label\($0)" }
        var labels = try layout("v1{C} v2{" + custom.joined(separator: ",") + "}")
        try labels.stage(version("v2"))
        let full = labels
        #expect(throws: LabelError.tooMany(21)) { try labels.put("v3", ["label19"]) }
        #expect(throws: LabelError.tooMany(21)) { try labels.move("label19", nil, "v1") }
        #expect(throws: LabelError.tooMany(21)) { try labels.move("C", "v1", "v2") }
        #expect(labels == full)
        try labels.promote(version("v2"))
        #expect(labels.versions.count == 20)
        #expect(try labels.previous == version("v1"))
        let fullAgain = labels
        #expect(throws: LabelError.tooMany(21)) { try labels.stage(version("v3")) }
        #expect(labels == fullAgain)
    }

    @Test("the labels of a version come sorted")
    func sorted() throws {
        let labels = try layout("v1{C} v2{b,V,P,a}")
        #expect(try labels.labels(of: version("v2")).map(\.text) == ["AWSPENDING", "AWSPREVIOUS", "a", "b"])
    }
}
