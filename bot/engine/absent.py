"""Stand-ins for TensorFlow, which rasa imports everywhere and the bot's components never run.

Rasa's modules subclass and annotate with TensorFlow's types while they are imported. Here `import tensorflow...`
gives modules whose attributes are empty classes, so that importing works; using one raises a sentence on what to
install.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any

PACKAGES = ("tensorflow", "tensorflow_hub", "tensorflow_text", "tensorflow_addons", "keras")
ADVICE = (
    "needs TensorFlow, which Frontdesk's dialogue runtime leaves out. Use a component that does not need it "
    "(config.yml shows one), or run stock Rasa 3.6.21 in an environment of its own: pip install rasa==3.6.21."
)


class _AbsentType(type):
    """Makes every attribute of an absent class another absent class."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _absent(f"{cls.__name__}.{name}")

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        # `@tf.function` and the like decorate functions while rasa's modules are imported.
        if len(args) == 1 and not kwargs and callable(args[0]):
            return args[0]
        # Imported here because this module comes before rasa.
        from bot.engine.errors import TensorFlowAbsentError

        raise TensorFlowAbsentError(f"{cls.__name__} {ADVICE}")


def _absent(name: str) -> Any:
    return _AbsentType(name, (), {})


class _AbsentModule(ModuleType):
    def __getattr__(self, name: str) -> Any:
        # Libraries that find `tensorflow` in sys.modules ask it whether their values are tensors: they never are.
        # (matplotlib does while `rasa test` draws; an empty class there makes it recurse for ever.)
        if name == "is_tensor":
            return lambda value: False
        if name.startswith("__"):
            raise AttributeError(name)
        return _absent(f"{self.__name__}.{name}")


class _AbsentFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname.split(".")[0] in PACKAGES:
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _AbsentModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


def stand_in_for_tensorflow() -> None:
    """Answer imports of TensorFlow with empty modules, unless it is installed."""
    if "tensorflow" not in sys.modules and importlib.util.find_spec("tensorflow") is None:
        sys.meta_path.insert(0, _AbsentFinder())
