# Sourced: AWS's own clients, which tests compare the protocol with: its library and command line for Python, and moto, which
# answers in AWS's place.

# Succeeds if PYTHON has all of them, and they know the API of managed external secrets.
knows_aws() { # PYTHON
    "$1" - 2>/dev/null <<'PY'
import awscli, boto3, moto
from botocore.loaders import Loader
model = Loader().load_service_model("secretsmanager", "service-2")
assert "ExternalSecretRotationMetadata" in model["shapes"]["RotateSecretRequest"]["members"]
PY
}

# require_aws_clients: has `python3` and `aws` be ones that know them, from a directory of their own if the system's do not.
# KEYTURN_ALLOW_MISSING=botocore does without.
require_aws_clients() {
    local place=$PWD/.build/python
    [[ ,${KEYTURN_ALLOW_MISSING:-}, != *,botocore,* ]] || return 0
    if knows_aws python3 && command -v aws >/dev/null; then return 0; fi
    if [[ ! -x $place/bin/python3 ]] || ! knows_aws "$place/bin/python3"; then
        require_packages python3-venv
        python3 -m venv "$place"
        "$place/bin/pip" install --quiet 'botocore>=1.43' boto3 awscli 'moto[server]'
    fi
    export PATH="$place/bin:$PATH"
}
