# Sourced: makes sure that a Swift toolchain that can build this package is in PATH.

# require_swift: exits with status 69 unless `swift` is 6.2 or newer.
require_swift() {
    local version
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1) || version=
    if [[ -z $version ]]; then
        printf 'Swift 6.2 or newer is needed, and there is no working `swift` in PATH.\n' >&2
        printf 'Install it from https://www.swift.org/install/linux/, and run this again.\n' >&2
        exit 69
    fi
    if ((${version%.*} < 6 || (${version%.*} == 6 && ${version#*.} < 2))); then
        printf 'Swift 6.2 or newer is needed, and `swift` in PATH is %s.\n' "$version" >&2
        printf 'Install a newer one from https://www.swift.org/install/linux/, and run this again.\n' >&2
        exit 69
    fi
}
