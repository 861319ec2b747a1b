import KeyturnCore
import Testing

@Suite("Secrets and values over the API") struct ValueTests {
    @Test("a secret is made, read, changed and made again with one token as the service does")
    func life() async throws {
        let world = try await APIWorld()
        let create = #"{"Name":"prod/orders","ClientRequestToken":"\#(token("v1"))","SecretString":"one"}"#
        let made = try await world.done("CreateSecret", create)
        #expect(made.string("VersionId") == token("v1") && made.string("Name") == "prod/orders")
        #expect(try await world.done("CreateSecret", create).text == made.text)
        let read = try await world.done("GetSecretValue", #"{"SecretId":"prod/orders"}"#)
        #expect(read.string("SecretString") == "one" && read.members["VersionStages"] as? [String] == ["AWSCURRENT"])
        let put = try await world.done(
            "PutSecretValue",
            #"{"SecretId":"prod/orders","ClientRequestToken":"\#(token("v2"))","SecretBinary":"Zm9v"}"#)
        #expect(put.members["VersionStages"] as? [String] == ["AWSCURRENT"])
        let binary = try await world.done("GetSecretValue", #"{"SecretId":"prod/orders"}"#)
        #expect(binary.string("SecretBinary") == "Zm9v" && binary.members["SecretString"] == nil)
        let previous = try await world.done(
            "GetSecretValue", #"{"SecretId":"prod/orders","VersionStage":"AWSPREVIOUS"}"#)
        #expect(previous.string("SecretString") == "one")
        let update = try await world.done("UpdateSecret", #"{"SecretId":"prod/orders","Description":"d"}"#)
        #expect(update.members["VersionId"] == nil)
        let shown = try await world.done("DescribeSecret", #"{"SecretId":"prod/orders"}"#)
        #expect(shown.string("Description") == "d" && shown.members["RotationEnabled"] == nil)
        #expect(
            shown.members["VersionIdsToStages"] as? [String: [String]]
                == [token("v1"): ["AWSPREVIOUS"], token("v2"): ["AWSCURRENT"]])
    }

    @Test(
        "what is refused is refused with the service's error and words",
        arguments: [
            (
                "CreateSecret", #"{"Name":"a","SecretString":"x"}"#,
                "InvalidRequestException: You must provide a ClientRequestToken value. We recommend a UUID-type value."
            ),
            (
                "RotateSecret", #"{"SecretId":"none"}"#,
                "InvalidParameterException: You must provide a ClientRequestToken value. We recommend a UUID-type value."
            ),
            (
                "GetSecretValue", #"{"SecretId":"none"}"#,
                "ResourceNotFoundException: Secrets Manager can't find the specified secret."
            ),
            (
                "GetSecretValue", #"{"SecretId":"empty"}"#,
                "ResourceNotFoundException: Secrets Manager can't find the specified secret value for staging label: "
                    + "AWSCURRENT"
            ),
            (
                "GetSecretValue", #"{"SecretId":"full","VersionId":"\#(token("v9"))"}"#,
                "ResourceNotFoundException: Secrets Manager can't find the specified secret value for VersionId: "
                    + token("v9")
            ),
            (
                "GetSecretValue", #"{"SecretId":"full","VersionId":"\#(token("v1"))","VersionStage":"AWSPREVIOUS"}"#,
                "InvalidRequestException: You provided a VersionStage that is not associated to the provided VersionId."
            ),
            (
                "CreateSecret", #"{"Name":"full","ClientRequestToken":"\#(token("v2"))","SecretString":"one"}"#,
                "ResourceExistsException: The operation failed because the secret full already exists."
            ),
            (
                "GetSecretValue", #"{"SecretId":"gone"}"#,
                "InvalidRequestException: You can't perform this operation on the secret because it was marked for "
                    + "deletion."
            ),
            (
                "CreateSecret", #"{"Name":"gone","ClientRequestToken":"\#(token("v2"))","SecretString":"one"}"#,
                "InvalidRequestException: You can't create this secret because a secret with this name is already "
                    + "scheduled for deletion."
            ),
            (
                "DeleteSecret", #"{"SecretId":"full","RecoveryWindowInDays":6}"#,
                "InvalidParameterException: The RecoveryWindowInDays value must be between 7 and 30 days (inclusive)."
            ),
            (
                "UpdateSecretVersionStage",
                #"{"SecretId":"full","VersionStage":"AWSCURRENT","MoveToVersionId":"\#(token("v0"))"}"#,
                "ResourceNotFoundException: Secrets Manager can't find the specified secret value for VersionId: "
                    + token("v0")
            ),
            (
                "GetSecretValue", #"{"SecretId":"a b"}"#,
                "ValidationException: Invalid name. Must be a valid name containing alphanumeric characters, or any of "
                    + "the following: -/_+=.@!"
            ),
            (
                "ReplicateSecretToRegions", #"{"SecretId":"full","AddReplicaRegions":[{"Region":"us-east-1"}]}"#,
                "InvalidParameterException: Invalid replica region."
            ),
            (
                "ListSecrets", #"{"NextToken":"garbage"}"#,
                "InvalidNextTokenException: The NextToken value is invalid."
            ),
        ])
    func refusals(_ operation: String, _ json: String, _ error: String) async throws {
        let world = try await APIWorld()
        try await world.done("CreateSecret", #"{"Name":"empty"}"#)
        for name in ["full", "gone"] {
            try await world.done(
                "CreateSecret", #"{"Name":"\#(name)","ClientRequestToken":"\#(token("v1"))","SecretString":"one"}"#)
        }
        try await world.done("DeleteSecret", #"{"SecretId":"gone"}"#)
        let answer = try await world.send(operation, json)
        #expect(answer.error == error)
        #expect(answer.status == 400)
        #expect(answer.headers["x-amzn-errortype"] == answer.string("__type"))
        #expect(answer.headers["x-amzn-requestid"]?.count == 36)
    }

    @Test("a token with another value is refused by each call that takes one, and the value stays")
    func tokens() async throws {
        let world = try await APIWorld()
        let made = try await world.done(
            "CreateSecret", #"{"Name":"a","ClientRequestToken":"\#(token("v1"))","SecretString":"one"}"#)
        let arn = try #require(made.string("ARN"))
        let expected =
            "ResourceExistsException: You can't use ClientRequestToken \(token("v1")) because that value is already in "
            + "use for a version of secret \(arn)."
        let rest = #""ClientRequestToken":"\#(token("v1"))","SecretString":"two"}"#
        for (operation, member) in [
            ("CreateSecret", "Name"), ("PutSecretValue", "SecretId"), ("UpdateSecret", "SecretId"),
        ] {
            let answer = try await world.send(operation, #"{"\#(member)":"a","# + rest)
            #expect(answer.error == expected, "\(operation)")
        }
        let again = #"{"SecretId":"a","ClientRequestToken":"\#(token("v1"))","SecretString":"one"}"#
        #expect(try await world.done("UpdateSecret", again).string("VersionId") == token("v1"))
        #expect(try await world.done("GetSecretValue", #"{"SecretId":"a"}"#).string("SecretString") == "one")
    }

    @Test("tags are absent until there were some, and an empty list when the last has gone")
    func tags() async throws {
        let world = try await APIWorld()
        try await world.done("CreateSecret", #"{"Name":"a"}"#)
        let bare = try await world.done("DescribeSecret", #"{"SecretId":"a"}"#)
        #expect(bare.members["Tags"] == nil && bare.members["VersionIdsToStages"] == nil)
        let tagged = try await world.done("TagResource", #"{"SecretId":"a","Tags":[{"Key":"k","Value":"v"}]}"#)
        #expect(tagged.text.isEmpty)
        let shown = try await world.done("DescribeSecret", #"{"SecretId":"a"}"#)
        #expect(shown.text.contains(#""Tags":[{"Key":"k","Value":"v"}]"#))
        try await world.done("UntagResource", #"{"SecretId":"a","TagKeys":["k"]}"#)
        #expect(try await world.done("DescribeSecret", #"{"SecretId":"a"}"#).text.contains(#""Tags":[]"#))
    }
}
