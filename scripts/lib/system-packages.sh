# Sourced: makes sure that Debian packages, or what they provide, are on this machine.

# Prints those of the named packages that dpkg does not know as installed.
missing_packages() {
    local package
    for package in "$@"; do
        if [[ $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true) != installed ]]; then
            printf '%s\n' "$package"
        fi
    done
}

# True if what a package is needed for can be found without asking a package manager.
provides_package() {
    case $1 in
        libpq-dev) pkg-config --exists libpq ;;
        libmariadb-dev) pkg-config --exists libmariadb ;;
        libcurl4-openssl-dev) pkg-config --exists libcurl ;;
        mariadb-server) [[ -x /usr/sbin/mariadbd || -x /usr/libexec/mariadbd ]] ;;
        libssl-dev) pkg-config --exists libssl ;;
        libsqlite3-dev) pkg-config --exists sqlite3 ;;
        ca-certificates) [[ -d /etc/ssl/certs || -d /etc/pki/tls/certs ]] ;;
        postgresql)
            [[ -x ${KEYTURN_PG_BIN:-/nonexistent}/initdb ]] || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null
            ;;
        *) command -v "$1" >/dev/null ;;
    esac 2>/dev/null
}

# require_packages PACKAGE...: installs what is missing, or says how to and exits with status 69.
require_packages() {
    local package
    local -a missing=() prefix=()
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        printf 'This system is not Debian-like. Needed, by the names of the Debian packages: %s\n' "$*" >&2
        for package in "$@"; do
            provides_package "$package" || missing+=("$package")
        done
        if ((${#missing[@]})); then
            printf 'Not found: %s. Install what your system calls them, and run this again.\n' "${missing[*]}" >&2
            exit 69
        fi
        return 0
    fi

    mapfile -t missing < <(missing_packages "$@")
    ((${#missing[@]})) || return 0
    if ((EUID != 0)); then
        if ! command -v sudo >/dev/null || ! sudo -n true 2>/dev/null; then
            printf 'Missing packages: %s. Install them, and run this again:\n' "${missing[*]}" >&2
            printf '    sudo apt-get update && sudo apt-get install -y --no-install-recommends %s\n' \
                "${missing[*]}" >&2
            exit 69
        fi
        prefix=(sudo -n)
    fi
    printf 'Installing %s\n' "${missing[*]}"
    if [[ -z ${KEYTURN_APT_UPDATED:-} ]]; then
        "${prefix[@]}" apt-get update -qq
        KEYTURN_APT_UPDATED=1
    fi
    "${prefix[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
    stop_new_mariadb "${missing[@]}"
}

# stop_new_mariadb PACKAGE...: stops the service that Debian starts with its package, if it is among those that were
# just installed: nobody asked for it, and tests start servers of their own.
stop_new_mariadb() {
    if [[ " $* " != *' mariadb-server '* ]]; then return 0; fi
    local -a stop=(service mariadb stop) status=(service mariadb status)
    if [[ -d /run/systemd/system ]]; then
        stop=(systemctl disable --now mariadb) status=(systemctl is-active mariadb)
    fi
    if ! "${prefix[@]}" "${status[@]}" >/dev/null 2>&1; then return 0; fi
    printf 'Stopping the MariaDB service that came with mariadb-server; it is not needed here\n'
    "${prefix[@]}" "${stop[@]}"
}
