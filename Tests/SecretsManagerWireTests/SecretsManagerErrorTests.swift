import Foundation
import KeyturnCore
import SecretsManagerWire
import Testing

@Suite("SecretsManagerError") struct SecretsManagerErrorTests {
    @Test("the body that was recorded is written byte for byte")
    func recorded() {
        #expect(
            SecretsManagerError.missingToken(.putSecretValue).json.text
                == #"{"__type":"InvalidRequestException","Message":"You must provide a ClientRequestToken value. We recommend a UUID-type value."}"#
        )
    }

    @Test("a missing token is another error for RotateSecret")
    func missingToken() {
        for operation in SecretsManagerOperation.allCases {
            let expected: SecretsManagerError.Code = operation == .rotateSecret ? .invalidParameter : .invalidRequest
            #expect(SecretsManagerError.missingToken(operation).code == expected)
        }
    }

    @Test("only our own failure is 500; a missing secret is 400", arguments: SecretsManagerError.Code.allCases)
    func statuses(code: SecretsManagerError.Code) {
        #expect(SecretsManagerError(code, "m").status == (code == .internalServiceError ? 500 : 400))
    }

    @Test("a client reads what a server writes", arguments: SecretsManagerError.Code.allCases)
    func received(code: SecretsManagerError.Code) throws {
        let error = SecretsManagerError(code, "it's \"quoted\" and typographic ’")
        let object = try #require(
            JSONSerialization.jsonObject(with: Data(error.json.text.utf8)) as? [String: String])
        #expect(object == ["__type": code.rawValue, code.isModelled ? "Message" : "message": error.message])
        let received = ReceivedError(status: error.status, body: error.json)
        #expect(received.code == code && received.message == error.message && received.status == error.status)
    }

    @Test(
        "names are read with a namespace, from the header, and in other clothes",
        arguments: [
            (#"{"__type":"com.amazonaws.secretsmanager#ThrottlingException","message":"m"}"#, nil),
            (#"{"__type":"ThrottlingException:http://internal/","Message":"m"}"#, nil),
            (#"{"message":"m"}"#, "ThrottlingException:http://internal/"),
            (#"{"code":"ThrottlingException","message":"m"}"#, nil),
        ] as [(String, String?)])
    func names(body: String, header: String?) {
        let error = ReceivedError(status: 400, errorType: header, body: SecretBytes(body))
        #expect(error.name == "ThrottlingException" && error.code == .throttling && error.message == "m")
    }

    @Test(
        "an error that is not JSON, or of a kind nobody knows, is still an error",
        arguments: ["", "<html>", "[]", "{", #"{"__type":7}"#])
    func unreadable(body: String) throws {
        guard
            case .failure(let error) = try SecretsManagerReply<GetSecretValueOutput>(
                status: 503, body: SecretBytes(body))
        else {
            Issue.record("a status of 503 is a failure")
            return
        }
        #expect(error.status == 503 && error.name == "" && error.code == nil && error.message == "")
        let other = ReceivedError(status: 400, body: SecretBytes(#"{"__type":"NewException"}"#))
        #expect(other.name == "NewException" && other.code == nil)
    }

    @Test(
        "a success that cannot be read says so without repeating it",
        arguments: ["{", "<html>canary", #"{"Name":"canary"}"#, #"{"ARN":1}"#])
    func unreadableSuccess(body: String) {
        do {
            _ = try SecretsManagerReply<GetSecretValueOutput>(status: 200, body: SecretBytes(body))
            Issue.record("it was read")
        } catch {
            #expect(error.status == 200 && !error.description.contains("canary"))
        }
    }

    @Test("a server's long message is cut")
    func longMessage() {
        let body = #"{"__type":"E","message":"\#(String(repeating: "m", count: 100_000))"}"#
        #expect(ReceivedError(status: 400, body: SecretBytes(body)).message.count == 2048)
    }

    @Test("the texts of the service are written to the letter")
    func texts() throws {
        let label = try StagingLabel("AWSCURRENT")
        let version = try VersionID("terraform-20260203173402627700000001")
        let secret = SecretID(arn: "arn:aws:secretsmanager:local:000000000000:secret:a-abcdef")
        let both = ScheduleError(
            .invalidParameter, in: .scheduleExpression,
            message: "You cannot specify both rotation frequency and schedule expression together.", reason: "both",
            remedy: "one")
        let texts: [(SecretsManagerError, String)] = [
            (.secretNotFound(), "Secrets Manager can't find the specified secret."),
            (
                .valueNotFound(for: label),
                "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT"
            ),
            (
                .valueNotFound(for: version),
                "Secrets Manager can't find the specified secret value for VersionId: terraform-20260203173402627700000001"
            ),
            (
                .tokenInUse(version, of: secret),
                "You can't use ClientRequestToken terraform-20260203173402627700000001 because that value is already in "
                    + "use for a version of secret arn:aws:secretsmanager:local:000000000000:secret:a-abcdef."
            ),
            (
                .refused(InvalidInput(field: "SecretString", problem: "has 65537 bytes", remedy: "use fewer")),
                "SecretString has 65537 bytes: use fewer."
            ),
            (.secretExists(try SecretName("a")), "The operation failed because the secret a already exists."),
            (
                .removeFromVersionMissing(label, attachedTo: version),
                "The parameter RemoveFromVersionId can't be empty. Staging label AWSCURRENT is currently attached to "
                    + "version terraform-20260203173402627700000001, so you must explicitly reference that version in "
                    + "RemoveFromVersionId."
            ),
            (
                .accessDenied(to: "arn:aws:iam::1:user/u", .getSecretValue, on: secret.arn),
                "User: arn:aws:iam::1:user/u is not authorized to perform: secretsmanager:GetSecretValue on resource: "
                    + "arn:aws:secretsmanager:local:000000000000:secret:a-abcdef because no identity-based policy allows "
                    + "the secretsmanager:GetSecretValue action"
            ),
            (
                .schedule(both),
                "You cannot specify both rotation frequency and schedule expression together."
            ),
        ]
        for (error, text) in texts { #expect(error.message == text) }
    }
}
