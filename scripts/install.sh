#!/bin/sh
# Makes what is missing: uv (in .uv), the models runtime (.venv) and the dialogue runtime (.venv-dialogue).
# Usage: scripts/install.sh [dev] [finetune] [gpu]
set -eu
cd "$(dirname "$0")/.."

fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

find_python() {
  for python in python3.11 python3.12 /usr/bin/python3.11 /usr/bin/python3.12 python3; do
    if "$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' 2>/dev/null; then
      "$python" -c 'import sys; print(sys.executable)'
      return
    fi
  done
}

free=$(df -Pm . | awk 'NR == 2 { print $4 }')
[ "$free" -ge 3000 ] || [ -d .venv-dialogue ] || fail "Only $free MB are free here; the two environments need 3000 MB. Free some space."

python=$(find_python)
if [ ! -x .uv/bin/uv ]; then
  any=${python:-$(command -v python3 || true)}
  [ -n "$any" ] || fail "There is no Python. Install Python 3.11 or 3.12 (Debian and Ubuntu: apt install python3 python3-venv)."
  "$any" -m venv .uv 2>/dev/null || fail "$any cannot make a virtual environment. Debian and Ubuntu: apt install python3-venv."
  .uv/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9' ||
    fail "uv could not be downloaded. Check the network and any proxy, then try again."
fi
# A system without Python 3.11 or 3.12 gets 3.11 from uv.
export UV_PYTHON="${python:-3.11}" UV_LINK_MODE="${UV_LINK_MODE:-hardlink}"

engine=cpu groups='--group actions' dialogue='--group dialogue' finetune=''
for word in "$@"; do
  case $word in
    dev) groups="$groups --group dev" dialogue="$dialogue --group dialogue-dev" ;;
    finetune) finetune=yes ;;
    gpu) engine=gpu ;;
    *) fail "scripts/install.sh does not know '$word'; it takes dev, finetune and gpu." ;;
  esac
done

sync() {
  # --inexact: what another make target has added stays. Output only when it fails.
  # shellcheck disable=SC2086
  if ! output=$(.uv/bin/uv sync --frozen --inexact --no-default-groups $1 2>&1); then
    printf '%s\n' "$output" | tail -n 15 >&2
    fail "The packages could not be installed. If the lines above speak of a connection, check the network; of space, free some."
  fi
}
# With a GPU the lock's torch, which carries CUDA (several GB); without one the build for processors, below.
[ -z "$finetune" ] || [ $engine = cpu ] || groups="$groups --group finetune"
sync "$groups --group $engine"
UV_PROJECT_ENVIRONMENT=.venv-dialogue sync "$dialogue"

[ -n "$finetune" ] && [ $engine = cpu ] || exit 0
torch=2.13.0
wanted=$(mktemp)
trap 'rm -f "$wanted"' EXIT
# shellcheck disable=SC2086
.uv/bin/uv export --quiet --frozen --no-default-groups $groups --group finetune --group cpu --prune torch \
  --no-hashes --no-emit-project --output-file "$wanted" >/dev/null
.uv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --requirement "$wanted" ||
  fail "The packages for fine-tuning could not be installed. If the lines above speak of a connection, check the network."
if ! .venv/bin/python -c 'import torch' 2>/dev/null; then
  # uv knows where torch's builds for processors are; failing that, pip takes what the machine is set up to find.
  .uv/bin/uv pip install --quiet --python .venv/bin/python --torch-backend cpu "torch==$torch" 2>/dev/null ||
    .uv/bin/python -m pip --python .venv/bin/python install --quiet --disable-pip-version-check "torch==$torch" ||
    fail "torch $torch could not be installed. Check the network and the free space, then try again."
fi
