"""How a customer feels: a fine-tuned model of each language, where one has been promoted."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.checked import checked
from bot.components.language import LANGUAGE
from textkit.classifier import Classifier
from textkit.language import LANGUAGES
from textkit.promoted import promoted_name
from textkit.registry import Registry

SENTIMENT = "sentiment"


# As a classifier it runs when a message comes in and not in training.
@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class SentimentReader(GraphComponent):
    """Sets `sentiment` of each message (name and confidence), visible in the parsed message.

    The models are `sentiment-en` and `sentiment-zh` of the registry; without one nothing is set and nothing is
    computed. bot/engine/mood.py makes a slot of a run of negative messages.
    """

    def __init__(self, models: dict[str, Classifier]) -> None:
        self._models = models

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentimentReader:
        """Rasa's constructor."""
        checked(cls.__name__, config, cls.get_default_config())
        folders = {language: Registry().find(promoted_name(SENTIMENT, language)) for language in LANGUAGES}
        return cls({language: Classifier.load(folder) for language, folder in folders.items() if folder})

    def process(self, messages: list[Message]) -> list[Message]:
        """Rasa's step for messages that come in."""
        for message in messages:
            model, text = self._models.get(message.get(LANGUAGE) or ""), (message.get(TEXT) or "").strip()
            if model and text:
                (shares,) = model.probabilities([text])
                best = int(shares.argmax())
                found = {"name": model.labels[best], "confidence": float(shares[best])}
                message.set(SENTIMENT, found, add_to_output=True)
        return messages
