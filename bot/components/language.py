"""Says which language a message is in; bot/engine/processor.py makes the slot `language` of it."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.checked import checked
from textkit.language import detect_language

LANGUAGE = "language"


# Rasa has no type for a component that only describes a message. As a classifier it runs when a message comes in and
# not in training; as an entity extractor `rasa test` would want tokens of it.
@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class LanguageDetector(GraphComponent):
    """Sets `language` of each message to `en`, `zh` or None, visible in the parsed message."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageDetector:
        """Rasa's constructor."""
        checked(cls.__name__, config, cls.get_default_config())
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Rasa's step for messages that come in."""
        for message in messages:
            message.set(LANGUAGE, detect_language(message.get(TEXT) or ""), add_to_output=True)
        return messages
