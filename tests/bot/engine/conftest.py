import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.engine import running, small_bot


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """The small bot's folder and what `rasa train` said of it."""
    folder = small_bot.write(tmp_path_factory.mktemp("small-bot"))
    return folder, running.rasa(folder, "train")


@pytest.fixture(scope="session")
def bot_folder(trained: tuple[Path, subprocess.CompletedProcess[str]]) -> Path:
    """The small bot with its model."""
    folder, training = trained
    assert training.returncode == 0, training.stdout
    return folder


@pytest.fixture(scope="module")
def server(bot_folder: Path) -> Iterator[running.RasaServer]:
    """The small bot, served."""
    server = running.RasaServer(bot_folder)
    server.start()
    yield server
    server.stop()
