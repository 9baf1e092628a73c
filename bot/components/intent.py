"""Intents by encoder and linear head, one head per language."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.checked import checked
from textkit.encoders import LEXICAL, OnnxEncoder, Vectors, encoder_digest, open_encoder
from textkit.errors import FrontdeskError
from textkit.head import LinearHead
from textkit.language import LANGUAGES, Language, detect_language
from textkit.lexical import LexicalEncoder
from textkit.settings import settings


class LanguageModel:
    """Encoders and head of one language: what `rasa train` fits and every message passes through.

    The lexical encoder is always there, since short social messages are told apart by their letters; a pretrained
    encoder, where one is set, stands beside it.
    """

    def __init__(self, lexical: LexicalEncoder, head: LinearHead, pretrained: OnnxEncoder | None) -> None:
        self.lexical = lexical
        self.head = head
        self.pretrained = pretrained

    @classmethod
    def fit(
        cls, texts: Sequence[str], intents: Sequence[str], config: dict[str, Any], language: Language
    ) -> LanguageModel:
        """Fit on examples in `language`."""
        name = _encoder_names()[language]
        lexical = LexicalEncoder.fit(texts, config["lexical_dimensions"])
        pretrained = None if name == LEXICAL else open_encoder(name, language)
        vectors = _encode(texts, lexical, pretrained)
        return cls(lexical, LinearHead.fit(vectors, intents, config["strength"]), pretrained)

    def ranking(self, text: str) -> list[tuple[str, float]]:
        """Every intent with its probability, likeliest first."""
        shares = self.head.probabilities(_encode([text], self.lexical, self.pretrained))[0]
        return [(self.head.labels[i], float(shares[i])) for i in np.argsort(-shares)]

    def save(self, folder: Path) -> None:
        """Write everything but the pretrained encoder, which stays in the registry."""
        folder.mkdir()
        self.lexical.save(folder)
        self.head.save(folder)

    @classmethod
    def load(cls, folder: Path, pretrained: OnnxEncoder | None) -> LanguageModel:
        """Read what `save` wrote."""
        return cls(LexicalEncoder.load(folder), LinearHead.load(folder), pretrained)


def _encode(texts: Sequence[str], lexical: LexicalEncoder, pretrained: OnnxEncoder | None) -> Vectors:
    letters = lexical.encode(texts)
    return letters if pretrained is None else np.hstack([pretrained.encode(texts), 0.7 * letters])


def _encoder_names() -> dict[Language, str]:
    return {"en": settings().encoder_en, "zh": settings().encoder_zh}


def _digests() -> dict[str, str]:
    """The digest of each language's pretrained encoder; `lexical` where there is none."""
    names = _encoder_names()
    return {lang: name if name == LEXICAL else encoder_digest(name) for lang, name in names.items()}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class EncoderIntentClassifier(GraphComponent):
    """Intent with the probability of its head; an unsure one becomes `fallback_intent`.

    Settings: `fallback_intent` takes what no other intent reaches `threshold` for; `strength` is the inverse of the
    regularisation; `lexical_dimensions` the size of the fitted encoder. The raw ranking stays in the message.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Rasa's defaults, by key."""
        return {"fallback_intent": "ask", "threshold": 0.5, "strength": 50.0, "lexical_dimensions": 600}

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._models: dict[Language, LanguageModel] = {}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EncoderIntentClassifier:
        """Rasa's constructor for training."""
        return cls(checked(cls.__name__, config, cls.get_default_config()), model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Train again when an encoder has changed, which rasa cannot see."""
        return json.dumps(_digests())

    def train(self, training_data: TrainingData) -> Resource:
        """Fit one model per language and keep them with rasa's model."""
        for language in LANGUAGES:
            examples = [e for e in training_data.intent_examples if _language_of(e) == language]
            if not examples:
                raise FrontdeskError(f"There is no training example in {language}.", "Add some under bot/data/nlu.")
            texts = [e.get(TEXT) for e in examples]
            intents = [e.get(INTENT) for e in examples]
            self._models[language] = LanguageModel.fit(texts, intents, self._config, language)
        with self._storage.write_to(self._resource) as folder:
            for language, model in self._models.items():
                model.save(folder / language)
            (folder / "encoders.json").write_text(json.dumps(_digests()), encoding="utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> EncoderIntentClassifier:
        """Rasa's constructor for serving; refuses a model that was trained with other encoders."""
        component = cls(checked(cls.__name__, config, cls.get_default_config()), model_storage, resource)
        with model_storage.read_from(resource) as folder:
            if json.loads((folder / "encoders.json").read_text(encoding="utf-8")) != _digests():
                raise FrontdeskError(
                    "The model was trained with other encoders than those set.", "Run `frontdesk train`."
                )
            for language, name in _encoder_names().items():
                pretrained = None if name == LEXICAL else open_encoder(name, language)
                component._models[language] = LanguageModel.load(folder / language, pretrained)
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Rasa's step: `intent`, `intent_ranking` and, unchanged by the threshold, `intent_raw`."""
        for message in messages:
            text = (message.get(TEXT) or "").strip()
            if not text:
                continue
            ranking = self._models[_language_of(message)].ranking(text)
            rows = [{"name": name, "confidence": share} for name, share in ranking]
            message.set("intent_raw", rows[0], add_to_output=True)
            if rows[0]["confidence"] < self._config["threshold"]:
                rows.sort(key=lambda row: row["name"] != self._config["fallback_intent"])
            message.set(INTENT, rows[0], add_to_output=True)
            message.set("intent_ranking", rows, add_to_output=True)
        return messages


def _language_of(message: Message) -> Language:
    return detect_language(message.get(TEXT) or "") or "en"
