import subprocess
import sys
from importlib.util import find_spec

import pytest

from textkit.registry import Registry
from textkit.settings import ROOT, settings

# What one runtime alone can do: the index's analysers, fitting a classifier.
collect_ignore = [] if find_spec("jieba") else ["test_words_index_terms.py"]
collect_ignore += [] if find_spec("sklearn") else ["test_head_fit.py"]

MINILM = "sentence-transformers/all-MiniLM-L6-v2"
INSTALL = "import sys; from knowledge.encoder_install import install_encoder; install_encoder(sys.argv[1])"


@pytest.fixture
def setting(monkeypatch):
    """Sets a setting for one test: `setting("port", 5006)`."""

    def change(name, value):
        monkeypatch.setenv(f"FRONTDESK_{name.upper()}", str(value))
        settings.cache_clear()

    yield change
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture(scope="session")
def encoder_registry(tmp_path_factory):
    """A registry with the packaged encoder; the models runtime builds it."""
    python = sys.executable if find_spec("onnx") else str(ROOT / ".venv/bin/python")
    folder = tmp_path_factory.mktemp("models")
    environment = {"FRONTDESK_MODELS_DIR": str(folder), "PATH": "/usr/bin:/bin"}
    subprocess.run([python, "-c", INSTALL, MINILM], cwd=ROOT, env=environment, check=True)
    return Registry(folder / "registry")
