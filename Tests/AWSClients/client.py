"""AWS's client for Python against the daemon that scripts/aws-clients has started, and what the checks share."""
import os
import sys

import boto3
import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError

ENDPOINT = os.environ["AWS_ENDPOINT_URL_SECRETS_MANAGER"]
KEY, SECRET = os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"]
MODEL = botocore.session.get_session().get_service_model("secretsmanager")


def client(key=KEY, secret=SECRET, token=None, region="local", attempts=1, endpoint=ENDPOINT, **config):
    """A client that checks no parameter itself: what it is given reaches the server."""
    return boto3.client(
        "secretsmanager", region_name=region, endpoint_url=endpoint, aws_access_key_id=key,
        aws_secret_access_key=secret, aws_session_token=token,
        config=Config(parameter_validation=False, retries={"total_max_attempts": attempts, "mode": "standard"}, **config))


def call(c, operation, arguments):
    """Performs an operation; one that is throttled is asked again, since the checks ask faster than a key may."""
    method = getattr(c, botocore.xform_name(operation))
    while True:
        try:
            return method(**arguments)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ThrottlingException":
                raise


def call_with_body(c, operation, body):
    """Performs an operation with a body as it is, signed."""
    def replace(params, **_):
        params["body"] = body.encode() if isinstance(body, str) else body

    c.meta.events.register("before-call.secretsmanager", replace)
    try:
        return call(c, operation, {})
    finally:
        c.meta.events.unregister("before-call.secretsmanager", replace)


class Checks:
    """Counts what holds, and says what does not."""

    def __init__(self, name):
        self.name, self.count, self.failures = name, 0, []

    def check(self, holds, *what):
        self.count += 1
        if not holds:
            self.failures.append(" ".join(str(part) for part in what))
            print(f"{self.name}: FAILED:", *what, flush=True)

    def refused(self, code, what, function, *arguments, **named):
        """That a call is refused with an error of AWS's."""
        try:
            answer = function(*arguments, **named)
        except ClientError as error:
            found = error.response["Error"]["Code"]
            self.check(found == code, what, "was refused with", found, error.response["Error"]["Message"])
        else:
            self.check(False, what, "was answered:", answer)

    def finish(self):
        print(f"{self.name}: {self.count} checks, {len(self.failures)} failed")
        sys.exit(1 if self.failures else 0)
