"""What AWS's SDK does beside single calls: pages, retries, signatures in every form, and the sequences of other tools."""
import datetime
import hashlib
import json
import os
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch
from urllib.parse import urlsplit

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from client import ENDPOINT, KEY, MODEL, SECRET, Checks, call, client

ADDRESS = (urlsplit(ENDPOINT).hostname, urlsplit(ENDPOINT).port)


def signed(operation, arguments, signer=botocore.auth.SigV4Auth, *, region="local", service="secretsmanager", late=0,
           headers=None, **options):
    """A request, signed by AWS's own signer `late` seconds ago."""
    body = json.dumps(arguments).encode()
    request = AWSRequest("POST", ENDPOINT + "/", data=body, headers={
        "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": f"secretsmanager.{operation}", **(headers or {})})
    now = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=late)
    with patch("botocore.auth.get_current_datetime", lambda remove_tzinfo=True: now.replace(tzinfo=None)):
        signer(Credentials(KEY, SECRET), service, region, **options).add_auth(request)
    request.data = body
    return request


def raw(request, change=lambda head, body: (head, body), chunked=False):
    """The bytes of a request, its headers as a list that `change` may have its way with."""
    target = urlsplit(request.url)
    path = target.path + (f"?{target.query}" if target.query else "")
    head = [(name, value) for name, value in request.headers.items() if name.lower() != "content-length"]
    head, body = change(head + [("Host", target.netloc)], request.data)
    if chunked:
        head.append(("Transfer-Encoding", "chunked"))
        body = b"".join(b"%x\r\n%s\r\n" % (1, body[i:i + 1]) for i in range(len(body))) + b"0\r\n\r\n"
    else:
        head.append(("Content-Length", str(len(body))))
    lines = [f"{request.method} {path} HTTP/1.1"] + [f"{name}: {value}" for name, value in head]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Connection:
    """One connection; requests on it follow each other."""

    def __init__(self):
        self.socket = socket.create_connection(ADDRESS, timeout=60)
        self.reader = self.socket.makefile("rb")

    def send(self, data):
        self.socket.sendall(data)

    def receive(self):
        """The status, the body, and all of it as it came."""
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = self.reader.readline()
            if not line:
                return 0, {}, head
            head += line
        length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))
        body = self.reader.read(length)
        return int(head.split()[1]), json.loads(body) if body else {}, head + body


def answer(data):
    connection = Connection()
    connection.send(data)
    status, body, _ = connection.receive()
    connection.socket.close()
    return status, body


class Presigner(botocore.auth.SigV4QueryAuth):
    """AWS's signer of query strings; a body of the JSON protocol stays a body."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.hash = None

    def _modify_request_before_signing(self, request):
        self.hash = hashlib.sha256(request.data).hexdigest()
        request.data = None
        super()._modify_request_before_signing(request)

    def payload(self, request):
        return self.hash


def by_hand(c, operation, arguments):
    """The pages of an operation that the SDK has no paginator for."""
    token = {}
    while token is not None:
        page = call(c, operation, {**arguments, **token})
        yield page
        token = {"NextToken": page["NextToken"]} if "NextToken" in page else None


def pages(c, checks):
    for n in range(7):
        call(c, "CreateSecret", {"Name": f"pages/{n}", "SecretString": str(n)})
    for n in range(5):
        call(c, "PutSecretValue", {"SecretId": "pages/0", "SecretString": str(n), "VersionStages": [f"label-{n}"]})
    of_mine = [{"Key": "name", "Values": ["pages/"]}]
    for size in (1, 2, 7, 100):
        for order in ("asc", "desc"):
            found = [s["Name"] for page in c.get_paginator("list_secrets").paginate(
                Filters=of_mine, SortBy="name", SortOrder=order, PaginationConfig={"PageSize": size})
                for s in page["SecretList"]]
            wanted = sorted((f"pages/{n}" for n in range(7)), reverse=order == "desc")
            checks.check(found == wanted, "pages of", size, order, found)
    limited = c.get_paginator("list_secrets").paginate(
        Filters=of_mine, PaginationConfig={"MaxItems": 3, "PageSize": 2}).build_full_result()
    checks.check(len(limited["SecretList"]) == 3, "MaxItems", limited)
    again = c.get_paginator("list_secrets").paginate(Filters=of_mine, PaginationConfig={
        "PageSize": 2, "StartingToken": limited["NextToken"]}).build_full_result()
    checks.check(len(again["SecretList"]) == 4, "StartingToken", again)
    versions = [v["VersionId"] for page in by_hand(c, "ListSecretVersionIds", {"SecretId": "pages/0", "MaxResults": 2})
                for v in page["Versions"]]
    checks.check(len(versions) == len(set(versions)) == 6, "versions", versions)
    values = [v["SecretString"] for page in by_hand(c, "BatchGetSecretValue", {"Filters": of_mine, "MaxResults": 3})
              for v in page["SecretValues"]]
    checks.check(sorted(values) == [str(n) for n in range(7)], "values", values)
    checks.check(c.waiter_names == [], "the service has waiters now:", c.waiter_names)


def retries(checks):
    """More calls than the rate allows: AWS's standard retries get every one of them through, and a retry does nothing twice."""
    patient = client(attempts=40, max_pool_connections=16)
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda n: call(patient, "CreateSecret", {"Name": f"retry/{n}", "SecretString": "x"}),
                                range(130)))
    checks.check(len({a["ARN"] for a in answers}) == 130, "every creation was done once")
    sent = []
    patient.meta.events.register("before-send.secretsmanager", lambda request, **_: sent.append(request.headers))
    call(patient, "DescribeSecret", {"SecretId": "retry/0"})
    names = {name.lower() for name in sent[0].keys()}
    checks.check({"amz-sdk-invocation-id", "amz-sdk-request", "user-agent", "x-amz-date"} <= names, names)
    for n in range(130):
        call(patient, "DeleteSecret", {"SecretId": f"retry/{n}", "ForceDeleteWithoutRecovery": True})


def signatures(checks):
    read = ("GetSecretValue", {"SecretId": "pages/1"})

    def refused(what, code, request, **options):
        status, body = answer(raw(request, **options))
        checks.check(status == 400 and body.get("__type") == code, what, status, body)

    def accepted(what, request, **options):
        status, body = answer(raw(request, **options))
        checks.check(status == 200 and body.get("SecretString") == "1", what, status, body)

    # A signer's clock: five minutes either way, with some seconds for this test itself.
    for late in (295, -299):
        accepted(f"signed {late} s ago", signed(*read, late=late))
    for late in (301, -304, 86400, -86400):
        refused(f"signed {late} s ago", "InvalidSignatureException", signed(*read, late=late))
    request = raw(signed(*read))
    for _ in range(3):
        checks.check(answer(request)[0] == 200, "a signature is good for more than one request in its time, as with AWS")
    accepted("headers in another order", signed(*read), change=lambda head, body: (head[::-1], body))
    accepted("headers in capitals", signed(*read), change=lambda head, body: ([(n.upper(), v) for n, v in head], body))
    accepted("more blanks", signed(*read), change=lambda head, body: ([(n, f"  {v}\t") for n, v in head], body))
    accepted("chunked", signed(*read), chunked=True)
    accepted("a header of a proxy", signed(*read),
             change=lambda head, body: (head + [("X-Forwarded-For", "10.0.0.1")], body))
    accepted("hash of the body", signed(*read, signer=botocore.auth.SigV4Auth,
                                        headers={"X-Amz-Content-Sha256": hashlib.sha256(
                                            json.dumps(read[1]).encode()).hexdigest()}))
    bad = "InvalidSignatureException"
    refused("another body", bad, signed(*read), change=lambda head, body: (head, body.replace(b"1", b"2")))
    refused("another target", bad, signed(*read), change=lambda head, body: (
        [(n, v.replace("GetSecretValue", "DescribeSecret")) for n, v in head], body))
    refused("another host", bad, signed(*read), change=lambda head, body: (
        [(n, "elsewhere" if n == "Host" else v) for n, v in head], body))
    refused("an amz header that is not signed", bad, signed(*read),
            change=lambda head, body: (head + [("X-Amz-Extra", "1")], body))
    refused("unsigned body", bad, signed(*read, headers={"X-Amz-Content-Sha256": "UNSIGNED-PAYLOAD"}))
    refused("another region", bad, signed(*read, region="us-east-1"))
    refused("another service", bad, signed(*read, service="s3"))
    refused("a session token of nobody's", "UnrecognizedClientException",
            signed(*read, headers={"X-Amz-Security-Token": "token"}))
    refused("no signature", "MissingAuthenticationTokenException", signed(*read),
            change=lambda head, body: ([h for h in head if h[0] != "Authorization"], body))
    refused("two signatures", "IncompleteSignatureException", signed(*read),
            change=lambda head, body: (head + [h for h in head if h[0] == "Authorization"], body))
    refused("no operation", "UnknownOperationException", signed("GetSecretValues", {}))
    accepted("presigned", signed(*read, signer=Presigner, expires=60))
    accepted("presigned, good for longer", signed(*read, signer=Presigner, expires=3600, late=3000))
    refused("presigned, too old", bad, signed(*read, signer=Presigner, expires=60, late=120))
    refused("presigned for eight days", "IncompleteSignatureException",
            signed(*read, signer=Presigner, expires=691_200))
    connection = Connection()
    connection.send(request * 3)
    checks.check([connection.receive()[0] for _ in range(3)] == [200] * 3, "three requests sent at once")
    for key, secret, code in ((KEY, "wrong", bad), ("KTAKAAAAAAAAAAAAAAAA", SECRET, "UnrecognizedClientException"),
                              ("AKIAIOSFODNN7EXAMPLE", SECRET, "UnrecognizedClientException")):
        checks.refused(code, f"key {key}", client(key, secret).list_secrets)
    checks.refused("UnrecognizedClientException", "a session token too many", client(token="token").list_secrets)


def another_process(c, checks):
    """What the command line changes counts for the daemon's next request."""
    def keyturn(*arguments, **options):
        return subprocess.run([os.environ["KEYTURN_PROGRAM"], *arguments], check=True, capture_output=True, text=True,
                              **options).stdout

    call(c, "CreateSecret", {"Name": "other", "SecretString": "0"})
    for number in range(1, 4):
        key = json.loads(keyturn("access-key", "create", "--policy", "read-only", "--output", "json"))
        reader = client(key["accessKeyId"], key["secretAccessKey"])
        for _ in range(3):
            checks.check(reader.get_secret_value(SecretId="other")["SecretString"] == str(number - 1), "before", number)
        keyturn("secret", "put", "other", input=str(number))
        checks.check(reader.get_secret_value(SecretId="other")["SecretString"] == str(number), "after", number)
        keyturn("access-key", "delete", key["accessKeyId"])
        checks.refused("UnrecognizedClientException", "a deleted key", reader.get_secret_value, SecretId="other")


def like_terraform(c, checks):
    """The calls of terraform-provider-aws for a secret, its version, its policy, and their end."""
    arn = c.create_secret(Name="tf", Description="d", ForceOverwriteReplicaSecret=False,
                          Tags=[{"Key": "a", "Value": "1"}], ClientRequestToken="terraform-20260203173402627700000001")["ARN"]
    shown = c.describe_secret(SecretId=arn)
    checks.check("VersionIdsToStages" not in shown and "DeletedDate" not in shown, shown)
    checks.check("ResourcePolicy" not in c.get_resource_policy(SecretId=arn), "a new secret has no policy")
    made = c.put_secret_value(SecretId=arn, SecretString="s", ClientRequestToken="terraform-20260203173402627700000002")
    value = c.get_secret_value(SecretId=arn, VersionId=made["VersionId"])
    checks.check(value["SecretString"] == "s" and value["VersionStages"] == ["AWSCURRENT"], value)
    c.update_secret(SecretId=arn, Description="other")
    c.untag_resource(SecretId=arn, TagKeys=["a"])
    c.tag_resource(SecretId=arn, Tags=[{"Key": "b", "Value": "2"}])
    policy = json.dumps({"Version": "2012-10-17", "Statement": [{
        "Sid": "One", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::000000000000:root"},
        "Action": "secretsmanager:GetSecretValue", "Resource": "*"}]})
    c.put_resource_policy(SecretId=arn, ResourcePolicy=policy, BlockPublicPolicy=False)
    kept = json.loads(c.get_resource_policy(SecretId=arn)["ResourcePolicy"])
    checks.check(kept == json.loads(policy), "the policy comes back equal, or each plan would change it", kept)
    c.delete_resource_policy(SecretId=arn)
    staged = c.put_secret_value(SecretId=arn, SecretString="t", VersionStages=["mine"])["VersionId"]
    c.update_secret_version_stage(SecretId=arn, VersionStage="mine", RemoveFromVersionId=staged)
    c.delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)
    checks.refused("ResourceNotFoundException", "after the end", c.describe_secret, SecretId=arn)
    again = c.create_secret(Name="tf", ClientRequestToken="terraform-20260203173402627700000003")["ARN"]
    checks.check(again != arn, "a name that is used again gets another ARN")
    c.delete_secret(SecretId="tf", ForceDeleteWithoutRecovery=True)


def like_external_secrets(c, checks):
    """The calls of the External Secrets Operator: read by name, stage or version, find, push, delete."""
    checks.refused("ResourceNotFoundException", "before a push", c.get_secret_value, SecretId="eso/a")
    checks.refused("ResourceNotFoundException", "before a push", c.describe_secret, SecretId="eso/a")
    made = c.create_secret(Name="eso/a", SecretBinary=b'{"k":"v"}', Description="secret managed-by:external-secrets",
                           Tags=[{"Key": "managed-by", "Value": "external-secrets"}],
                           ClientRequestToken="00000000-0000-0000-0000-000000000001")
    for selector in ({"VersionStage": "AWSCURRENT"}, {"VersionId": made["VersionId"]}):
        checks.check(c.get_secret_value(SecretId="eso/a", **selector)["SecretBinary"] == b'{"k":"v"}', selector)
    put = c.put_secret_value(SecretId=made["ARN"], SecretBinary=b'{"k":"w"}',
                             ClientRequestToken="00000000-0000-0000-0000-000000000002")
    checks.check(put["VersionId"] == "00000000-0000-0000-0000-000000000002", put)
    by_tag = [{"Key": "tag-key", "Values": ["managed-by"]}, {"Key": "tag-value", "Values": ["external-secrets"]}]
    checks.check([s["Name"] for s in c.list_secrets(Filters=by_tag)["SecretList"]] == ["eso/a"], "found by tag")
    found = c.batch_get_secret_value(Filters=[*by_tag, {"Key": "name", "Values": ["eso/"]}])
    checks.check([v["SecretBinary"] for v in found["SecretValues"]] == [b'{"k":"w"}'], found)
    checks.check(c.describe_secret(SecretId="eso/a")["Tags"] == [{"Key": "managed-by", "Value": "external-secrets"}], "tags")
    c.delete_secret(SecretId="eso/a", RecoveryWindowInDays=7)
    checks.check(c.describe_secret(SecretId="eso/a")["DeletedDate"] is not None, "DeletedDate")
    c.delete_secret(SecretId="eso/a", ForceDeleteWithoutRecovery=True)


def main():
    checks, c = Checks("sdk"), client()
    checks.check(len(MODEL.operation_names) == 23, "AWS's model has other operations:", MODEL.operation_names)
    pages(c, checks)
    retries(checks)
    signatures(checks)
    another_process(c, checks)
    like_terraform(c, checks)
    like_external_secrets(c, checks)
    checks.finish()


if __name__ == "__main__":
    main()
