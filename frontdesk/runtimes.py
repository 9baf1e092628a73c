"""The two Python environments and the commands that run in them."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from textkit.errors import MissingArtefactError
from textkit.settings import ROOT, export_settings

DIALOGUE = ROOT / ".venv-dialogue" / "bin" / "python"
# What `frontdesk rasa` adds where the caller says nothing: the files are not where rasa looks by itself.
_DEFAULTS: dict[str, tuple[tuple[str, ...], ...]] = {
    "train": (("--domain", "bot/domain"), ("--data", "bot/data"), ("--out", "models/rasa")),
    "run": (("--model", "models/rasa"), ("--interface", "127.0.0.1")),
    "shell": (("--model", "models/rasa"),),
    "test": (("--model", "models/rasa"), ("--stories", "tests/conversations"), ("--nlu", "bot/data/nlu")),
    "visualize": (("--domain", "bot/domain"), ("--stories", "bot/data")),
    "interactive": (("--domain", "bot/domain"), ("--data", "bot/data"), ("--model", "models/rasa")),
    "data validate": (("--domain", "bot/domain"), ("--data", "bot/data")),
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
    plain = [w for w in words if not w.startswith("-")]
    command = " ".join(plain[:2]) if plain[:1] == ["data"] else "".join(plain[:1])
    if not {"-h", "--help"} & set(words):
        for option, value in _DEFAULTS.get(command, ()):
            if option not in words and _SHORT.get(option, option) not in words:
                words += [option, value]
    return [str(dialogue_python()), "-m", "bot.engine", *words]


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
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "RASA_TELEMETRY_ENABLED": "false",
    }
