import Foundation
import Glibc
import KeyturnFixtures
import Testing

/// A user of AWS's client who configures Keyturn's own strategies with nothing but AWS's calls.
@Suite(
    "RotateSecret, by AWS's client",
    .enabled(if: AWSClient.isThereOrRequired && Availability.postgresOrRequired), .timeLimit(.minutes(5)))
struct RotateSecretTests {
    /// Reads the key, the template and the superuser's secret; configures with a test alone, then rotates twice.
    private static let session = #"""
        import json, sys, time, uuid
        import botocore.session
        from botocore.config import Config
        from botocore.exceptions import ClientError
        key = json.load(sys.stdin)
        c = botocore.session.get_session().create_client(
            "secretsmanager", region_name="local", endpoint_url=key["endpoint"],
            aws_access_key_id=key["accessKeyId"], aws_secret_access_key=key["secretAccessKey"],
            config=Config(retries={"total_max_attempts": 12}))
        def refused(code, **arguments):
            try:
                c.rotate_secret(SecretId="prod/orders", **arguments)
            except ClientError as error:
                assert error.response["Error"]["Code"] == code, error
                return
            raise AssertionError(f"{code} was expected")
        def shown():
            return c.describe_secret(SecretId="prod/orders")
        def wait(version):
            end = time.time() + 60
            while shown()["VersionIdsToStages"].get(version) != ["AWSCURRENT"]:
                assert time.time() < end, shown()
                time.sleep(0.05)
        arn = "arn:aws:lambda:eu-west-1:123456789012:function:" + key["template"]
        refused("InvalidRequestException")
        refused("AccessDeniedException", RotationLambdaARN=arn + "2")
        refused("InvalidRequestException", RotationLambdaARN=arn.replace(key["engine"], key["other"]))
        assert "RotationEnabled" not in shown()
        if "MultiUser" in arn:
            refused("InvalidRequestException", RotationLambdaARN=arn)
            value = json.loads(c.get_secret_value(SecretId="prod/orders")["SecretString"])
            value["masterarn"] = c.describe_secret(SecretId="admin")["ARN"]
            c.put_secret_value(SecretId="prod/orders", SecretString=json.dumps(value))
        before = shown()
        test = c.rotate_secret(SecretId="prod/orders", RotationLambdaARN=arn, RotateImmediately=False,
                               RotationRules={"ScheduleExpression": "cron(0 16 1,15 * ? *)", "Duration": "2h"})
        after = shown()
        assert after["RotationEnabled"] is True and after["RotationLambdaARN"] == arn, after
        assert after["RotationRules"] == {"ScheduleExpression": "cron(0 16 1,15 * ? *)", "Duration": "2h"}, after
        assert after["VersionIdsToStages"] == before["VersionIdsToStages"] and "LastRotatedDate" not in after, after
        assert after["NextRotationDate"].strftime("%H:%M:%S") == "17:59:59", after
        for token in (str(uuid.uuid4()), str(uuid.uuid4())):
            end = time.time() + 60
            while True:
                # The test of before may still be under way.
                try:
                    assert c.rotate_secret(SecretId="prod/orders", ClientRequestToken=token)["VersionId"] == token
                    break
                except ClientError as error:
                    assert "A previous rotation isn't complete" in str(error) and time.time() < end, error
                    time.sleep(0.05)
            wait(token)
            assert c.rotate_secret(SecretId="prod/orders", ClientRequestToken=token)["VersionId"] == token
        assert shown()["RotationRules"]["AutomaticallyAfterDays"] in (14, 15, 16, 17), shown()
        user = json.loads(c.get_secret_value(SecretId="prod/orders")["SecretString"])["username"]
        assert user == key["user"], user
        assert c.rotate_secret(SecretId="prod/orders", RotationRules={"AutomaticallyAfterDays": 30})["VersionId"]
        assert shown()["RotationRules"] == {"AutomaticallyAfterDays": 30}
        """#

    @Test(
        "AWS's calls alone enrol and rotate a user, by the names of AWS's functions",
        arguments: DatabaseServer.Kind.available, ["SingleUser", "MultiUser"])
    func enrol(kind: DatabaseServer.Kind, template: String) throws {
        let isAlternating = template == "MultiUser"
        let enrolled = try EnrolledSecret(
            EnrolledSecret.Way(kind, isAlternating ? "alternating-users" : "single-user"), configured: false)
        let keyturn = enrolled.keyturn
        let port = try Loopback.freePort()
        try keyturn.configure(sinks: true, level: "info", more: "api: { listen: \"127.0.0.1:\(port)\" }")
        var key = try keyturn.json("access-key", "create")
        key["endpoint"] = "http://127.0.0.1:\(port)"
        key["engine"] = kind.templateEngine
        key["other"] = kind.isPostgres ? "MySQL" : "PostgreSQL"
        key["template"] = "SecretsManagerRDS\(kind.templateEngine)Rotation\(template)"
        key["user"] = enrolled.user
        let daemon = try keyturn.start("serve")
        let result = try KeyturnFixtures.run(
            "python3", ["-c", Self.session], input: try JSONSerialization.data(withJSONObject: key),
            timeout: .seconds(120))
        #expect(result.status == 0, "\(result.error)\(daemon.error)")
        daemon.send(signal: SIGTERM)
        #expect(try daemon.wait(timeout: .seconds(30)).status == 0)
        // The third rotation was begun when its call was answered; what the signal left of it is finished here.
        _ = try keyturn.run("rotate", enrolled.secret)
        try enrolled.expectCurrentWorks()
        let events = try keyturn.eventNames()
        #expect(events.filter { $0.hasPrefix("TestRotation") } == ["TestRotationStarted", "TestRotationSucceeded"])
    }

    /// Rotates once, and says the token as soon as the call is answered.
    private static let request = #"""
        import json, sys
        import botocore.session
        from botocore.config import Config
        key = json.load(sys.stdin)
        c = botocore.session.get_session().create_client(
            "secretsmanager", region_name="local", endpoint_url=key["endpoint"],
            aws_access_key_id=key["accessKeyId"], aws_secret_access_key=key["secretAccessKey"],
            config=Config(retries={"total_max_attempts": 12}))
        print(c.rotate_secret(SecretId="prod/orders")["VersionId"], flush=True)
        """#

    @Test("a rotation that was promised is finished by the next daemon, if the first is killed right behind its answer")
    func killed() throws {
        let enrolled = try EnrolledUser()
        let keyturn = enrolled.keyturn
        let port = try Loopback.freePort()
        try keyturn.configure(sinks: true, level: "info", more: "api: { listen: \"127.0.0.1:\(port)\" }")
        var key = try keyturn.json("access-key", "create")
        key["endpoint"] = "http://127.0.0.1:\(port)"
        let input = try JSONSerialization.data(withJSONObject: key)
        for _ in 0..<4 {
            let daemon = try keyturn.start("serve")
            let client = try KeyturnFixtures.run("python3", ["-c", Self.request], input: input)
            daemon.send(signal: SIGKILL)
            _ = try daemon.wait(timeout: .seconds(20))
            let token = client.output.trimmingCharacters(in: .whitespacesAndNewlines)
            try #require(client.status == 0, "\(client.error)\(daemon.error)")
            let next = try keyturn.start("serve")
            let isCurrent = waitUntil(timeout: .seconds(60), every: .milliseconds(100)) {
                (try? keyturn.run("secret", "get", "prod/orders", "--version-id", token, "--stage", "AWSCURRENT"))?
                    .status
                    == 0
            }
            #expect(isCurrent, "\(token): \(next.error)")
            try enrolled.expectCurrentWorks()
            next.send(signal: SIGTERM)
            #expect(try next.wait(timeout: .seconds(30)).status == 0)
        }
    }
}

extension DatabaseServer.Kind {
    /// The engine in the names of AWS's functions.
    fileprivate var templateEngine: String {
        isPostgres ? "PostgreSQL" : engine == "mariadb" ? "MariaDB" : "MySQL"
    }
}
