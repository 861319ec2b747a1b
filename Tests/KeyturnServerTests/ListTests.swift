import KeyturnCore
import Testing

@Suite("Lists and labels over the API") struct ListTests {
    private func names(_ answer: Answer) -> [String] {
        (answer.members["SecretList"] as? [[String: Any]] ?? []).compactMap { $0["Name"] as? String }
    }

    @Test("pages hold every secret once, in order, up and down; a token is good for its own list alone")
    func pages() async throws {
        let world = try await APIWorld()
        for index in 0..<5 {
            let later = start.advanced(by: .seconds(index / 2))
            try await world.done("CreateSecret", #"{"Name":"s\#(index)"}"#, at: later)
        }
        for (order, expected) in [("asc", ["s0", "s1", "s2", "s3", "s4"]), ("desc", ["s4", "s3", "s2", "s1", "s0"])] {
            var (seen, next, pages): ([String], String?, Int) = ([], nil, 0)
            repeat {
                let rest = next.map { #","NextToken":"\#($0)""# } ?? ""
                let page = try await world.done("ListSecrets", #"{"MaxResults":2,"SortOrder":"\#(order)"\#(rest)}"#)
                seen += names(page)
                next = page.string("NextToken")
                pages += 1
            } while next != nil && pages < 10
            #expect(seen == expected && pages == 3)
        }
        let first = try await world.done("ListSecrets", #"{"MaxResults":2}"#)
        let token = try #require(first.string("NextToken"))
        let other = try await world.send("ListSecrets", #"{"SortBy":"name","NextToken":"\#(token)"}"#)
        #expect(other.string("__type") == "InvalidNextTokenException")
    }

    @Test("a secret that is to be deleted is listed only when asked for, and restored")
    func deletion() async throws {
        let world = try await APIWorld()
        for name in ["a", "b"] { try await world.done("CreateSecret", #"{"Name":"\#(name)"}"#) }
        let deleted = try await world.done("DeleteSecret", #"{"SecretId":"a"}"#)
        #expect(deleted.text.contains(#""DeletionDate":1769817600"#))
        #expect(names(try await world.done("ListSecrets", "{}")) == ["b"])
        #expect(names(try await world.done("ListSecrets", #"{"IncludePlannedDeletion":true}"#)) == ["a", "b"])
        try await world.done("RestoreSecret", #"{"SecretId":"a"}"#)
        #expect(names(try await world.done("ListSecrets", "{}")) == ["a", "b"])
        let force = #"{"SecretId":"a","ForceDeleteWithoutRecovery":true}"#
        for _ in 0..<2 { #expect(try await world.done("DeleteSecret", force).string("Name") == "a") }
        #expect(names(try await world.done("ListSecrets", "{}")) == ["b"])
    }

    @Test("labels move as recorded from the service, and a version without one is listed only when asked for")
    func labels() async throws {
        let world = try await APIWorld()
        try await world.done(
            "CreateSecret", #"{"Name":"a","ClientRequestToken":"\#(token("v1"))","SecretString":"one"}"#)
        try await world.done(
            "PutSecretValue",
            #"{"SecretId":"a","ClientRequestToken":"\#(token("v2"))","SecretString":"2","VersionStages":["AWSPENDING"]}"#,
            at: start.advanced(by: .seconds(1)))
        let missing = try await world.send(
            "UpdateSecretVersionStage",
            #"{"SecretId":"a","VersionStage":"AWSCURRENT","MoveToVersionId":"\#(token("v2"))"}"#)
        #expect(
            missing.error
                == "InvalidParameterException: The parameter RemoveFromVersionId can't be empty. Staging label "
                + "AWSCURRENT is currently attached to version \(token("v1")), so you must explicitly reference that "
                + "version in RemoveFromVersionId.")
        try await world.done(
            "UpdateSecretVersionStage",
            #"{"SecretId":"a","VersionStage":"AWSCURRENT","MoveToVersionId":"\#(token("v2"))","RemoveFromVersionId":"\#(token("v1"))"}"#
        )
        let shown = try await world.done("DescribeSecret", #"{"SecretId":"a"}"#)
        #expect(
            shown.members["VersionIdsToStages"] as? [String: [String]]
                == [token("v1"): ["AWSPREVIOUS"], token("v2"): ["AWSCURRENT", "AWSPENDING"]])
        try await world.done(
            "PutSecretValue", #"{"SecretId":"a","ClientRequestToken":"\#(token("v3"))","SecretString":"3"}"#,
            at: start.advanced(by: .seconds(2)))
        let listed = try await world.done("ListSecretVersionIds", #"{"SecretId":"a"}"#)
        #expect((listed.members["Versions"] as? [Any])?.count == 2)
        let all = try await world.done("ListSecretVersionIds", #"{"SecretId":"a","IncludeDeprecated":true}"#)
        let versions = try #require(all.members["Versions"] as? [[String: Any]])
        #expect(versions.map { $0["VersionId"] as? String } == [token("v3"), token("v2"), token("v1")])
        #expect(versions[2]["VersionStages"] == nil)
        #expect(versions[0]["KmsKeyIds"] as? [String] == ["DefaultEncryptionKey"])
    }
}
