# Sourced: a PostgreSQL server of this script's own, in a temporary directory, that ends with it.

# start_postgres DIRECTORY: initialises a cluster below DIRECTORY and starts it on a free port of 127.0.0.1, logging every
# statement. Sets PG_PORT, PG_LOG, PG_ADMIN_PASSWORD and PG_PID.
start_postgres() {
    local directory=$1 bin attempt
    bin=${KEYTURN_PG_BIN:-$(compgen -G '/usr/lib/postgresql/*/bin' | sort -V | tail -n 1)}
    local -a as_postgres=()
    mkdir -p "$directory/pg"
    PG_ADMIN_PASSWORD=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    printf '%s\n' "$PG_ADMIN_PASSWORD" >"$directory/pg/password"
    PG_LOG=$directory/pg/log
    : >"$PG_LOG"
    # initdb and postgres refuse root.
    if ((EUID == 0)); then
        chmod 755 "$directory"
        chown -R postgres "$directory/pg"
        as_postgres=(setpriv --reuid=postgres --regid=postgres --init-groups)
    fi
    (cd / && "${as_postgres[@]}" "$bin/initdb" -D "$directory/pg/data" -A scram-sha-256 -U postgres \
        --pwfile="$directory/pg/password" -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null)
    for attempt in 1 2 3 4 5; do
        PG_PORT=$((20000 + RANDOM % 20000))
        (cd / && exec "${as_postgres[@]}" "$bin/postgres" -D "$directory/pg/data" -p "$PG_PORT" \
            -c listen_addresses=127.0.0.1 -c unix_socket_directories="$directory/pg" -c log_statement=all \
            >>"$PG_LOG" 2>&1) &
        PG_PID=$!
        if wait_for_postgres "$bin"; then return 0; fi
    done
    printf 'PostgreSQL did not start:\n' >&2
    tail -n 20 "$PG_LOG" >&2
    exit 69
}

# Waits until the server answers; fails if it has ended, for instance because the port was taken.
wait_for_postgres() {
    local bin=$1 _
    for _ in $(seq 300); do
        if "$bin/pg_isready" -q -h 127.0.0.1 -p "$PG_PORT"; then return 0; fi
        kill -0 "$PG_PID" 2>/dev/null || return 1
        sleep 0.1
    done
    return 1
}

# Stops the server that start_postgres started.
stop_postgres() {
    [[ -n ${PG_PID:-} ]] || return 0
    kill -INT "$PG_PID" 2>/dev/null || true
    wait "$PG_PID" 2>/dev/null || true
    PG_PID=
}

# admin_sql SQL: runs SQL as the superuser.
admin_sql() {
    PGPASSWORD=$PG_ADMIN_PASSWORD psql -X -q -A -t -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$PG_PORT" -U postgres <<<"$1"
}

# log_in USER PASSWORD: succeeds if PostgreSQL lets the user in.
log_in() {
    PGPASSWORD=$2 psql -X -q -A -t -w -h 127.0.0.1 -p "$PG_PORT" -U "$1" -d postgres -c 'SELECT 1' >/dev/null 2>&1
}
