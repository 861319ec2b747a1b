import Foundation
import Glibc
import KeyturnFixtures
import Testing

/// AWS's own client for Python against the real daemon.
@Suite("The API, by AWS's client", .enabled(if: AWSClient.isThereOrRequired), .timeLimit(.minutes(5)))
struct APITests {
    @Test("a session through the operations goes as it does with AWS, and the log has nothing of a value")
    func session() throws {
        let keyturn = try Keyturn()
        let port = try Loopback.freePort()
        try keyturn.configure(sinks: true, level: "trace", more: "api: { listen: \"127.0.0.1:\(port)\" }")
        var key = try keyturn.json("access-key", "create", "--name", "app")
        key["endpoint"] = "http://127.0.0.1:\(port)"
        let daemon = try keyturn.start("serve")
        let health = "http://127.0.0.1:\(port)/healthz"
        let isReady = waitUntil(timeout: .seconds(60), every: .milliseconds(50)) {
            (try? KeyturnFixtures.run("curl", ["-sf", "--max-time", "5", health]))?.status == 0
        }
        try #require(isReady, "\(daemon.error)")
        let result = try KeyturnFixtures.run(
            "python3", ["-c", AWSClient.session], input: try JSONSerialization.data(withJSONObject: key))
        #expect(result.status == 0, "\(result.error)")
        daemon.send(signal: SIGTERM)
        let ended = try daemon.wait(timeout: .seconds(20))
        #expect(ended.status == 0)
        let said = ended.output + ended.error
        #expect(said.contains("operation=GetSecretValue"))
        let secretKey = try #require(key["secretAccessKey"] as? String)
        for value in [AWSClient.canary, secretKey] { #expect(!said.contains(value)) }
        let listed = try keyturn.run("access-key", "list")
        #expect(!listed.output.contains("never  never"), "\(listed.output)")
    }

    @Test(
        "RotateSecret rotates a real user's password: the token becomes AWSCURRENT, and it logs in",
        .enabled(if: Availability.postgresOrRequired))
    func rotate() throws {
        let enrolled = try EnrolledUser()
        let keyturn = enrolled.keyturn
        let port = try Loopback.freePort()
        try keyturn.configure(sinks: true, level: "info", more: "api: { listen: \"127.0.0.1:\(port)\" }")
        var key = try keyturn.json("access-key", "create")
        key["endpoint"] = "http://127.0.0.1:\(port)"
        let daemon = try keyturn.start("serve")
        let result = try KeyturnFixtures.run(
            "python3", ["-c", AWSClient.rotation], input: try JSONSerialization.data(withJSONObject: key))
        #expect(result.status == 0, "\(result.error)\(daemon.error)")
        try enrolled.expectCurrentWorks()
        #expect(try keyturn.password(enrolled.secret) != enrolled.firstPassword)
        daemon.send(signal: SIGTERM)
        #expect(try daemon.wait(timeout: .seconds(20)).status == 0)
    }
}

/// AWS's client for Python: a signer and a parser that this project did not write.
enum AWSClient {
    /// A value that the session stores and reads.
    static let canary = "CanaryOfTheSession"

    /// Whether Python has it, or its absence has to fail the run: `KEYTURN_REQUIRE_DATABASES=1`, unless
    /// `KEYTURN_ALLOW_MISSING` names `botocore`.
    static let isThereOrRequired: Bool = {
        let allowed = ProcessInfo.processInfo.environment["KEYTURN_ALLOW_MISSING"]?.split(separator: ",") ?? []
        let isThere = (try? KeyturnFixtures.run("python3", ["-c", "import botocore"]))?.status == 0
        return isThere || (Availability.databasesRequired && !allowed.contains("botocore"))
    }()

    /// Reads endpoint and key from its input, and ends with a status if anything is not as with AWS.
    static let session = #"""
        import json, os, sys
        import botocore.session
        from botocore.config import Config
        from botocore.exceptions import ClientError

        key = json.load(sys.stdin)
        session = botocore.session.get_session()
        def client(secret=key["secretAccessKey"]):
            return session.create_client(
                "secretsmanager", region_name="local", endpoint_url=key["endpoint"],
                aws_access_key_id=key["accessKeyId"], aws_secret_access_key=secret,
                config=Config(retries={"total_max_attempts": 1}))
        c = client()
        def refused(code, call, **arguments):
            try:
                call(**arguments)
            except ClientError as error:
                assert error.response["Error"]["Code"] == code, error
                assert error.response["ResponseMetadata"]["RequestId"], error
                return error.response["Error"]["Message"]
            raise AssertionError(f"{code} was expected")

        made = c.create_secret(Name="app/one", SecretString="CanaryOfTheSession \u00e4 \"1\"", Tags=[{"Key": "team", "Value": "a"}])
        assert c.get_secret_value(SecretId=made["ARN"])["SecretString"] == "CanaryOfTheSession \u00e4 \"1\""
        assert c.get_secret_value(SecretId=made["ARN"][:-7])["VersionId"] == made["VersionId"]
        put = c.put_secret_value(SecretId="app/one", SecretBinary=bytes(range(256)), VersionStages=["AWSPENDING"])
        assert c.get_secret_value(SecretId="app/one", VersionStage="AWSPENDING")["SecretBinary"] == bytes(range(256))
        c.update_secret_version_stage(
            SecretId="app/one", VersionStage="AWSCURRENT", MoveToVersionId=put["VersionId"],
            RemoveFromVersionId=made["VersionId"])
        c.update_secret_version_stage(SecretId="app/one", VersionStage="AWSPENDING", RemoveFromVersionId=put["VersionId"])
        shown = c.describe_secret(SecretId="app/one")
        assert shown["VersionIdsToStages"] == {made["VersionId"]: ["AWSPREVIOUS"], put["VersionId"]: ["AWSCURRENT"]}, shown
        assert shown["Tags"] == [{"Key": "team", "Value": "a"}] and shown["LastAccessedDate"].hour == 0
        updated = c.update_secret(SecretId="app/one", Description="words of it", SecretString="x" * 65536)
        assert len(c.get_secret_value(SecretId="app/one")["SecretString"]) == 65536 and updated["VersionId"]
        refused("ValidationException", c.put_secret_value, SecretId="app/one", SecretString="x" * 65537)
        for index in range(7):
            c.create_secret(Name=f"many/{index}", SecretString=str(index))
        names = [s["Name"] for page in c.get_paginator("list_secrets").paginate(PaginationConfig={"PageSize": 3},
                 Filters=[{"Key": "name", "Values": ["many/"]}]) for s in page["SecretList"]]
        assert names == [f"many/{index}" for index in range(7)], names
        batch = c.batch_get_secret_value(SecretIdList=["many/1", "many/2", "nothing"])
        assert [v["SecretString"] for v in batch["SecretValues"]] == ["1", "2"]
        assert [e["ErrorCode"] for e in batch["Errors"]] == ["ResourceNotFoundException"]
        values, token = [], {}
        while True:
            page = c.batch_get_secret_value(Filters=[{"Key": "name", "Values": ["many/"]}], MaxResults=2, **token)
            values += [v["SecretString"] for v in page["SecretValues"]]
            if "NextToken" not in page:
                break
            token = {"NextToken": page["NextToken"]}
        assert values == [str(index) for index in range(7)], values
        assert len(c.list_secret_version_ids(SecretId="app/one", IncludeDeprecated=True)["Versions"]) == 3
        c.tag_resource(SecretId="app/one", Tags=[{"Key": "b", "Value": ""}])
        c.untag_resource(SecretId="app/one", TagKeys=["team", "b"])
        assert c.describe_secret(SecretId="app/one")["Tags"] == []
        assert len(c.get_random_password(PasswordLength=40, ExcludePunctuation=True)["RandomPassword"]) == 40
        policy = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Principal": "*",
                             "Action": "secretsmanager:RestoreSecret", "Resource": "*"}})
        assert c.validate_resource_policy(SecretId="app/one", ResourcePolicy=policy)["PolicyValidationPassed"]
        c.put_resource_policy(SecretId="app/one", ResourcePolicy=policy)
        assert c.get_resource_policy(SecretId="app/one")["ResourcePolicy"] == policy
        assert "explicit deny" in refused("AccessDeniedException", c.restore_secret, SecretId="app/one")
        c.delete_resource_policy(SecretId="app/one")
        assert "ResourcePolicy" not in c.get_resource_policy(SecretId="app/one")
        refused("InvalidRequestException", c.rotate_secret, SecretId="app/one")
        refused("InvalidRequestException", c.cancel_rotate_secret, SecretId="app/one")
        refused("InvalidParameterException", c.replicate_secret_to_regions, SecretId="app/one",
                AddReplicaRegions=[{"Region": "eu-west-1"}])
        c.delete_secret(SecretId="app/one", RecoveryWindowInDays=7)
        refused("InvalidRequestException", c.get_secret_value, SecretId="app/one")
        c.restore_secret(SecretId="app/one")
        c.delete_secret(SecretId="app/one", ForceDeleteWithoutRecovery=True)
        assert refused("ResourceNotFoundException", c.get_secret_value, SecretId="app/one") \
            == "Secrets Manager can't find the specified secret."
        refused("InvalidSignatureException", client("wrong").list_secrets)
        print("done")
        """#

    /// Rotates a secret, and waits until its version is AWSCURRENT.
    static let rotation = #"""
        import json, sys, time
        import botocore.session
        from botocore.config import Config
        key = json.load(sys.stdin)
        c = botocore.session.get_session().create_client(
            "secretsmanager", region_name="local", endpoint_url=key["endpoint"],
            aws_access_key_id=key["accessKeyId"], aws_secret_access_key=key["secretAccessKey"],
            config=Config(retries={"total_max_attempts": 12}))
        version = c.rotate_secret(SecretId="prod/orders")["VersionId"]
        end = time.time() + 60
        while c.describe_secret(SecretId="prod/orders")["VersionIdsToStages"].get(version) != ["AWSCURRENT"]:
            assert time.time() < end, c.describe_secret(SecretId="prod/orders")
            time.sleep(0.05)
        assert c.rotate_secret(SecretId="prod/orders", ClientRequestToken=version)["VersionId"] == version
        """#
}
