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
        #expect(asked.secret == id && asked.token.text == token("r1") && asked.requestedAt == start)
        #expect(try await world.send("RotateSecret", rotate("b", "r1")).error == "ThrottlingException: Rate exceeded")
        // The token's version is there: nothing is asked for again.
        try await world.done("RotateSecret", rotate("b", "v1"))
        #expect(world.asked.all.count == 1)
        try await world.done("CreateSecret", #"{"Name":"c"}"#)
        #expect(
            try await world.send("RotateSecret", rotate("c", "r1")).error
                == "InvalidRequestException: No Lambda rotation function ARN is associated with this secret.")
        let settings = try await world.send("RotateSecret", rotate("a", "r2", #","RotateImmediately":false"#))
        #expect(settings.string("__type") == "InvalidRequestException")
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
