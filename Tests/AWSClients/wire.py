"""One request and its answer for every operation, byte for byte: compared with Golden/wire, or written there.

    wire.py DIRECTORY          compares
    wire.py DIRECTORY --write  writes

What differs from run to run is normalised; every answer is held against AWS's service model first.
"""
import json
import re
import sys
from pathlib import Path

from client import MODEL, Checks
from normalise import Normaliser
from sdk import Connection, raw, signed

TOKEN = "version-{}-of-the-secret-named-app-one"
POLICY = json.dumps({"Version": "2012-10-17", "Statement": {
    "Effect": "Deny", "Principal": "*", "Action": "secretsmanager:RestoreSecret", "Resource": "*"}})

# In this order each of them does something; what is refused is refused for good.
CALLS = [
    ("CreateSecret", {"Name": "app/one", "SecretString": "\u00fcml\u00e4ut \"1\"\n", "ClientRequestToken": TOKEN.format(1),
                      "Description": "one", "Tags": [{"Key": "team", "Value": "orders"}]}),
    ("GetSecretValue", {"SecretId": "app/one"}),
    ("PutSecretValue", {"SecretId": "app/one", "SecretBinary": "AAH/", "ClientRequestToken": TOKEN.format(2),
                        "VersionStages": ["AWSPENDING"]}),
    ("UpdateSecretVersionStage", {"SecretId": "app/one", "VersionStage": "AWSCURRENT",
                                  "MoveToVersionId": TOKEN.format(2), "RemoveFromVersionId": TOKEN.format(1)}),
    ("UpdateSecret", {"SecretId": "app/one", "Description": "two", "SecretString": "3",
                      "ClientRequestToken": TOKEN.format(3)}),
    ("DescribeSecret", {"SecretId": "app/one"}),
    ("ListSecretVersionIds", {"SecretId": "app/one", "IncludeDeprecated": True, "MaxResults": 2}),
    ("ListSecrets", {"Filters": [{"Key": "name", "Values": ["app/"]}], "MaxResults": 1}),
    ("BatchGetSecretValue", {"SecretIdList": ["app/one", "none"]}),
    ("TagResource", {"SecretId": "app/one", "Tags": [{"Key": "b", "Value": ""}]}),
    ("UntagResource", {"SecretId": "app/one", "TagKeys": ["b"]}),
    ("ValidateResourcePolicy", {"SecretId": "app/one", "ResourcePolicy": POLICY}),
    ("PutResourcePolicy", {"SecretId": "app/one", "ResourcePolicy": POLICY}),
    ("GetResourcePolicy", {"SecretId": "app/one"}),
    ("DeleteResourcePolicy", {"SecretId": "app/one"}),
    ("GetRandomPassword", {"PasswordLength": 40, "ExcludePunctuation": True}),
    ("RotateSecret", {"SecretId": "app/one", "ClientRequestToken": TOKEN.format(4)}),
    ("CancelRotateSecret", {"SecretId": "app/one"}),
    ("ReplicateSecretToRegions", {"SecretId": "app/one", "AddReplicaRegions": [{"Region": "eu-west-1"}]}),
    ("RemoveRegionsFromReplication", {"SecretId": "app/one", "RemoveReplicaRegions": ["eu-west-1"]}),
    ("StopReplicationToReplica", {"SecretId": "app/one"}),
    ("DeleteSecret", {"SecretId": "app/one", "RecoveryWindowInDays": 7}),
    ("RestoreSecret", {"SecretId": "app/one"}),
]


def problems(shape, value, path):
    """What of an answer is not as AWS's model says: members it does not know, other types, nulls."""
    kinds = {"string": str, "boolean": bool, "integer": int, "long": int, "timestamp": (int, float), "blob": str}
    if value is None:
        return [f"{path} is null"]
    if shape.type_name == "structure":
        if not isinstance(value, dict):
            return [f"{path} is no object"]
        unknown = [f"{path}.{name} is not in the model" for name in value if name not in shape.members]
        return unknown + [found for name in value if name in shape.members
                          for found in problems(shape.members[name], value[name], f"{path}.{name}")]
    if shape.type_name == "list":
        return [found for n, entry in enumerate(value) for found in problems(shape.member, entry, f"{path}[{n}]")]
    if shape.type_name == "map":
        return [found for key, entry in value.items() for found in problems(shape.value, entry, f"{path}[{key}]")]
    right = isinstance(value, kinds[shape.type_name]) and (shape.type_name == "boolean" or not isinstance(value, bool))
    return [] if right else [f"{path} is {value!r}, and no {shape.type_name}"]


def shown(data):
    """Bytes as lines of text that a diff can show."""
    text = data.decode()
    text = re.sub(r"(?i)(x-amz-date: |/)\d{8}(T\d{6}Z)?(?=[/\r])", r"\1<date>", text)
    text = re.sub(r"(?im)^(date: ).*?\r$", r"\1<date>\r", text)
    text = re.sub(r"Signature=[0-9a-f]{64}", "Signature=<signature>", text)
    text = re.sub(r"(?i)host: 127\.0\.0\.1:\d+", "Host: 127.0.0.1:7373", text)
    text = re.sub(r"(?i)(x-amzn-requestid: )[0-9a-f-]{36}", r"\1<request id>", text)
    # Its length depends on how many digits the milliseconds of a date have.
    text = re.sub(r"(?i)(content-length: )\d+(?=(?:\r\n[^\r\n]+)*\r\n\r\n[^\r\n]*Date\")", r"\1<length>", text)
    return text.replace("\r\n", "\n")


def main():
    directory, write = Path(sys.argv[1]), sys.argv[2:] == ["--write"]
    checks = Checks("wire")
    checks.check([name for name, _ in sorted(CALLS)] == sorted(MODEL.operation_names), "an operation is missing")
    directory.mkdir(parents=True, exist_ok=True)
    for operation, arguments in CALLS:
        connection, request = Connection(), raw(signed(operation, arguments))
        connection.send(request)
        status, body, response = connection.receive()
        shape = MODEL.operation_model(operation).output_shape
        if status == 200 and shape:
            checks.check(not problems(shape, body, operation), *problems(shape, body, operation))
        text = Normaliser().text(f"{shown(request)}\n\n{shown(response)}\n")
        file = directory / f"{operation}.txt"
        if write:
            file.write_text(text)
        golden = file.read_text() if file.exists() else ""
        checks.check(text == golden, f"{file.name} differs:\n{text}")
    checks.finish()


main()
