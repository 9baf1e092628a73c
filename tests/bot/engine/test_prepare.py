import importlib.machinery
import importlib.metadata
import sys

import pytest
import rasa.version

from bot.engine import RASA_VERSION, prepare
from bot.engine.absent import PACKAGES
from tests.bot.engine import running, small_bot

# What makes an import slow is how much it imports, and that does not depend on the machine: stock rasa without
# TensorFlow takes 3,100 modules, with it thousands more.
IMPORTED_MODULES = 1_800


def test_the_pinned_rasa_is_installed():
    assert importlib.metadata.version("rasa") == rasa.version.__version__ == RASA_VERSION


def test_prepare_refuses_another_rasa(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rasa.version, "__version__", "3.6.20")
    with pytest.raises(RuntimeError, match=r"mends rasa 3\.6\.21, but 3\.6\.20 is installed"):
        prepare()


def test_prepare_can_be_called_again():
    finders = list(sys.meta_path)
    prepare()
    assert sys.meta_path == finders


@pytest.mark.parametrize("package", PACKAGES)
def test_tensorflow_is_not_installed(package: str):
    assert importlib.machinery.PathFinder.find_spec(package) is None


def test_importing_rasa_is_light_and_quiet():
    code = "import sys, bot.engine; bot.engine.prepare(); import rasa; print(len(sys.modules))"
    imported = running.python(code)
    assert int(imported.stdout) < IMPORTED_MODULES
    assert "Warning" not in imported.stderr


@pytest.mark.parametrize(
    ("stock", "replaced", "model"),
    [("LogisticRegressionClassifier", "DIETClassifier", "DIET"), ("MemoizationPolicy", "TEDPolicy", "TED")],
)
def test_a_component_that_needs_tensorflow_fails_with_a_sentence(tmp_path, stock: str, replaced: str, model: str):
    config = small_bot.write(tmp_path) / "config.yml"
    config.write_text(config.read_text().replace(stock, replaced))
    training = running.rasa(tmp_path, "train")
    assert training.returncode == 1
    assert f"{model} needs TensorFlow, which Frontdesk's dialogue runtime leaves out." in training.stdout
    assert "pip install rasa==3.6.21" in training.stdout
    assert "Traceback" not in training.stdout
