# Sourced: where this machine gets Debian from.

# Prints the address of the system's own Debian mirror, as apt knows it; else the first in the system's list of sources.
debian_mirror() {
    local uri
    uri=$(apt-get indextargets --format '$(REPO_URI)' 'Origin: Debian' 'Label: Debian' 2>/dev/null | head -n 1 || true)
    if [[ -z $uri ]]; then
        # One of the two places may be missing.
        uri=$(cat /etc/apt/sources.list.d/*.sources /etc/apt/sources.list 2>/dev/null |
            awk '/^URIs:/ && !u {u = $2} /^deb / && !u {for (i = 2; i <= NF && !u; i++) if ($i ~ /^http/) u = $i}
                END {print u}' || true)
    fi
    printf '%s\n' "$uri"
}
