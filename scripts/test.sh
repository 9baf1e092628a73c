#!/bin/sh
# Every test, each package in its own runtime, and one closing line over all runners.
# FRONTDESK_ALLOW_SKIPS=no makes a skipped test a failure (CI sets it).
set -u
cd "$(dirname "$0")/.."
results=$(mktemp -d)
postgres=''
trap 'rm -rf "$results"; [ -z "$postgres" ] || scripts/postgres.sh stop "$postgres"' EXIT

if [ -z "${FRONTDESK_TEST_POSTGRES_URL:-}" ] && postgres=$(scripts/postgres.sh start); then
  FRONTDESK_TEST_POSTGRES_URL=$(scripts/postgres.sh url "$postgres")
  export FRONTDESK_TEST_POSTGRES_URL
fi

code=0
run() { # name, python, paths...
  name=$1 python=$2
  shift 2
  echo "== $name =="
  "$python" -m pytest -q --durations=5 --junitxml="$results/$name.xml" "$@"
}
# Two at a time, each mostly on one core, and with the shorter one the models that the integration tests start with;
# these have the machine to themselves.
{
  run dialogue .venv-dialogue/bin/python tests/bot tests/textkit >"$results/dialogue.log" 2>&1 || touch "$results/failed"
  FRONTDESK_DATABASE_URL=sqlite:///$results/shop.db .venv/bin/frontdesk prepare >"$results/prepare.log" 2>&1 ||
    touch "$results/failed"
} &
beside=$!
run models .venv/bin/python tests --ignore=tests/bot --ignore=tests/integration || code=1
wait $beside
cat "$results/dialogue.log"
echo "== prepare =="
cat "$results/prepare.log"
[ ! -e "$results/failed" ] || code=1
run integration .venv/bin/python tests/integration || code=1
echo "== rasa test =="
if .venv/bin/frontdesk rasa test core --e2e --stories tests/conversations --fail-on-prediction-errors \
  --out "$results/rasa" >"$results/rasa.log" 2>&1; then
  stories=1 wrong=0
else
  stories=0 wrong=1 code=1
  tail -n 30 "$results/rasa.log"
fi
.venv/bin/python scripts/closing_line.py "$results" "$stories" "$wrong" || code=1
exit $code
