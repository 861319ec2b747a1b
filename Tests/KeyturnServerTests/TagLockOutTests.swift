import KeyturnCore
import Testing

@Suite("Tags that would lock their caller out") struct TagLockOutTests {
    /// May do everything with secrets of team a, and make and tag new ones as such.
    private static let team = #"""
        {"Version":"2012-10-17","Statement":[
         {"Effect":"Allow","Action":"secretsmanager:*","Resource":"*",
          "Condition":{"StringEquals":{"aws:ResourceTag/team":"a"}}},
         {"Effect":"Allow","Action":["secretsmanager:CreateSecret","secretsmanager:TagResource"],"Resource":"*",
          "Condition":{"StringEquals":{"aws:RequestTag/team":"a"},"Null":{"aws:ResourceTag/team":"true"}}}]}
        """#
    /// May do everything but with secrets that are locked.
    private static let unlocked = #"""
        {"Version":"2012-10-17","Statement":[
         {"Effect":"Allow","Action":"secretsmanager:*","Resource":"*"},
         {"Effect":"Deny","Action":"secretsmanager:*","Resource":"*",
          "Condition":{"StringEquals":{"secretsmanager:ResourceTag/locked":"yes"}}}]}
        """#

    private func world(_ policy: String) async throws -> (APIWorld, AccessKey) {
        let world = try await APIWorld()
        let key = try await world.key(.document(try PolicyDocument(policy, kind: .identity)), name: "app")
        return (world, key)
    }

    private func tags(_ world: APIWorld, _ name: String) async throws -> [String: String] {
        let shown = try await world.done("DescribeSecret", #"{"SecretId":"\#(name)"}"#)
        let list = shown.members["Tags"] as? [[String: String]] ?? []
        return Dictionary(uniqueKeysWithValues: list.map { ($0["Key"] ?? "", $0["Value"] ?? "") })
    }

    @Test("who may tag by a tag can't take or change that tag, can change others, and the secret stays as it is")
    func ownTag() async throws {
        let (world, key) = try await world(Self.team)
        try await world.done(
            "CreateSecret", #"{"Name":"s","Tags":[{"Key":"team","Value":"a"},{"Key":"x","Value":"1"}]}"#, by: key)
        for (operation, json) in [
            ("UntagResource", #"{"SecretId":"s","TagKeys":["x","team"]}"#),
            ("TagResource", #"{"SecretId":"s","Tags":[{"Key":"x","Value":"2"},{"Key":"team","Value":"b"}]}"#),
        ] {
            let refused = try await world.send(operation, json, by: key)
            #expect(
                refused.error == "AccessDeniedException: User: arn:aws:iam::000000000000:user/app is not authorized to "
                    + "perform: secretsmanager:\(operation) on resource: s because with these tags the caller would "
                    + "lose its own permissions for the secret")
            #expect(refused.status == 400)
        }
        #expect(try await tags(world, "s") == ["team": "a", "x": "1"])
        try await world.done("TagResource", #"{"SecretId":"s","Tags":[{"Key":"x","Value":"2"}]}"#, by: key)
        try await world.done("UntagResource", #"{"SecretId":"s","TagKeys":["x"]}"#, by: key)
        try await world.done("TagResource", #"{"SecretId":"s","Tags":[{"Key":"team","Value":"a"}]}"#, by: key)
        #expect(try await tags(world, "s") == ["team": "a"])
        try await world.done("TagResource", #"{"SecretId":"s","Tags":[{"Key":"team","Value":"b"}]}"#)
        #expect(try await tags(world, "s") == ["team": "b"], "who does not depend on it may")
    }

    @Test("a tag that a Deny is about can't be set by whom it would deny, also at creation")
    func deny() async throws {
        let (world, key) = try await world(Self.unlocked)
        let locked = #""Tags":[{"Key":"locked","Value":"yes"}]"#
        let made = try await world.send("CreateSecret", #"{"Name":"s",\#(locked)}"#, by: key)
        #expect(made.string("__type") == "AccessDeniedException")
        #expect(
            try await world.send("DescribeSecret", #"{"SecretId":"s"}"#).string("__type") == "ResourceNotFoundException"
        )
        try await world.done("CreateSecret", #"{"Name":"s"}"#, by: key)
        let set = try await world.send("TagResource", #"{"SecretId":"s",\#(locked)}"#, by: key)
        #expect(set.string("__type") == "AccessDeniedException")
        try await world.done("TagResource", #"{"SecretId":"s","Tags":[{"Key":"locked","Value":"no"}]}"#, by: key)
        try await world.done("TagResource", #"{"SecretId":"s",\#(locked)}"#)
    }

    @Test("a secret's policy counts: what it allows is no loss, what it denies is one")
    func resourcePolicy() async throws {
        let (world, key) = try await world(Self.team)
        try await world.done("CreateSecret", #"{"Name":"s","Tags":[{"Key":"team","Value":"a"}]}"#)
        let policy =
            #"{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::000000000000:user/app\"},\"Action\":\"secretsmanager:TagResource\",\"Resource\":\"*\"}}"#
        try await world.done("PutResourcePolicy", #"{"SecretId":"s","ResourcePolicy":"\#(policy)"}"#)
        let untag = #"{"SecretId":"s","TagKeys":["team"]}"#
        let refused = try await world.send("UntagResource", untag, by: key)
        #expect(refused.string("__type") == "AccessDeniedException", "to tag it again is no use of it")
        try await world.done(
            "PutResourcePolicy",
            #"{"SecretId":"s","ResourcePolicy":"\#(policy.replacing("TagResource", with: "*"))"}"#)
        try await world.done("UntagResource", untag, by: key)
        #expect(try await tags(world, "s").isEmpty)
    }
}
