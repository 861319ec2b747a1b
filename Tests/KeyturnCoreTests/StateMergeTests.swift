import KeyturnCore
import KeyturnSimulation
import KeyturnTesting
import Testing

@Suite("Two users' states") struct StateMergeTests {
    @Test("an agreement is kept as hashes, and read back the same")
    func encoding() throws {
        let state = try #require(AgreedState(["setting app.token": "geheim", "CREATEDB": "TRUE"]))
        #expect(AgreedState(encoded: state.encoded) == state)
        #expect(!state.encoded.contains("geheim") && state.encoded.utf8.count == 64)
        #expect(state.holds("CREATEDB", "TRUE") && !state.holds("CREATEDB", "FALSE") && !state.holds("CREATEDB", nil))
        #expect(state.holds("CREATEROLE", nil) && !state.holds("CREATEROLE", "TRUE"))
        for text in ["x", String(repeating: "g", count: 32), String(repeating: "0", count: 31)] {
            #expect(AgreedState(encoded: text) == nil)
        }
        #expect(AgreedState(encoded: "") == AgreedState([:]))
        let tooMany = Dictionary(uniqueKeysWithValues: (0...4_000).map { ("\($0)", "") })
        #expect(AgreedState(tooMany) == nil)
    }

    @Test("what changed on either side since they agreed holds for both")
    func sides() {
        let agreed = AgreedState(["a": "1", "b": "1", "c": "1", "d": "1"])
        let merge = StateMerge(
            base: ["a": "2", "b": "1", "c": "2", "d": "1", "e": "1"],
            alternate: ["a": "1", "b": "2", "c": "3", "f": "1"],
            since: agreed)
        #expect(merge.state == ["a": "2", "b": "2", "c": "2", "e": "1", "f": "1"])
        #expect(merge.conflicts == ["c"])
        #expect(merge.changes.first { $0.key == "d" }.map { $0.user == .base && $0.to == nil } ?? false)
    }

    @Test("decisions are kept as hashes and a letter, newer ones before older, and read back the same")
    func decisionsEncoding() throws {
        let decided = MergeDecisions(["ROLE r": .alternate, "SELECT ON t": .base])
        #expect(MergeDecisions(encoded: decided.encoded) == decided && decided.encoded.utf8.count == 34)
        #expect(decided["ROLE r"] == .alternate && decided["SELECT ON t"] == .base && decided["x"] == nil)
        let older = MergeDecisions(["ROLE r": .base, "x": .base])
        #expect(decided.merging(older)["ROLE r"] == .alternate && decided.merging(older)["x"] == .base)
        #expect(MergeDecisions(encoded: "") == MergeDecisions.none)
        for text in ["x", String(repeating: "g", count: 17), String(repeating: "0", count: 17)] {
            #expect(MergeDecisions(encoded: text) == nil, "\(text)")
        }
    }

    @Test(
        "a run that was cut between any two of its changes is taken up to the same end",
        arguments: 0..<200 as Range<UInt64>)
    func resuming(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        func state() -> [String: String] {
            var items: [String: String] = [:]
            for key in ["a", "b", "c", "d"] where Bool.random(using: &random) {
                items[key] = String(Int.random(in: 0...2, using: &random))
            }
            return items
        }
        let agreed = AgreedState(state())
        var users: [PairMember: [String: String]] = [.base: state(), .alternate: state()]
        let first = StateMerge(base: users[.base] ?? [:], alternate: users[.alternate] ?? [:], since: agreed)
        // Some are done, and others half done: taken, to be given anew.
        for change in first.changes where Bool.random(using: &random) {
            users[change.user]?[change.key] = Bool.random(using: &random) ? change.to : nil
        }
        let second = StateMerge(
            base: users[.base] ?? [:], alternate: users[.alternate] ?? [:], since: AgreedState(first.state),
            decided: MergeDecisions(first.decisions))
        #expect(second.state == first.state && second.conflicts.isEmpty, "seed \(seed)")
    }

    @Test("without an agreement the base's state holds")
    func withoutAgreement() {
        let merge = StateMerge(base: ["a": "1"], alternate: ["a": "2", "b": "1"], since: nil)
        #expect(merge.state == ["a": "1"] && merge.conflicts.isEmpty)
        #expect(merge.changes.allSatisfy { $0.user == .alternate })
    }

    @Test("after its changes both are equal, and merging again changes nothing", arguments: 0..<200 as Range<UInt64>)
    func property(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        func state() -> [String: String] {
            var items: [String: String] = [:]
            for key in ["a", "b", "c", "d", "e", "f"] where Bool.random(using: &random) {
                items[key] = String(Int.random(in: 0...2, using: &random))
            }
            return items
        }
        let before = state()
        let agreed = AgreedState(before)
        var users: [PairMember: [String: String]] = [.base: state(), .alternate: state()]
        let unchanged = before.keys.filter { users[.base]?[$0] == before[$0] && users[.alternate]?[$0] == before[$0] }
        let merge = StateMerge(base: users[.base] ?? [:], alternate: users[.alternate] ?? [:], since: agreed)
        for change in merge.changes {
            #expect(users[change.user]?[change.key] == change.from, "seed \(seed)")
            users[change.user]?[change.key] = change.to
        }
        #expect(users[.base] == merge.state && users[.alternate] == merge.state, "seed \(seed)")
        for key in unchanged { #expect(merge.state[key] == before[key], "seed \(seed)") }
        let again = StateMerge(base: merge.state, alternate: merge.state, since: AgreedState(merge.state))
        #expect(again.changes.isEmpty && again.conflicts.isEmpty, "seed \(seed)")
    }
}

@Suite("AlternatingUsers") struct AlternatingUsersTests {
    @Test("names are AWS's, unless others are given")
    func names() {
        #expect(AlternatingUsers.names(of: "app", alternate: nil) == ("app", "app_clone"))
        #expect(AlternatingUsers.names(of: "app", alternate: "app_b") == ("app", "app_b"))
        #expect(AlternatingUsers.names(of: "app_clone", alternate: nil) == ("app_clone", "app_clone_clone"))
        #expect(AlternatingUsers.names(of: "app_clone", alternate: "app_clone") == ("app", "app_clone"))
    }

    @Test(
        "a second name that the server can't hold is refused, with what to do",
        arguments: [
            (String(repeating: "x", count: 58), DatabaseEngine.Family.postgreSQL),
            (String(repeating: "é", count: 29), .postgreSQL), (String(repeating: "x", count: 27), .mySQL),
            (String(repeating: "x", count: 123), .mariaDB),
        ])
    func tooLong(base: String, family: DatabaseEngine.Family) {
        let refused = refusal {
            try AlternatingUsers(
                base: base, alternate: base + "_clone", mode: .standard(for: family), mayAdopt: false, family: family)
        }
        #expect(refused?.field == "--clone-name" && refused?.remedy.contains("--clone-name") ?? false)
    }

    @Test("longest names that fit", arguments: [(57, DatabaseEngine.Family.postgreSQL), (26, .mySQL), (122, .mariaDB)])
    func fits(count: Int, family: DatabaseEngine.Family) throws {
        let base = String(repeating: "x", count: count)
        let users = try AlternatingUsers(
            base: base, alternate: base + "_clone", mode: .standard(for: family), mayAdopt: false, family: family)
        #expect(users.other(than: try AccountName(base, of: family)) == base + "_clone")
        #expect(users.other(than: try AccountName(base + "_clone", of: family)) == base)
        #expect(users.other(than: try AccountName("stranger", of: family)) == nil)
    }

    @Test("a mode of another server is refused", arguments: DatabaseEngine.Family.allCases)
    func modes(family: DatabaseEngine.Family) {
        for mode in AlternatingMode.allCases {
            let refused = refusal {
                try AlternatingUsers(base: "a", alternate: "b", mode: mode, mayAdopt: false, family: family)
            }
            #expect((refused == nil) == AlternatingMode.all(for: family).contains(mode))
        }
    }
}

@Suite("A MySQL secret") struct MySQLSecretTests {
    @Test("engine, port, database and names by MySQL's rules", arguments: ["mysql", "aurora-mysql", "mariadb"])
    func reads(engine: String) throws {
        let secret = try credential(["engine": "\"\(engine)\"", "dbname": nil])
        #expect(secret.engine.family == (engine == "mariadb" ? .mariaDB : .mySQL))
        #expect(secret.endpoints[0].port == 3306 && secret.database == nil)
        #expect(try credential(["engine": "\"\(engine)\"", "dbname": #""""#]).database == nil)
        let long = "\"" + String(repeating: "x", count: 129) + "\""
        #expect(refusal { try credential(["engine": "\"\(engine)\"", "username": long]) }?.field == "username")
        #expect(refusal { try credential(["engine": "\"\(engine)\"", "username": #""ends ""#]) }?.field == "username")
    }

    @Test("the other user's document differs in the credential alone")
    func replaces() throws {
        let current = try credential(reading: #"{ "password":"p", "username" : "app","engine":"mysql","host":"h" }"#)
        let next = current.replacing(
            account: try AccountName("we\"ird", of: .mySQL), password: secretBytes("new"))
        #expect(plaintext(next.bytes) == #"{ "password":"new", "username" : "we\"ird","engine":"mysql","host":"h" }"#)
    }
}
