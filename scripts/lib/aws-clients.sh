# Sourced: AWS's own client for Python, which tests compare the protocol with.

# Succeeds if PYTHON knows the API of managed external secrets.
knows_botocore() { # PYTHON
    "$1" - 2>/dev/null <<'PY'
from botocore.loaders import Loader
model = Loader().load_service_model("secretsmanager", "service-2")
assert "ExternalSecretRotationMetadata" in model["shapes"]["RotateSecretRequest"]["members"]
PY
}

# require_botocore: has `python3` be one that has it, from a directory of its own if the system's does not.
require_botocore() {
    local place=$PWD/.build/python
    [[ ,${KEYTURN_ALLOW_MISSING:-}, != *,botocore,* ]] || return 0
    ! knows_botocore python3 || return 0
    if [[ ! -x $place/bin/python3 ]] || ! knows_botocore "$place/bin/python3"; then
        require_packages python3-venv
        python3 -m venv "$place"
        "$place/bin/pip" install --quiet 'botocore>=1.43'
    fi
    export PATH="$place/bin:$PATH"
}
