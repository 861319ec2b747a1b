# Sourced: a daemon of this script's own, on a store in a temporary directory, that ends with it.

# start_daemon PROGRAM DIRECTORY [MORE]: makes a data directory in DIRECTORY, which may not exist yet, and has PROGRAM serve
# it on a free port of 127.0.0.1; MORE are lines for its configuration. Sets DAEMON_PID, DAEMON_LOG and KEYTURN_CONFIG, and
# what AWS's clients read: endpoint, region, and a key that may do everything.
start_daemon() {
    local program=$1 directory=$2 more=${3:-} key port attempt
    "$program" init "$directory" >/dev/null 2>&1
    export KEYTURN_CONFIG=$directory/keyturn.yaml
    DAEMON_LOG=$directory/daemon.log
    [[ -z $more ]] || printf '%s\n' "$more" >>"$KEYTURN_CONFIG"
    key=$("$program" access-key create --name operator --output json)
    AWS_ACCESS_KEY_ID=$(sed -n 's/.*"accessKeyId" *: *"\([^"]*\)".*/\1/p' <<<"$key")
    AWS_SECRET_ACCESS_KEY=$(sed -n 's/.*"secretAccessKey" *: *"\([^"]*\)".*/\1/p' <<<"$key")
    export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_DEFAULT_REGION=local AWS_REGION=local
    # Nothing of this account's own settings for AWS counts.
    export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true
    unset AWS_SESSION_TOKEN AWS_PROFILE AWS_ENDPOINT_URL
    for attempt in 1 2 3 4 5; do
        port=$((20000 + RANDOM % 20000))
        sed -i "s/^api: .*/api: { listen: \"127.0.0.1:$port\" }/" "$KEYTURN_CONFIG"
        "$program" serve 2>"$DAEMON_LOG" &
        DAEMON_PID=$!
        export AWS_ENDPOINT_URL_SECRETS_MANAGER=http://127.0.0.1:$port
        if wait_for_daemon; then return 0; fi
    done
    printf 'The daemon did not start:\n' >&2
    tail -n 20 "$DAEMON_LOG" >&2
    exit 69
}

# Waits until the daemon is ready; fails if it has ended, for instance because the port was taken.
wait_for_daemon() {
    local _
    for _ in $(seq 600); do
        if curl -sf --max-time 5 "$AWS_ENDPOINT_URL_SECRETS_MANAGER/readyz" >/dev/null; then return 0; fi
        kill -0 "$DAEMON_PID" 2>/dev/null || return 1
        sleep 0.1
    done
    return 1
}

# Stops the daemon that start_daemon started.
stop_daemon() {
    [[ -n ${DAEMON_PID:-} ]] || return 0
    kill "$DAEMON_PID" 2>/dev/null || true
    wait "$DAEMON_PID" 2>/dev/null || true
    DAEMON_PID=
}
