# Sourced: MySQL and PostgreSQL 18, which Debian's stable release does not have, beside the system: unpacked from
# Debian's unstable release into a folder of their own and run by its own dynamic loader. Nothing is installed.

# Where the servers are: <folder>/mysql/bin/mysqld, <folder>/postgresql18/bin/initdb, postgres, pg_ctl.
newer_servers_folder() {
    if [[ -n ${KEYTURN_SERVERS:-} ]]; then
        printf '%s\n' "$KEYTURN_SERVERS"
    elif ((EUID == 0)); then
        printf '/var/cache/keyturn/servers\n'
    else
        printf '%s/keyturn/servers\n' "${XDG_CACHE_HOME:-$HOME/.cache}"
    fi
}

# may_be_missing NAME: true if KEYTURN_ALLOW_MISSING (a list with commas) holds the name.
may_be_missing() { [[ ",${KEYTURN_ALLOW_MISSING:-}," == *",$1,"* ]]; }

# require_newer_servers: makes both servers available, or says why not and exits with status 69, unless
# KEYTURN_ALLOW_MISSING names them.
require_newer_servers() {
    local folder name
    folder=$(newer_servers_folder)
    folder=$(realpath -m "$folder")
    export KEYTURN_SERVERS=$folder
    for name in mysql postgresql18; do
        if [[ -e $folder/$name/complete ]]; then continue; fi
        if scripts/lib/fetch-server "$name" "$folder"; then continue; fi
        if may_be_missing "$name"; then
            printf 'servers: NO %s: its tests will be skipped, as KEYTURN_ALLOW_MISSING allows\n' "$name" >&2
        else
            printf 'servers: %s could not be had. Without a network, set KEYTURN_ALLOW_MISSING=mysql,postgresql18\n' \
                "$name" >&2
            exit 69
        fi
    done
}
