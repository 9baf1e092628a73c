"""The two Python environments and the commands that run in them."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path

from textkit.errors import MissingArtefactError
from textkit.settings import ROOT, export_settings

DIALOGUE = ROOT / ".venv-dialogue" / "bin" / "python"
# What `frontdesk rasa` adds where the caller says nothing: the files are not where rasa looks by itself.
_DOMAIN, _DATA, _NLU = ("--domain", "bot/domain"), ("--data", "bot/data"), ("--nlu", "bot/data/nlu")
_MODEL, _OUT, _ALL_STORIES = ("--model", "models/rasa"), ("--out", "models/rasa"), ("--stories", "bot/data")
_TEST_STORIES = ("--stories", "tests/conversations")
_DEFAULTS: dict[str, tuple[tuple[str, str], ...]] = {
    "train": (_DOMAIN, _DATA, _OUT),
    "train core": (_DOMAIN, _ALL_STORIES, _OUT),
    "train nlu": (_DOMAIN, _NLU, _OUT),
    "run": (_MODEL, ("--interface", "127.0.0.1")),
    "run actions": (),
    "shell": (_MODEL,),
    "test": (_MODEL, _TEST_STORIES, _NLU),
    "test core": (_MODEL, _TEST_STORIES),
    "test nlu": (_MODEL, _NLU),
    "visualize": (_DOMAIN, _ALL_STORIES),
    "interactive": (_DOMAIN, _DATA, _MODEL),
    "interactive core": (_DOMAIN, _ALL_STORIES, _MODEL),
    "data validate": (_DOMAIN, _DATA),
    "data split nlu": (_NLU,),
}
_SHORT = {"--domain": "-d", "--model": "-m", "--stories": "-s", "--nlu": "-u", "--interface": "-i"}


def dialogue_python() -> Path:
    """The interpreter of the dialogue runtime; raises MissingArtefactError when it is not there."""
    if not DIALOGUE.exists():
        raise MissingArtefactError(
            f"The dialogue runtime ({DIALOGUE.parent.parent.name}) is missing.", "Run `make install`."
        )
    return DIALOGUE


def rasa_command(arguments: Sequence[str]) -> list[str]:
    """The command that runs rasa with `arguments`, completed with where this project keeps its files."""
    words = list(arguments)
    named = list(takewhile(lambda word: not word.startswith("-"), words))
    command = next((c for n in (3, 2, 1) if (c := " ".join(named[:n])) in _DEFAULTS), "")
    if not {"-h", "--help"} & set(words):
        for option, value in _DEFAULTS.get(command, ()):
            if not any(_is_option(word, option) for word in arguments):
                words += [option, value]
    return [str(dialogue_python()), "-m", "bot.engine", *words]


def stores_command(arguments: Sequence[str]) -> list[str]:
    """The command that works on the conversations' database."""
    return [str(dialogue_python()), "-m", "bot.stores", *arguments]


def explain_command(arguments: Sequence[str]) -> list[str]:
    """The command that says what the dialogue model makes of messages."""
    return [str(dialogue_python()), "-m", "bot.explain", *arguments]


def _is_option(word: str, option: str) -> bool:
    """Whether `word` is `--option`, `--option=value`, `-o` or `-ovalue`."""
    short = _SHORT.get(option, option)
    return word.partition("=")[0] == option or (word.startswith(short) and not word.startswith("--"))


def actions_command() -> list[str]:
    """The command that runs the action server, in this runtime."""
    return [sys.executable, "-m", "actions"]


def child_environment() -> dict[str, str]:
    """The environment of a child process: the settings by name, unbuffered output, quiet libraries."""
    return {
        **os.environ,
        **export_settings(),
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": os.environ.get("PYTHONWARNINGS", "ignore"),
        "LOG_LEVEL_LIBRARIES": "ERROR",
        "TQDM_DISABLE": "1",
        "SANIC_REQUEST_MAX_SIZE": "1048576",  # bytes; Sanic would hold 100 MB before the channel can refuse them
        # One question is too little work to share: on two cores the pools of the servers only get in each other's way.
        "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "1"),
        "OPENBLAS_NUM_THREADS": os.environ.get("OPENBLAS_NUM_THREADS", "1"),
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "RASA_TELEMETRY_ENABLED": "false",
    }
