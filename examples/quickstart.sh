#!/bin/sh
# The quick start as a script: puts the password of one PostgreSQL user under Keyturn and rotates it once.
#
#   KT_HOST=db.example.com KT_DBNAME=orders KT_USER=app examples/quickstart.sh < password.txt
#
# Reads the user's password, one line, from standard input; never from an argument or a variable.
# The server will have a new password afterwards. The user changes it itself; no admin is needed.
#
#   KT_HOST    the server                           (required)
#   KT_USER    the user                             (required)
#   KT_PORT    its port                             (5432)
#   KT_DBNAME  a database that the user may enter   (postgres)
#   KT_NAME    the secret's name                    (quickstart/KT_USER)
#   KT_DIR     the data directory, made anew        (./keyturn-data)
#   KEYTURN    the program                          (.build/release/keyturn beside this script, else keyturn)
set -eu

here=$(cd "$(dirname "$0")/.." && pwd)
if [ -z "${KEYTURN:-}" ]; then
    KEYTURN="$here/.build/release/keyturn"
    [ -x "$KEYTURN" ] || KEYTURN=keyturn
fi
: "${KT_HOST:?set KT_HOST to the server}" "${KT_USER:?set KT_USER to the user}"
port=${KT_PORT:-5432}
dbname=${KT_DBNAME:-postgres}
name=${KT_NAME:-quickstart/$KT_USER}
dir=${KT_DIR:-./keyturn-data}

case "$port" in *[!0-9]* | '') echo "KT_PORT is no number" >&2; exit 65 ;; esac
for text in "$KT_HOST" "$KT_USER" "$dbname"; do
    case "$text" in *[\"\\]*) echo "quotes and backslashes in names are beyond this script" >&2; exit 65 ;; esac
done

# Without echo if a person types it.
if [ -t 0 ]; then
    printf 'Password of %s at %s: ' "$KT_USER" "$KT_HOST" >&2
    stty -echo
    trap 'stty echo' EXIT INT TERM
fi
password=
# The last line may lack its line break: what was read then counts all the same.
IFS= read -r password || true
if [ -t 0 ]; then
    stty echo
    trap - EXIT INT TERM
    echo >&2
fi
[ -n "$password" ] || { echo "no password on standard input" >&2; exit 65; }
# The two characters that JSON escapes; printf and sed get it by a pipe, not as an argument of a program.
escaped=$(printf '%s' "$password" | sed 's/[\\"]/\\&/g')

run() { echo "\$ keyturn $*" >&2; "$KEYTURN" "$@"; }

run init "$dir"
KEYTURN_CONFIG=$(cd "$dir" && pwd)/keyturn.yaml
export KEYTURN_CONFIG
# printf is built into the shell: its arguments are no process's arguments.
printf '{"engine":"postgres","host":"%s","port":%s,"dbname":"%s","username":"%s","password":"%s"}' \
    "$KT_HOST" "$port" "$dbname" "$KT_USER" "$escaped" | run secret create "$name"
password= escaped=

run rotation configure "$name" --strategy single-user
run check "$name"
# plan exits with 2: there is something to do.
run plan "$name" || [ $? -eq 2 ]
run rotate "$name"
run verify "$name"
run secret versions "$name"

echo >&2
echo "Applications read the password with: KEYTURN_CONFIG=$KEYTURN_CONFIG keyturn secret get $name" >&2
echo "Keep a copy of $dir/master.key in another place." >&2
