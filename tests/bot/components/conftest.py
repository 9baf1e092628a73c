import subprocess
from pathlib import Path

import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource

from textkit.registry import Registry
from textkit.settings import ROOT, Settings, settings

ENCODER = str(Settings().encoder_en)
BUILD = """
import sys
from pathlib import Path
from knowledge.encoder_install import install_encoder
from textkit.registry import Registry
install_encoder(sys.argv[1], Registry(Path(sys.argv[2])))
"""


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose registry has the packaged encoder: the checkout's own, or one that the other runtime builds."""
    own = ROOT / "models"
    if Registry(own / "registry").find(ENCODER):
        return own
    made: Path = tmp_path_factory.mktemp("models")
    command = [str(ROOT / ".venv/bin/python"), "-c", BUILD, ENCODER, str(made / "registry")]
    subprocess.run(command, cwd=ROOT, check=True, timeout=120)
    return made


@pytest.fixture(scope="session", autouse=True)
def default_settings(models: Path):
    """The settings' defaults, whatever the environment and .env say."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FRONTDESK_MODELS_DIR", str(models))
        patch.setenv("FRONTDESK_ENCODER_EN", ENCODER)
        patch.setenv("FRONTDESK_ENCODER_ZH", "lexical")
        settings.cache_clear()
        yield
    settings.cache_clear()


@pytest.fixture
def change_setting(monkeypatch: pytest.MonkeyPatch):
    """Sets one setting for the test."""

    def change(name: str, value: str) -> None:
        monkeypatch.setenv(name, value)
        settings.cache_clear()

    yield change
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture(scope="session")
def storage(tmp_path_factory: pytest.TempPathFactory) -> LocalModelStorage:
    """Rasa's model storage on disk."""
    return LocalModelStorage(tmp_path_factory.mktemp("storage"))


@pytest.fixture
def resource(request: pytest.FixtureRequest) -> Resource:
    """A place in the storage for the test's own model."""
    return Resource(request.node.name)
