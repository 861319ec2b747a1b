import KeyturnCore
import KeyturnSQLiteStore
import SecretsManagerWire
import Testing

@Suite("Who may call the API") struct AccessTests {
    private let unknown = "UnrecognizedClientException: The security token included in the request is invalid."

    @Test("a request that is not signed by a key of ours is refused, and no operation is looked at")
    func signatures() async throws {
        let world = try await APIWorld()
        let json = #"{"SecretId":"none"}"#
        let unsigned = try await world.send("GetSecretValue", json) { request in
            request.headers.removeAll { $0.name.lowercased() == "authorization" }
        }
        #expect(unsigned.error == "MissingAuthenticationTokenException: Missing Authentication Token")
        #expect(try await world.send("GetSecretValue", json, by: APIWorld.makeKey(.builtIn(.admin))).error == unknown)
        let other = AccessKey(
            record: world.admin.record, secret: APIWorld.makeKey(.builtIn(.admin)).secret, sessionToken: nil)
        #expect(try await world.send("GetSecretValue", json, by: other).string("__type") == "InvalidSignatureException")
        let expired = APIWorld.makeKey(.builtIn(.admin), expiresAt: start)
        try await world.store.create(expired)
        #expect(
            try await world.send("GetSecretValue", json, by: expired).error
                == "ExpiredTokenException: The security token included in the request is expired")
        let session = APIWorld.makeKey(.builtIn(.admin), hasSessionToken: true)
        try await world.store.create(session)
        #expect(try await world.send("GetSecretValue", json, by: session).error == unknown)
        #expect(try await world.send("GetSecrets", json).string("__type") == "UnknownOperationException")
        #expect(try await world.send("GetSecretValue", "{").string("__type") == "SerializationException")
    }

    @Test("a key reads what its policy names; whether anything else exists it is not told")
    func leastPrivilege() async throws {
        let world = try await APIWorld()
        for name in ["mine", "other"] {
            try await world.done(
                "CreateSecret", #"{"Name":"\#(name)","ClientRequestToken":"\#(token("v1"))","SecretString":"one"}"#)
        }
        let policy = try PolicyDocument(
            #"""
            {"Version":"2012-10-17","Statement":[
             {"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"arn:aws:secretsmanager:*:*:secret:mine-??????"},
             {"Effect":"Allow","Action":"secretsmanager:BatchGetSecretValue","Resource":"*"}]}
            """#, kind: .identity)
        let key = try await world.key(.document(policy), name: "app")
        try await world.done("GetSecretValue", #"{"SecretId":"mine"}"#, by: key)
        for name in ["other", "none"] {
            let answer = try await world.send("GetSecretValue", #"{"SecretId":"\#(name)"}"#, by: key)
            #expect(
                answer.error
                    == "AccessDeniedException: User: arn:aws:iam::000000000000:user/app is not authorized to perform: "
                    + "secretsmanager:GetSecretValue on resource: \(name) because no identity-based policy allows the "
                    + "secretsmanager:GetSecretValue action")
        }
        let batch = try await world.done("BatchGetSecretValue", #"{"SecretIdList":["mine","other"]}"#, by: key)
        #expect((batch.members["SecretValues"] as? [Any])?.count == 1)
        #expect(batch.text.contains(#""ErrorCode":"AccessDeniedException""#))
        let write = #"{"SecretId":"mine","ClientRequestToken":"\#(token("v2"))","SecretString":"two"}"#
        #expect(try await world.send("PutSecretValue", write, by: key).string("__type") == "AccessDeniedException")
    }

    @Test("a secret's policy lets a key in and keeps the admin out; one that locks its caller out is not stored")
    func resourcePolicies() async throws {
        let world = try await APIWorld()
        try await world.done(
            "CreateSecret", #"{"Name":"a","ClientRequestToken":"\#(token("v1"))","SecretString":"one"}"#)
        let nothing = try PolicyDocument(
            #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"secretsmanager:GetRandomPassword","Resource":"*"}}"#,
            kind: .identity)
        let key = try await world.key(.document(nothing), name: "app")
        #expect(try await world.send("GetSecretValue", #"{"SecretId":"a"}"#, by: key).status == 400)
        func put(_ statement: String) async throws -> Answer {
            let text = #"{\"Version\":\"2012-10-17\",\"Statement\":[\#(statement)]}"#
            return try await world.send("PutResourcePolicy", #"{"SecretId":"a","ResourcePolicy":"\#(text)"}"#)
        }
        let allow = try await put(
            #"{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::000000000000:user/app\"},\"Action\":\"secretsmanager:GetSecretValue\",\"Resource\":\"*\"},{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"secretsmanager:DeleteSecret\",\"Resource\":\"*\"}"#
        )
        #expect(allow.status == 200)
        #expect(
            try await world.done("GetSecretValue", #"{"SecretId":"a"}"#, by: key).string("SecretString") == "one")
        #expect(
            try await world.send("DeleteSecret", #"{"SecretId":"a"}"#).error.contains(
                "with an explicit deny in a resource-based policy"))
        let lockOut = try await put(
            #"{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"secretsmanager:*\",\"Resource\":\"*\"}"#)
        #expect(lockOut.string("__type") == "InvalidRequestException")
        let malformed = try await put("")
        #expect(malformed.string("__type") == "MalformedPolicyDocumentException")
        try await world.done("DeleteResourcePolicy", #"{"SecretId":"a"}"#)
        #expect(try await world.send("GetSecretValue", #"{"SecretId":"a"}"#, by: key).status == 400)
    }

    @Test("beyond its rate a key is throttled, and another is not")
    func rates() async throws {
        let world = try await APIWorld(limits: try RequestLimits(scale: 2))
        #expect(try await world.send("GetRandomPassword", "{}").status == 200)
        #expect(try await world.send("GetRandomPassword", "{}").error == "ThrottlingException: Rate exceeded")
        let other = try await world.key(.builtIn(.readOnly))
        #expect(try await world.send("GetRandomPassword", "{}", by: other).status == 200)
    }

    @Test("a network from which nobody signs is turned away unseen; keys that have signed well from it are not")
    func failures() async throws {
        let world = try await APIWorld()
        let json = #"{"SecretId":"none"}"#
        #expect(try await world.send("GetSecretValue", json).string("__type") == "ResourceNotFoundException")
        let (stranger, fresh) = (APIWorld.makeKey(.builtIn(.admin)), try await world.key(.builtIn(.admin)))
        for _ in 0..<SignatureFailures.rate {
            #expect(try await world.send("GetSecretValue", json, by: stranger).error == unknown)
        }
        let throttled = "ThrottlingException: Rate exceeded"
        #expect(try await world.send("GetSecretValue", json, by: stranger).error == throttled)
        #expect(try await world.send("GetSecretValue", json, by: fresh).error == throttled, "not known from there yet")
        #expect(try await world.send("GetSecretValue", json).string("__type") == "ResourceNotFoundException")
        let later = start.advanced(by: .milliseconds(50))
        #expect(try await world.send("GetSecretValue", json, by: fresh, at: later).status == 400)
        #expect(
            try await world.send("GetSecretValue", json, by: fresh).string("__type") == "ResourceNotFoundException")
    }
}
