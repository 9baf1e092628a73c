#!/bin/sh
# Lint, format and types; each package is typed in its own runtime.
set -eu
cd "$(dirname "$0")/.."
.venv/bin/ruff check .
.venv/bin/ruff format --check .
.venv/bin/mypy textkit knowledge actions finetune frontdesk
.venv-dialogue/bin/mypy --config-file mypy-dialogue.ini bot textkit
