import json
import os
import subprocess
import sys

import pytest

from frontdesk import runtimes
from frontdesk.runtimes import actions_command, child_environment, dialogue_python, rasa_command
from textkit.errors import MissingArtefactError
from textkit.settings import ROOT

needs_dialogue = pytest.mark.skipif(not runtimes.DIALOGUE.exists(), reason="the dialogue runtime is not installed")
PARSE = """
import bot.engine, json, sys
bot.engine.prepare()
from rasa.__main__ import create_argument_parser
parser = create_argument_parser()
for words in json.load(sys.stdin):
    found = vars(parser.parse_args(words))
    print(json.dumps({k: v for k, v in found.items() if isinstance(v, (str, list))}))
"""
COMMANDS = [
    "train",
    "train nlu",
    "train core",
    "run",
    "run actions",
    "shell",
    "shell nlu",
    "test",
    "test core",
    "test nlu",
    "visualize",
    "interactive",
    "interactive core",
    "data validate",
    "data validate stories",
    "data split nlu",
    "export",
    "init",
]


@pytest.fixture(autouse=True)
def _python(monkeypatch):
    monkeypatch.setattr(runtimes, "dialogue_python", lambda: "python")


def added(line):
    words = line.split()
    command = rasa_command(words)
    assert command[: 3 + len(words)] == ["python", "-m", "bot.engine", *words]
    return command[3 + len(words) :]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("train", "--domain bot/domain --data bot/data --out models/rasa"),
        ("train nlu", "--domain bot/domain --nlu bot/data/nlu --out models/rasa"),
        ("train --force", "--domain bot/domain --data bot/data --out models/rasa"),
        ("train --domain mine", "--data bot/data --out models/rasa"),
        ("train -d mine --out x", "--data bot/data"),
        ("train --domain=mine --data=a --out=x", ""),
        ("run", "--model models/rasa --interface 127.0.0.1"),
        ("run -i 0.0.0.0 -m x.tar.gz", ""),
        ("run -mx.tar.gz --interface=::1", ""),
        ("run --debug", "--model models/rasa --interface 127.0.0.1"),
        ("test --nlu tests/data --fail-on-prediction-errors", "--model models/rasa --stories tests/conversations"),
        ("test -u tests/data -s mine", "--model models/rasa"),
        ("test nlu", "--model models/rasa --nlu bot/data/nlu"),
        ("data validate", "--domain bot/domain --data bot/data"),
        ("data convert nlu", ""),
        ("init --init-dir train", ""),
        ("", ""),
        ("--version", ""),
        ("--help", ""),
        ("train --help", ""),
        ("data validate -h", ""),
    ],
)
def test_what_the_caller_does_not_say_is_added(line, expected):
    assert added(line) == expected.split()


@needs_dialogue
def test_rasa_takes_every_command_as_completed():
    lines = [rasa_command(command.split())[3:] for command in COMMANDS]
    done = subprocess.run(
        [str(runtimes.DIALOGUE), "-W", "ignore", "-c", PARSE],
        input=json.dumps(lines),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-500:]
    parsed = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(parsed) == len(COMMANDS)
    assert parsed[0]["domain"] == "bot/domain"
    assert parsed[COMMANDS.index("run")]["interface"] == "127.0.0.1"


def test_every_file_that_is_named_exists():
    named = {value for options in runtimes._DEFAULTS.values() for _, value in options if "/" in value}
    assert {"bot/domain", "bot/data"} <= named
    assert all((ROOT / value).exists() for value in named - {"models/rasa"})


def test_a_missing_runtime_names_the_command(monkeypatch, tmp_path):
    monkeypatch.undo()
    monkeypatch.setattr(runtimes, "DIALOGUE", tmp_path / ".venv-dialogue/bin/python")
    with pytest.raises(MissingArtefactError, match=r"runtime \(\.venv-dialogue\) is missing\. Run `make install`"):
        dialogue_python()


def test_the_action_server_runs_in_this_runtime():
    assert actions_command() == [sys.executable, "-m", "actions"]


def test_children_get_the_settings_by_name(in_process, monkeypatch):
    monkeypatch.setenv("PATH", "/somewhere")
    made = child_environment()
    assert made["FRONTDESK_MODELS_DIR"] == os.environ["FRONTDESK_MODELS_DIR"]
    assert made["FRONTDESK_MESSAGE_LIMIT"] == "1000"
    assert (made["PATH"], made["PYTHONUNBUFFERED"], made["RASA_TELEMETRY_ENABLED"]) == ("/somewhere", "1", "false")
    assert all(isinstance(value, str) for value in made.values())
