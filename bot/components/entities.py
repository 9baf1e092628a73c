"""What a message names: order numbers, e-mail addresses, telephones, sums, dates, quantities, products."""

from __future__ import annotations

import dataclasses
import logging
from datetime import date
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.checked import checked
from textkit.entities import Catalogue, extract
from textkit.settings import settings

logger = logging.getLogger(__name__)
FOUND = "found"
CATALOGUE = Path("registry/catalogue/catalogue.json")


# Under a key of its own: as rasa's `entities` every test story would have to mark each of them, and the rules would
# see them. As a classifier it runs when a message comes in and not in training.
@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class EntityFinder(GraphComponent):
    """Sets `found` of each message: `entity`, `start`, `end`, `text` and `value` of what it names.

    The catalogue is the file that `frontdesk up` writes into the registry; a new one is read without training.
    """

    def __init__(self) -> None:
        self._file = settings().path(settings().models_dir) / CATALOGUE
        self._read_at = 0
        self._catalogue: Catalogue | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EntityFinder:
        """Rasa's constructor."""
        checked(cls.__name__, config, cls.get_default_config())
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Rasa's step for messages that come in."""
        for message in messages:
            text = message.get(TEXT) or ""
            found = extract(text, date.today(), message.get("language"), self._current()) if text else []
            message.set(FOUND, [dataclasses.asdict(entity) for entity in found], add_to_output=True)
        return messages

    def _current(self) -> Catalogue | None:
        try:
            changed = self._file.stat().st_mtime_ns
        except OSError:
            return self._catalogue
        if changed != self._read_at:
            self._read_at = changed
            try:
                self._catalogue = Catalogue.read(self._file)
            except (ValueError, KeyError, TypeError):  # the one that is known still serves
                logger.exception("The catalogue in the registry cannot be read")
        return self._catalogue
