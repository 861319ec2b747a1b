import KeyturnCore
import KeyturnSQLiteStore
import KeyturnServer
import Testing

@Suite("Rotation over the API") struct RotationTests {
    private func makeWorld() async throws -> (APIWorld, SecretID) {
        let world = try await APIWorld()
        for name in ["a", "b"] {
            try await world.done(
                "CreateSecret", #"{"Name":"\#(name)","ClientRequestToken":"\#(token("v1"))","SecretString":"one"}"#)
            let id = try await world.store.secret(.name(try SecretName(name))).id
            try await world.store.configureRotation(
                of: id, RotationSettings(strategy: .singleUser, adminSecret: nil, verification: []), due: nil,
                target: .unknown, at: start)
        }
        return (world, try await world.store.secret(.name(try SecretName("a"))).id)
    }

    private func rotate(_ name: String, _ version: String, _ more: String = "") -> String {
        #"{"SecretId":"\#(name)","ClientRequestToken":"\#(token(version))"\#(more)}"#
    }

    @Test("a rotation is handed on once with its token; one without room is throttled, one without settings refused")
    func handedOn() async throws {
        let (world, id) = try await makeWorld()
        let answer = try await world.done("RotateSecret", rotate("a", "r1"))
        #expect(answer.string("VersionId") == token("r1"))
        let asked = try #require(world.asked.all.first)
        #expect(
            asked.secret.id == id && asked.rotatesNow && asked.token.text == token("r1") && asked.requestedAt == start)
        #expect(try await world.send("RotateSecret", rotate("b", "r1")).error == "ThrottlingException: Rate exceeded")
        // The token's version is there: nothing is asked for again.
        try await world.done("RotateSecret", rotate("b", "v1"))
        #expect(world.asked.all.count == 1)
        try await world.done("CreateSecret", #"{"Name":"c"}"#)
        #expect(
            try await world.send("RotateSecret", rotate("c", "r1")).error
                == "InvalidRequestException: No Lambda rotation function ARN is associated with this secret.")
    }

    private let known = "arn:aws:lambda:eu-west-1:123456789012:function:known"

    @Test("what a request says of the rotation is stored, shown, and kept by a request that does not say it")
    func settings() async throws {
        let (world, _) = try await makeWorld()
        try await world.done("CreateSecret", #"{"Name":"c","SecretString":"x","ClientRequestToken":"\#(token("v1"))"}"#)
        let rules =
            #","RotationRules":{"ScheduleExpression":"rate(10 days)","Duration":"3h"},"RotateImmediately":false"#
        try await world.done("RotateSecret", rotate("c", "r1", #","RotationLambdaARN":"\#(known)""# + rules))
        #expect(world.asked.all.map(\.rotatesNow) == [false])
        let shown = try await world.done("DescribeSecret", #"{"SecretId":"c"}"#)
        #expect(shown.members["RotationEnabled"] as? Bool == true)
        #expect(shown.string("RotationLambdaARN") == known)
        let shownRules = shown.members["RotationRules"] as? [String: String]
        #expect(shownRules == ["ScheduleExpression": "rate(10 days)", "Duration": "3h"])
        world.asked.clear()
        try await world.done("CancelRotateSecret", #"{"SecretId":"c"}"#)
        try await world.done("RotateSecret", rotate("c", "r2"))
        let again = try await world.done("DescribeSecret", #"{"SecretId":"c"}"#)
        #expect(again.members["RotationEnabled"] as? Bool == true && again.string("RotationLambdaARN") == known)
        #expect(again.members["RotationRules"] as? [String: String] == shownRules)
    }

    @Test(
        "settings that can't be are refused in AWS's words, and nothing is stored",
        arguments: [
            (
                #","RotationLambdaARN":"arn:aws:lambda:local:000000000000:function:nobody's""#,
                "InvalidParameterException"
            ),
            (#","RotationLambdaARN":"arn:aws:lambda:local:000000000000:function:unknown""#, "AccessDeniedException"),
            (#","RotationRules":{"ScheduleExpression":"rate(3 hours)"}"#, "InvalidParameterException"),
            (
                #","RotationRules":{"AutomaticallyAfterDays":1,"ScheduleExpression":"rate(1 day)"}"#,
                "InvalidParameterException"
            ),
            (#","RotationRules":{"Duration":"3h"}"#, "InvalidParameterException"),
            (#","RotationRules":{"AutomaticallyAfterDays":0}"#, "ValidationException"),
            (#","RotationRules":{"AutomaticallyAfterDays":30,"Duration":"90m"}"#, "ValidationException"),
            (#","ExternalSecretRotationMetadata":[{"Key":"k","Value":"v"}]"#, "InvalidRequestException"),
        ])
    func refusedSettings(more: String, code: String) async throws {
        let (world, id) = try await makeWorld()
        let before = try await world.store.secret(.arn(id)).rotation
        let answer = try await world.send("RotateSecret", rotate("a", "r1", more))
        #expect(answer.string("__type") == code, "\(answer.text)")
        #expect(try await world.store.secret(.arn(id)).rotation == before && world.asked.all.isEmpty)
    }

    @Test("who has an admin put to work has to be one who may read its password")
    func admin() async throws {
        let (world, id) = try await makeWorld()
        try await world.done(
            "CreateSecret", #"{"Name":"admin","SecretString":"x","ClientRequestToken":"\#(token("v1"))"}"#)
        let policy = try PolicyDocument(
            #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"secretsmanager:*","Resource":"\#(id.arn)"}}"#,
            kind: .identity)
        let key = try await world.key(.document(policy))
        let linked = #","RotationLambdaARN":"arn:aws:lambda:eu-west-1:123456789012:function:linked""#
        let refused = try await world.send("RotateSecret", rotate("a", "r1", linked), by: key)
        #expect(refused.string("__type") == "AccessDeniedException" && world.asked.all.isEmpty)
        #expect(try await world.store.secret(.arn(id)).rotation?.functionARN == nil)
        try await world.done("RotateSecret", rotate("a", "r1", linked))
        #expect(world.asked.all.count == 1)
    }

    @Test("while AWSPENDING is on a version that is not current a rotation is refused; cancelling names that version")
    func inProgress() async throws {
        let (world, _) = try await makeWorld()
        try await world.done(
            "PutSecretValue",
            #"{"SecretId":"a","ClientRequestToken":"\#(token("p"))","SecretString":"2","VersionStages":["AWSPENDING"]}"#
        )
        #expect(
            try await world.send("RotateSecret", rotate("a", "r1")).error
                == "InvalidRequestException: A previous rotation isn't complete. That rotation will be reattempted.")
        #expect(world.asked.all.isEmpty)
        let cancelled = try await world.done("CancelRotateSecret", #"{"SecretId":"a"}"#)
        #expect(cancelled.string("VersionId") == token("p"))
        let shown = try await world.done("DescribeSecret", #"{"SecretId":"a"}"#)
        #expect(shown.members["RotationEnabled"] as? Bool == false)
        try await world.done("CreateSecret", #"{"Name":"c"}"#)
        #expect(
            try await world.send("CancelRotateSecret", #"{"SecretId":"c"}"#).string("__type")
                == "InvalidRequestException")
    }
}
