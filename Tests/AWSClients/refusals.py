"""Bad calls of every operation: the error, the HTTP status, AWS's words where they are known, and that nothing changed."""
import base64
import json
import uuid
from concurrent.futures import ThreadPoolExecutor

from botocore.exceptions import ClientError
from client import Checks, call, call_with_body, client

REALM = "arn:aws:secretsmanager:local:000000000000:secret:"
NAME = "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!"
NOT_FOUND = "Secrets Manager can't find the specified secret."
MARKED = "You can't perform this operation on the secret because it was marked for deletion."
TOKEN = "You must provide a ClientRequestToken value. We recommend a UUID-type value."
ANY = None

# What each operation needs beside a SecretId.
REST = {
    "CancelRotateSecret": {}, "DeleteResourcePolicy": {}, "DeleteSecret": {}, "DescribeSecret": {},
    "GetResourcePolicy": {}, "GetSecretValue": {}, "ListSecretVersionIds": {}, "RestoreSecret": {},
    "RotateSecret": {}, "StopReplicationToReplica": {},
    "PutResourcePolicy": {"ResourcePolicy": "{}"}, "PutSecretValue": {"SecretString": "x"},
    "RemoveRegionsFromReplication": {"RemoveReplicaRegions": ["eu-west-1"]},
    "ReplicateSecretToRegions": {"AddReplicaRegions": [{"Region": "eu-west-1"}]},
    "TagResource": {"Tags": [{"Key": "a", "Value": "b"}]}, "UntagResource": {"TagKeys": ["a"]},
    "UpdateSecret": {}, "UpdateSecretVersionStage": {"VersionStage": "AWSCURRENT"},
}
# What a secret that is scheduled for deletion still allows.
WHILE_DELETED = {"DescribeSecret", "ListSecretVersionIds", "RestoreSecret"}


def broken(value, path, constraint):
    """AWS's text for one broken constraint of the service model."""
    shown = "" if value is ... else " null" if value is None else f" '{value}'"
    return f"1 validation error detected: Value{shown} at '{path}' failed to satisfy constraint: {constraint}"


def too_long(value, path, most):
    value = value if value is ... or len(value) <= 256 else value[:256] + "…"
    return broken(value, path, f"Member must have length less than or equal to {most}")


def too_short(value, path, least):
    return broken(value, path, f"Member must have length greater than or equal to {least}")


def about_secret_ids():
    """Every operation with every kind of SecretId that is none, or of no secret."""
    for operation, rest in REST.items():
        def row(secret_id, code, message):
            return (operation, {**rest, "SecretId": secret_id}, code, message)

        yield (operation, rest, "ValidationException", broken(None, "secretId", "Member must not be null"))
        yield row("", "ValidationException", too_short("", "secretId", 1))
        yield row("a" * 2049, "ValidationException", too_long("a" * 2049, "secretId", 2048))
        yield row("a b", "ValidationException", NAME)
        if operation not in ("PutResourcePolicy", "PutSecretValue"):
            yield row("a*", "ValidationException", NAME)
        yield row("arn:aws:secretsmanager:local", "ValidationException", ANY)
        yield row("arn:aws:s3:::bucket-abcdef", "ValidationException", ANY)
        if operation != "PutResourcePolicy":
            yield row("none", "ResourceNotFoundException", NOT_FOUND)
            yield row(REALM.replace("local", "eu-west-1") + "full-abcdef", "ResourceNotFoundException", NOT_FOUND)
            # A key of another account is not told whether the secret is there.
            yield row(REALM.replace("0000", "1111") + "full", "AccessDeniedException", ANY)
        if operation not in WHILE_DELETED | {"PutResourcePolicy"}:
            yield row("gone", "InvalidRequestException", MARKED)


def about_values():
    token = str(uuid.uuid4())
    for operation, where in (("CreateSecret", "Name"), ("PutSecretValue", "SecretId"), ("UpdateSecret", "SecretId")):
        target = {where: "new" if where == "Name" else "full"}
        yield (operation, {**target, "SecretString": ""}, "ValidationException", too_short(..., "secretString", 1))
        yield (operation, {**target, "SecretBinary": b""}, "ValidationException", too_short(..., "secretBinary", 1))
        yield (operation, {**target, "SecretString": "x" * 65537}, "ValidationException",
               too_long(..., "secretString", 65536))
        yield (operation, {**target, "SecretBinary": b"x" * 65537}, "ValidationException",
               too_long(..., "secretBinary", 65536))
        yield (operation, {**target, "SecretString": "\u00e9" * 32769}, "InvalidParameterException", ANY)
        yield (operation, {**target, "SecretString": "x", "SecretBinary": b"x"}, "InvalidParameterException",
               "You can't specify both a binary secret value and a string secret value in the same secret.")
        yield (operation, {**target, "SecretString": "x", "ClientRequestToken": "short"}, "ValidationException",
               too_short("short", "clientRequestToken", 32))
        yield (operation, {**target, "SecretString": "x", "ClientRequestToken": "t" * 65}, "ValidationException",
               too_long("t" * 65, "clientRequestToken", 64))
    yield ("PutSecretValue", {"SecretId": "full"}, "InvalidRequestException",
           "You must provide either SecretString or SecretBinary.")
    for stages, message in (
            ([], too_short("[]", "versionStages", 1)),
            ([str(n) for n in range(21)], too_long(f"[{', '.join(str(n) for n in range(21))}]", "versionStages", 20)),
            (["a" * 257], ANY), ([""], ANY)):
        yield ("PutSecretValue", {"SecretId": "full", "SecretString": "x", "VersionStages": stages},
               "ValidationException", message)
    yield ("PutSecretValue", {"SecretId": "labels", "SecretString": "x", "VersionStages": ["one-too-many"]},
           "LimitExceededException", ANY)
    yield ("PutSecretValue", {"SecretId": "full", "SecretString": "x", "RotationToken": "no"}, "ValidationException",
           too_short(..., "rotationToken", 36))
    yield ("PutSecretValue", {"SecretId": "full", "SecretString": "x", "RotationToken": "no token of ours, this is" * 2},
           "ValidationException", ANY)
    yield ("GetSecretValue", {"SecretId": "full", "VersionId": "short"}, "ValidationException",
           too_short("short", "versionId", 32))
    yield ("GetSecretValue", {"SecretId": "full", "VersionId": token}, "ResourceNotFoundException",
           f"Secrets Manager can't find the specified secret value for VersionId: {token}")
    yield ("GetSecretValue", {"SecretId": "full", "VersionStage": "none"}, "ResourceNotFoundException",
           "Secrets Manager can't find the specified secret value for staging label: none")
    yield ("GetSecretValue", {"SecretId": "full", "VersionId": "v1" * 16, "VersionStage": "AWSPENDING"},
           "InvalidRequestException", "You provided a VersionStage that is not associated to the provided VersionId.")
    yield ("GetSecretValue", {"SecretId": "full", "VersionStage": ""}, "ValidationException",
           too_short("", "versionStage", 1))
    yield ("GetSecretValue", {"SecretId": "empty"}, "ResourceNotFoundException",
           "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT")


def about_zeros():
    """A character that would end a text early, where it is stored; but in a value it is a character like others."""
    zero = "\0" + "x" * 40
    for operation, arguments in (
            ("CreateSecret", {"Name": "new", "Description": zero}), ("CreateSecret", {"Name": "new", "KmsKeyId": zero}),
            ("CreateSecret", {"Name": "new", "Type": zero}), ("UpdateSecret", {"SecretId": "full", "Description": zero}),
            ("CreateSecret", {"Name": "new", "SecretString": "x", "ClientRequestToken": zero}),
            ("PutSecretValue", {"SecretId": "full", "SecretString": "x", "ClientRequestToken": zero}),
            ("PutSecretValue", {"SecretId": "full", "SecretString": "x", "VersionStages": [zero]}),
            ("UpdateSecretVersionStage", {"SecretId": "full", "VersionStage": zero, "MoveToVersionId": "v1" * 16}),
            ("RotateSecret", {"SecretId": "full", "ClientRequestToken": zero}),
            ("TagResource", {"SecretId": "full", "Tags": [{"Key": zero, "Value": "v"}]}),
            ("TagResource", {"SecretId": "full", "Tags": [{"Key": "k", "Value": zero}]})):
        yield (operation, arguments, "ValidationException", ANY)


def about_creation():
    yield ("CreateSecret", {}, "ValidationException", broken(None, "name", "Member must not be null"))
    yield ("CreateSecret", {"Name": ""}, "ValidationException", too_short("", "name", 1))
    yield ("CreateSecret", {"Name": "n" * 513}, "ValidationException", too_long("n" * 513, "name", 512))
    for name in ("a b", " a", "a ", "a*", "a?", "a]", "a\\", "\u00e9", "a\n"):
        yield ("CreateSecret", {"Name": name}, "ValidationException", NAME)
    yield ("CreateSecret", {"Name": 5}, "SerializationException", ANY)
    yield ("CreateSecret", {"Name": ["a"]}, "SerializationException", ANY)
    yield ("CreateSecret", {"Name": "new", "Description": "d" * 2049}, "ValidationException",
           too_long("d" * 2049, "description", 2048))
    yield ("CreateSecret", {"Name": "new", "KmsKeyId": "k" * 2049}, "ValidationException", ANY)
    yield ("CreateSecret", {"Name": "new", "Type": "t" * 257}, "ValidationException", ANY)
    yield ("CreateSecret", {"Name": "new", "AddReplicaRegions": []}, "ValidationException", ANY)
    yield ("CreateSecret", {"Name": "new", "AddReplicaRegions": [{"Region": "eu-west-1"}]}, "InvalidParameterException",
           "Invalid replica region.")
    yield ("CreateSecret", {"Name": "full", "SecretString": "other"}, "ResourceExistsException",
           "The operation failed because the secret full already exists.")
    yield ("CreateSecret", {"Name": "full"}, "ResourceExistsException",
           "The operation failed because the secret full already exists.")
    yield ("CreateSecret", {"Name": "gone", "SecretString": "other"}, "InvalidRequestException",
           "You can't create this secret because a secret with this name is already scheduled for deletion.")
    yield ("CreateSecret", {"Name": "gone"}, "InvalidRequestException", ANY)


def about_tags():
    many = [{"Key": f"k{n}", "Value": ""} for n in range(51)]
    bad = (
        (many, ANY, ANY), ([{"Key": "", "Value": ""}], "ValidationException", ANY),
        ([{"Key": "k" * 129, "Value": ""}], "ValidationException", too_long("k" * 129, "tags.1.member.key", 128)),
        ([{"Key": "k", "Value": "v" * 257}], "ValidationException", too_long("v" * 257, "tags.1.member.value", 256)),
        ([{"Key": "k", "Value": "1"}, {"Key": "k", "Value": "2"}], "InvalidParameterException", ANY),
        ([{"Value": "no key"}], "InvalidParameterException", ANY),
        ([{"Key": "aws:own", "Value": ""}], "InvalidParameterException", ANY),
        ([{"Key": "AWS:own", "Value": ""}], "InvalidParameterException", ANY),
        ("k=v", "SerializationException", ANY), (["k"], "SerializationException", ANY),
    )
    for tags, code, message in bad:
        yield ("CreateSecret", {"Name": "new", "Tags": tags}, code or "InvalidParameterException", message)
        yield ("TagResource", {"SecretId": "full", "Tags": tags}, code or "LimitExceededException", message)
    yield ("TagResource", {"SecretId": "full"}, "ValidationException",
           broken(None, "tags", "Member must not be null"))
    yield ("UntagResource", {"SecretId": "full"}, "ValidationException",
           broken(None, "tagKeys", "Member must not be null"))
    yield ("UntagResource", {"SecretId": "full", "TagKeys": [""]}, "ValidationException", ANY)
    yield ("UntagResource", {"SecretId": "full", "TagKeys": ["aws:own"]}, "InvalidParameterException", ANY)
    yield ("UntagResource", {"SecretId": "full", "TagKeys": "k"}, "SerializationException", ANY)


def about_labels():
    holder, other = "v1" * 16, str(uuid.uuid4())

    def row(code, message, **arguments):
        return ("UpdateSecretVersionStage", {"SecretId": "full", **arguments}, code, message)

    yield ("UpdateSecretVersionStage", {"SecretId": "full"}, "ValidationException",
           broken(None, "versionStage", "Member must not be null"))
    yield row("InvalidParameterException",
              "The parameter RemoveFromVersionId can't be empty. Staging label AWSCURRENT is currently attached to version "
              f"{holder}, so you must explicitly reference that version in RemoveFromVersionId.",
              VersionStage="AWSCURRENT", MoveToVersionId="v2" * 16)
    yield row("InvalidParameterException",
              "When you move staging label AWSCURRENT, if you specify RemoveFromVersionId, it must be set to the version "
              "that currently has the staging label AWSCURRENT.",
              VersionStage="AWSCURRENT", MoveToVersionId="v2" * 16, RemoveFromVersionId="v2" * 16)
    yield row("InvalidParameterException",
              "You can only move staging label AWSCURRENT to a different secret version. It can\u2019t be completely removed.",
              VersionStage="AWSCURRENT", RemoveFromVersionId=holder)
    yield row("ResourceNotFoundException", ANY, VersionStage="mine", MoveToVersionId=other)
    yield row("ResourceNotFoundException", ANY, VersionStage="AWSCURRENT", MoveToVersionId=other,
              RemoveFromVersionId=holder)
    yield row("ValidationException", too_short("x", "moveToVersionId", 32), VersionStage="mine", MoveToVersionId="x")
    yield row("ValidationException", too_long("l" * 257, "versionStage", 256), VersionStage="l" * 257,
              MoveToVersionId=holder)


def about_deletion():
    window = "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive)."
    for days in (6, 31, 0, -1, 2**40):
        yield ("DeleteSecret", {"SecretId": "full", "RecoveryWindowInDays": days}, "InvalidParameterException", window)
    for days in (7.5, "7", True, [7], 2**70):
        yield ("DeleteSecret", {"SecretId": "full", "RecoveryWindowInDays": days}, "SerializationException", ANY)
    yield ("DeleteSecret", {"SecretId": "full", "RecoveryWindowInDays": 7, "ForceDeleteWithoutRecovery": True},
           "InvalidParameterException",
           "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.")
    yield ("DeleteSecret", {"SecretId": "full", "ForceDeleteWithoutRecovery": "yes"}, "SerializationException", ANY)


def about_lists(tokens):
    for operation, rest in (("ListSecrets", {}), ("ListSecretVersionIds", {"SecretId": "full"})):
        for number in (0, 101, -1):
            yield (operation, {**rest, "MaxResults": number}, "ValidationException", ANY)
        yield (operation, {**rest, "MaxResults": "many"}, "SerializationException", ANY)
        yield (operation, {**rest, "NextToken": ""}, "ValidationException", too_short("", "nextToken", 1))
        yield (operation, {**rest, "NextToken": "t" * 4097}, "ValidationException", ANY)
        yield (operation, {**rest, "NextToken": "garbage"}, "InvalidNextTokenException", ANY)
        for other, token in tokens.items():
            if other != operation:
                yield (operation, {**rest, "NextToken": token}, "InvalidNextTokenException", ANY)
        yield (operation, {**rest, "NextToken": tokens[operation][:-4] + "AAAA"}, "InvalidNextTokenException", ANY)
    yield ("ListSecrets", {"NextToken": tokens["ListSecrets"], "SortOrder": "desc"}, "InvalidNextTokenException", ANY)
    yield ("ListSecretVersionIds", {"SecretId": "labels", "NextToken": tokens["ListSecretVersionIds"]},
           "InvalidNextTokenException", ANY)
    yield ("ListSecrets", {"SortOrder": "up"}, "ValidationException",
           broken("up", "sortOrder", "Member must satisfy enum value set: [asc, desc]"))
    yield ("ListSecrets", {"SortBy": "size"}, "ValidationException", ANY)
    for operation in ("ListSecrets", "BatchGetSecretValue"):
        for filters, code in (
                ([{"Key": "colour", "Values": ["a"]}], "ValidationException"),
                ([{"Key": "name", "Values": ["a#b"]}], "ValidationException"),
                ([{"Key": "name", "Values": ["a" * 513]}], "ValidationException"),
                ([{"Key": "name", "Values": []}], "ValidationException"),
                ([{"Key": "name", "Values": ["a"] * 11}], "ValidationException"),
                ([{"Key": "name", "Values": ["a"]}] * 11, "ValidationException"),
                ([{"Values": ["a"]}], "InvalidParameterException"), ([{"Key": "name"}], "InvalidParameterException"),
                ("name", "SerializationException")):
            yield (operation, {"Filters": filters}, code, ANY)
    either = "Either 'SecretIdList' or 'Filters' must be provided, but not both."
    by_name = [{"Key": "name", "Values": ["a"]}]
    yield ("BatchGetSecretValue", {}, "InvalidParameterException", either)
    yield ("BatchGetSecretValue", {"SecretIdList": ["full"], "Filters": by_name}, "InvalidParameterException", either)
    yield ("BatchGetSecretValue", {"SecretIdList": ["full"], "MaxResults": 1}, "InvalidParameterException",
           "'Filters' not specified. 'Filters' must also be specified when 'MaxResults' is provided.")
    yield ("BatchGetSecretValue", {"SecretIdList": ["a"] * 21}, "ValidationException", ANY)
    yield ("BatchGetSecretValue", {"SecretIdList": ["a b"]}, "ValidationException", NAME)
    yield ("BatchGetSecretValue", {"Filters": by_name, "MaxResults": 21}, "ValidationException", ANY)
    yield ("BatchGetSecretValue", {"Filters": by_name, "NextToken": tokens["ListSecrets"]},
           "InvalidNextTokenException", ANY)


def about_policies():
    def statement(**members):
        whole = {"Effect": "Allow", "Principal": {"AWS": "000000000000"}, "Action": "secretsmanager:GetSecretValue",
                 "Resource": "*", **members}
        return json.dumps({"Version": "2012-10-17", "Statement": {k: v for k, v in whole.items() if v is not None}})

    malformed = {
        "no JSON": "{", "a list": "[]", "empty": "{}", "no statement": '{"Version":"2012-10-17"}',
        "a version that is none": '{"Version":"2020-01-01","Statement":[]}', "no effect": statement(Effect=None),
        "an effect that is none": statement(Effect="allow"), "no principal": statement(Principal=None),
        "no action": statement(Action=None), "an action that is none": statement(Action="secretsmanager:Get"),
        "a service": statement(Principal={"Service": "lambda.amazonaws.com"}),
        "an operator that is none": statement(Condition={"Equals": {"aws:SourceIp": "1.2.3.4"}}),
        "a key twice": '{"Version":"2012-10-17","Version":"2012-10-17","Statement":[]}',
        "deep": '{"Statement":' + "[" * 5000 + "]" * 5000 + "}",
    }
    for text in malformed.values():
        yield ("PutResourcePolicy", {"SecretId": "full", "ResourcePolicy": text}, "MalformedPolicyDocumentException", ANY)
    for operation in ("PutResourcePolicy", "ValidateResourcePolicy"):
        yield (operation, {"SecretId": "full"}, "ValidationException",
               broken(None, "resourcePolicy", "Member must not be null"))
        yield (operation, {"SecretId": "full", "ResourcePolicy": ""}, "ValidationException",
               too_short("", "resourcePolicy", 1))
        yield (operation, {"SecretId": "full", "ResourcePolicy": "x" * 20481}, "ValidationException", ANY)
        yield (operation, {"SecretId": "full", "ResourcePolicy": {}}, "SerializationException", ANY)
    yield ("ValidateResourcePolicy", {"SecretId": "a b", "ResourcePolicy": "{}"}, "ValidationException", NAME)
    yield ("ValidateResourcePolicy", {"SecretId": "none", "ResourcePolicy": "{}"}, "ResourceNotFoundException", NOT_FOUND)
    everybody = statement(Principal="*")
    yield ("PutResourcePolicy", {"SecretId": "full", "ResourcePolicy": everybody, "BlockPublicPolicy": True},
           "PublicPolicyException", ANY)
    yield ("PutResourcePolicy", {"SecretId": "full", "ResourcePolicy": everybody, "BlockPublicPolicy": "yes"},
           "SerializationException", ANY)
    nobody = statement(Effect="Deny", Principal="*", Action="secretsmanager:*")
    yield ("PutResourcePolicy", {"SecretId": "full", "ResourcePolicy": nobody}, "InvalidRequestException", ANY)
    good = statement()
    yield ("PutResourcePolicy", {"SecretId": "none", "ResourcePolicy": good}, "ResourceNotFoundException", NOT_FOUND)
    yield ("PutResourcePolicy", {"SecretId": "gone", "ResourcePolicy": good}, "InvalidRequestException", MARKED)


def about_passwords():
    yield ("GetRandomPassword", {"PasswordLength": 0}, "ValidationException",
           broken(0, "passwordLength", "Member must have value greater than or equal to 1"))
    yield ("GetRandomPassword", {"PasswordLength": 4097}, "ValidationException",
           broken(4097, "passwordLength", "Member must have value less than or equal to 4096"))
    yield ("GetRandomPassword", {"PasswordLength": 3}, "InvalidParameterException",
           "Password length is too short based on the required types.")
    yield ("GetRandomPassword", {"ExcludeCharacters": "0123456789"}, "InvalidParameterException",
           "All characters of the desired type have been excluded")
    nothing = {f"Exclude{what}": True for what in ("Numbers", "Punctuation", "Uppercase", "Lowercase")}
    yield ("GetRandomPassword", nothing, "InvalidParameterException",
           "All characters have been excluded from selection.")
    yield ("GetRandomPassword", {"ExcludeCharacters": "x" * 4097}, "ValidationException", ANY)
    yield ("GetRandomPassword", '{"PasswordLength": 1e400}', "SerializationException", ANY)
    yield ("GetRandomPassword", {"IncludeSpace": 1}, "SerializationException", ANY)


def about_rotation():
    def row(code, message, **arguments):
        return ("RotateSecret", {"SecretId": "full", **arguments}, code, message)

    yield row("InvalidRequestException", "No Lambda rotation function ARN is associated with this secret.")
    function = "arn:aws:lambda:local:000000000000:function:"
    single_user = function + "SecretsManagerRDSPostgreSQLRotationSingleUser"
    yield row("InvalidParameterException", "Invalid rotation Lambda ARN. Ensure the ARN matches format "
              "arn:aws:lambda:<region>:<account>:function:<functionName>.", RotationLambdaARN="none")
    yield row("AccessDeniedException", "Secrets Manager cannot invoke the specified Lambda function. Ensure that the "
              "function policy grants access to the principal secretsmanager.amazonaws.com.",
              RotationLambdaARN=function + "none")
    for expression, duration, message in (
            ("rate(3 hours)", None, "Rate in hour should be least 4 and less than 24."),
            ("rate(24 hours)", None, "Rate in hour should be least 4 and less than 24."),
            ("rate(0 days)", None, "Rate in day should be greater than 0 and less than 1000."),
            ("rate(1000 days)", None, "Rate in day should be greater than 0 and less than 1000."),
            ("rate(30 minutes)", None, "Invalid schedule expression."),
            ("cron(15 8 * * ? *)", None, "Invalid schedule expression."),
            ("cron(0 8 * * ? 2026)", None, "Invalid schedule expression."),
            ("cron(0 8 * * *)", None, "Invalid schedule expression."),
            ("cron(0 8 1 * MON *)", None, "Invalid schedule expression."),
            ("cron(0 0/2 * * ? *)", None, "Invalid schedule expression."),
            ("cron(0 24 * * ? *)", None, "Invalid schedule expression."),
            ("cron(0 3 30 2 ? *)", None, "Invalid schedule expression."),
            ("rate(4 hours)", "5h", "Duration cannot be greater than Rate in hour."),
            ("cron(0 22 * * ? *)", "3h", "Starting hour and duration must be within a day."),
            ("cron(0 8 * * ? *)", "0h", "Duration must be at least 1 hour, at most 24 hour."),
            ("cron(0 8 * * ? *)", "25h", "Duration must be at least 1 hour, at most 24 hour.")):
        rules = {"ScheduleExpression": expression, **({"Duration": duration} if duration else {})}
        yield row("InvalidParameterException", message, RotationLambdaARN=single_user, RotationRules=rules)
    yield row("InvalidParameterException",
              "You cannot specify both rotation frequency and schedule expression together.",
              RotationLambdaARN=single_user,
              RotationRules={"AutomaticallyAfterDays": 30, "ScheduleExpression": "rate(30 days)"})
    # A value that is no credential of a database.
    yield row("InvalidRequestException", ANY, RotationLambdaARN=single_user)
    yield row("ValidationException", ANY, RotationRules={"AutomaticallyAfterDays": 0})
    yield row("ValidationException", ANY, RotationRules={"AutomaticallyAfterDays": 1001})
    yield row("ValidationException", ANY, RotationRules={"Duration": "90m"})
    yield row("ValidationException", ANY, RotationRules={"ScheduleExpression": "at(2026-01-01T00:00:00)"})
    yield row("ValidationException", ANY, RotationLambdaARN="f" * 2049)
    yield row("ValidationException", ANY, ExternalSecretRotationRoleArn="short")
    yield row("SerializationException", ANY, RotationRules="daily")
    yield ("CancelRotateSecret", {"SecretId": "full"}, "InvalidRequestException", ANY)


def about_replication():
    yield ("ReplicateSecretToRegions", {"SecretId": "full", "AddReplicaRegions": []}, "ValidationException", ANY)
    yield ("ReplicateSecretToRegions", {"SecretId": "full"}, "ValidationException", ANY)
    yield ("ReplicateSecretToRegions", {"SecretId": "full", "AddReplicaRegions": [{"Region": "eu west"}]},
           "ValidationException", ANY)
    yield ("RemoveRegionsFromReplication", {"SecretId": "full", "RemoveReplicaRegions": []}, "ValidationException", ANY)
    yield ("StopReplicationToReplica", {"SecretId": "full"}, "InvalidRequestException", ANY)


def without_token(c, checks):
    """A raw client sends no token."""
    for operation, arguments, code in (
            ("CreateSecret", {"Name": "new", "SecretString": "x"}, "InvalidRequestException"),
            ("PutSecretValue", {"SecretId": "none", "SecretString": "x"}, "InvalidRequestException"),
            ("UpdateSecret", {"SecretId": "none", "SecretString": "x"}, "InvalidRequestException"),
            ("RotateSecret", {"SecretId": "none"}, "InvalidParameterException")):
        judge(checks, c, operation, json.dumps(arguments), code, TOKEN)


# The operations that boto3 sends with a token of its own.
WITH_TOKEN = {"CreateSecret", "PutSecretValue", "RotateSecret", "UpdateSecret"}


def body_of(operation, arguments):
    """The body of a bad call: boto3 itself can't write most of them."""
    if isinstance(arguments, (str, bytes)):
        return arguments
    if operation in WITH_TOKEN:
        arguments = {"ClientRequestToken": str(uuid.uuid4()), **arguments}
    return json.dumps(arguments, default=lambda value: base64.b64encode(value).decode())


def judge(checks, c, operation, arguments, code, message):
    what = f"{operation} {str(arguments)[:120]}"
    try:
        answer = call_with_body(c, operation, body_of(operation, arguments))
    except ClientError as error:
        found = error.response["Error"]
        meta = error.response["ResponseMetadata"]
        right = found["Code"] == code and message in (ANY, found["Message"])
        checks.check(right, what, "\n  wanted", code, message, "\n  found ", found["Code"], found["Message"])
        checks.check(found["Message"] and meta["HTTPStatusCode"] == 400 and meta["RequestId"], what, meta)
        checks.check(meta["HTTPHeaders"].get("x-amzn-errortype") == code, what, "says no x-amzn-errortype")
    else:
        checks.check(False, what, "was answered:", str(answer)[:200])


def state(c):
    """Everything that the API shows of what is stored."""
    secrets = [s for page in c.get_paginator("list_secrets").paginate(IncludePlannedDeletion=True)
               for s in page["SecretList"]]
    shown = {s["ARN"]: call(c, "DescribeSecret", {"SecretId": s["ARN"]}) for s in secrets}
    for answer in shown.values():
        answer.pop("ResponseMetadata")
    return secrets, shown


def whole_state(c):
    secrets, shown = state(c)
    versions = {arn: call(c, "ListSecretVersionIds", {"SecretId": arn, "IncludeDeprecated": True})["Versions"]
                for arn in shown}
    return secrets, shown, versions


def concurrent(c, checks):
    """Of many writers with one token and different values one wins, and all the others are told so."""
    token = str(uuid.uuid4())
    call(c, "CreateSecret", {"Name": "race"})

    def put(number):
        try:
            call(c, "PutSecretValue", {"SecretId": "race", "ClientRequestToken": token, "SecretString": str(number)})
        except ClientError as error:
            return error.response["Error"]["Code"]
        return number

    with ThreadPoolExecutor(16) as pool:
        results = list(pool.map(put, range(16)))
    winners = [result for result in results if isinstance(result, int)]
    checks.check(len(winners) == 1, "writers that won:", results)
    checks.check(results.count("ResourceExistsException") == 15, results)
    stored = call(c, "GetSecretValue", {"SecretId": "race"})
    checks.check([stored["SecretString"]] == [str(n) for n in winners] and stored["VersionId"] == token, stored)
    call(c, "DeleteSecret", {"SecretId": "race", "ForceDeleteWithoutRecovery": True})


def furnish(c):
    call(c, "CreateSecret", {"Name": "full", "SecretString": "one", "ClientRequestToken": "v1" * 16})
    call(c, "PutSecretValue", {"SecretId": "full", "SecretString": "two", "ClientRequestToken": "v2" * 16,
                               "VersionStages": ["second"]})
    call(c, "CreateSecret", {"Name": "empty"})
    call(c, "CreateSecret", {"Name": "labels", "SecretString": "one"})
    call(c, "PutSecretValue", {"SecretId": "labels", "SecretString": "two",
                               "VersionStages": ["AWSCURRENT"] + [f"label-{n}" for n in range(18)]})
    call(c, "CreateSecret", {"Name": "gone", "SecretString": "one"})
    call(c, "DeleteSecret", {"SecretId": "gone"})
    call(c, "GetSecretValue", {"SecretId": "full"})
    lists = {"ListSecrets": {"MaxResults": 1}, "ListSecretVersionIds": {"SecretId": "full", "MaxResults": 1},
             "BatchGetSecretValue": {"Filters": [{"Key": "all", "Values": ["full", "labels"]}], "MaxResults": 1}}
    return {operation: call(c, operation, arguments)["NextToken"] for operation, arguments in lists.items()}


def about_bodies():
    """Bodies that are no JSON of the protocol's."""
    for body in (" ", "{", "[]", "null", "1", '"text"', "{}{}", '{"PasswordLength":08}', '{"PasswordLength":1.}',
                 '{"PasswordLength":NaN}', "{'PasswordLength':8}", '{"PasswordLength":8,}', '{"a":"\\ud800"}',
                 '{"a":"\\udc00\\ud800"}', '{"a":"\\x"}', '{"a":"\t"}', '{"PasswordLength":8,"PasswordLength":9}',
                 '{"a":{"b":1,"\\u0062":2}}', '{"a":' + "[" * 10000 + "]" * 10000 + "}", "\ufeff{}", b'{"a":"\xff"}',
                 b'{"a":"\xed\xa0\x80"}', b'{"a":"\xc0\xaf"}', '{"PasswordLength":' + "9" * 400 + "}",
                 "[" + "1," * 60000 + "1]"):
        yield ("GetRandomPassword", body, "SerializationException", ANY)


def main():
    checks, c = Checks("refusals"), client()
    tokens = furnish(c)
    rows = [row for part in (about_secret_ids(), about_values(), about_creation(), about_tags(), about_labels(),
                             about_deletion(), about_lists(tokens), about_policies(), about_passwords(),
                             about_rotation(), about_replication(), about_bodies(), about_zeros()) for row in part]
    before = whole_state(c)
    for operation, arguments, code, message in rows:
        judge(checks, c, operation, arguments, code, message)
        now = state(c)
        checks.check(now == before[:2], operation, arguments, "changed something")
    without_token(c, checks)
    checks.check(whole_state(c) == before, "something changed")
    print(f"refusals: {len(rows) + 4} bad calls")
    concurrent(c, checks)
    checks.finish()


main()
