"""Packages that rasa imports for features which a bot may never use, loaded when one is used.

Importing rasa 3.6.21 imports the clients of nine chat services, two databases, a message broker, a plotting library
and scikit-learn: seconds of processor time and 80 MB in every server. While rasa is imported within `deferred()`, such
a package is a module whose attributes are placeholders, and a channel that the credentials may name is one too. The
first use of either loads what it stands for; after the block, imports give the packages themselves.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Any

PACKAGES = frozenset(
    ("aio_pika", "aiormq", "boto3", "bson", "dask", "matplotlib", "prompt_toolkit")
    + ("pymongo", "questionary", "randomname", "sklearn", "terminaltables")
)
_CHANNELS = "rasa.core.channels"
# Each with the key under which credentials.yml configures it: rasa asks every class for it while it is imported.
CHANNELS = {
    "botframework": ("BotFrameworkInput", "botframework"),
    "facebook": ("FacebookInput", "facebook"),
    "hangouts": ("HangoutsInput", "hangouts"),
    "mattermost": ("MattermostInput", "mattermost"),
    "rocketchat": ("RocketChatInput", "rocketchat"),
    "slack": ("SlackInput", "slack"),
    "telegram": ("TelegramInput", "telegram"),
    "twilio": ("TwilioInput", "twilio"),
    "twilio_voice": ("TwilioVoiceInput", "twilio_voice"),
    "webexteams": ("WebexTeamsInput", "webexteams"),
}
_KEYS = {f"{_CHANNELS}.{module}.{name}": key for module, (name, key) in CHANNELS.items()}


class Placeholder:
    """Stands for an attribute of a module, or for one of its own; whatever is done with it is done with that."""

    def __init__(self, module: str, *names: str) -> None:
        self._place = (module, *names)

    def _load(self) -> Any:
        found: Any = importlib.import_module(self._place[0])
        for name in self._place[1:]:
            found = _attribute(found, name)
        return found

    def name(self) -> str:
        """A channel's key, which rasa wants at once; of anything else its own `name`."""
        key = _KEYS.get(".".join(self._place))
        return key if key is not None else self._load().name()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it."""
        return self._load()(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # typing asks for some while rasa is imported
            raise AttributeError(name)
        return Placeholder(*self._place, name) if _DeferredModule.importing else _attribute(self._load(), name)

    def __instancecheck__(self, instance: object) -> bool:
        return isinstance(instance, self._load())


class _DeferredModule(ModuleType):
    """A module of which nothing was run; `importing` is true until the block of `deferred` ends."""

    importing = False

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        place = Placeholder(self.__name__, name)
        return place if _DeferredModule.importing else place._load()


def _attribute(holder: Any, name: str) -> Any:
    """An attribute; of a package also a module that nobody has imported yet."""
    if isinstance(holder, ModuleType) and not hasattr(holder, name):
        return importlib.import_module(f"{holder.__name__}.{name}")
    return getattr(holder, name)


class _DeferredFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        folder, _, module = fullname.rpartition(".")
        if fullname.split(".")[0] in PACKAGES or (folder == _CHANNELS and module in CHANNELS):
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _DeferredModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


@contextmanager
def deferred() -> Iterator[None]:
    """Within the block an import of PACKAGES or CHANNELS loads nothing, unless it has been loaded before."""
    finder = _DeferredFinder()
    sys.meta_path.insert(0, finder)
    _DeferredModule.importing = True
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        _DeferredModule.importing = False
        for name in [name for name, module in sys.modules.items() if isinstance(module, _DeferredModule)]:
            folder, _, module = name.rpartition(".")
            if folder in sys.modules and isinstance(vars(sys.modules[folder]).get(module), _DeferredModule):
                delattr(sys.modules[folder], module)
            del sys.modules[name]
