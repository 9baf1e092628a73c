#!/bin/sh
# A throwaway PostgreSQL on loopback for the tests.
#   postgres.sh start       prints its folder; fails (so tests that need it are skipped) when PostgreSQL is not installed
#   postgres.sh url FOLDER  postgres.sh stop FOLDER
set -eu
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true)
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb 2>/dev/null || echo /nowhere/initdb)")
as_owner() { # PostgreSQL refuses to run as root
  if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}
case $1 in
  start)
    [ -x "$bin/initdb" ] || exit 1
    folder=$(mktemp -d /tmp/frontdesk-postgres-XXXXXX)
    [ "$(id -u)" != 0 ] || chown postgres "$folder"
    cd /
    as_owner "$bin/initdb" -D "$folder/data" -U frontdesk -A trust -E UTF8 --locale=C >/dev/null 2>&1
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    as_owner "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/log" \
      -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$folder -c fsync=off" start >/dev/null
    echo "$port" >"$folder/port"
    echo "$folder"
    ;;
  url) echo "postgresql+psycopg://frontdesk@127.0.0.1:$(cat "$2/port")/postgres" ;;
  stop)
    cd /
    as_owner "$bin/pg_ctl" -D "$2/data" -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$2"
    ;;
esac
