"""Intents by encoders and linear heads, one model per language; what is out of scope; two requests in one message."""

from __future__ import annotations

import json
import os
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
from bot.components.entities import FOUND
from bot.components.understanding import Reading, Understanding
from textkit.encoders import LEXICAL, Encoder, encoder_digest, open_encoder
from textkit.errors import FrontdeskError
from textkit.language import LANGUAGES, Language, detect_language
from textkit.promoted import intent_encoder
from textkit.requests import halves, stands_alone

RANKED = 10  # intents in `intent_ranking`, as in rasa's own: it is stored with every message and goes with every action


def _encoder_names() -> dict[Language, str]:
    return {language: intent_encoder(language) for language in LANGUAGES}


def _digests() -> dict[str, str]:
    """The digest of each language's pretrained encoder; `lexical` where there is none."""
    names = _encoder_names()
    return {lang: name if name == LEXICAL else encoder_digest(name) for lang, name in names.items()}


def _open_encoders(threads: int = 1) -> dict[Language, list[Encoder]]:
    """For each language its own encoder, and after it the other language's where that reads it too, shallowly.

    Beside a first encoder half of the second one's layers say as much as all (development messages in English: the
    likeliest class is right for 96.0 % with either, the routed one for 95.1 and 94.9 %).
    """
    names = _encoder_names()
    opened = {n: open_encoder(n, lang, threads=threads) for lang, n in names.items() if n != LEXICAL}
    found: dict[Language, list[Encoder]] = {}
    for language in LANGUAGES:
        own = [encoder for name, encoder in opened.items() if name == names[language]]
        others = [encoder for name, encoder in opened.items() if name != names[language]]
        beside = [encoder.shallow() for encoder in others if language in encoder.languages]
        found[language] = [*own, *beside] if own else [e for e in others if language in e.languages]
    return found


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class EncoderIntentClassifier(GraphComponent):
    """Intent with calibrated probabilities; what lies outside all of them becomes `fallback_intent`.

    Settings: `strength` and `letters_strength` are the inverse of the regularisation of the heads for meaning and for
    letters, `letters_weight` is what the second counts beside the first, `lexical_dimensions` the size of the fitted
    encoder; `wrong_start_cost` says how much worse it is to start a flow that nobody wanted than to ask the documents
    first. Two intents that are closer than `close` become `unclear_intent`, unless one is in `settled`. A message of
    which two parts mean different things with a probability of `split` each, or of `split_loosely` where the second
    part may lean on the first (it is short, or a comma alone sets it apart), has two `requests`; intents in
    `no_request` (a greeting) are no part to be taken up by itself. Only parts that mean different things by their
    letters alone with a probability of `likely` (`likely_loosely`) are read by the encoders.

    A message gets `intent`, `intent_ranking`, `intent_raw` (the heads' first choice, uncalibrated), `outside` (score
    and threshold), and where they apply `candidates` (of an unclear one) and `requests`.
    """

    explains = False  # `frontdesk explain` sets it: messages carry all raw scores and the nearest examples as well

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Rasa's defaults, by key."""
        return {
            "fallback_intent": "ask",
            "unclear_intent": "unclear",
            "strength": 20.0,
            "letters_strength": 60.0,
            "letters_weight": 0.7,
            "lexical_dimensions": 300,
            "wrong_start_cost": 1.0,
            "close": 0.1,
            "settled": [],
            "split": 0.8,
            "split_loosely": 0.97,
            "likely": 0.1,
            "likely_loosely": 0.4,
            "no_request": [],
        }

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._models: dict[Language, Understanding] = {}

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
        encoders = _open_encoders(os.cpu_count() or 1)
        for language in LANGUAGES:
            examples = [(e.get(TEXT), e.get(INTENT)) for e in training_data.intent_examples if _reads(language, e)]
            if not examples:
                raise FrontdeskError(f"There is no training example in {language}.", "Add some under bot/data/nlu.")
            self._models[language] = Understanding.fit(examples, self._config, encoders[language])
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
            encoders = _open_encoders()
            for language in LANGUAGES:
                component._models[language] = Understanding.load(folder / language, encoders[language])
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Rasa's step for messages that come in."""
        for message in messages:
            text = (message.get(TEXT) or "").strip()
            if text:
                self._understand(message, text)
        return messages

    def _understand(self, message: Message, text: str) -> None:
        model = self._models[_language_of(message)]
        (reading,) = model.read([text])
        intent, candidates = self._route(model, reading, about_an_order=_names_an_order(message))
        raw = max(reading.raw.items(), key=lambda pair: pair[1])
        ranking = sorted(reading.ranking, key=lambda pair: pair[0] != intent["name"])
        message.set(INTENT, intent, add_to_output=True)
        listed = ranking if self.explains else ranking[:RANKED]
        message.set("intent_ranking", [_row(*pair) for pair in listed], add_to_output=True)
        message.set("intent_raw", _row(*raw), add_to_output=True)
        threshold = model.outside.threshold
        message.set("outside", {"score": reading.outside, "threshold": threshold}, add_to_output=True)
        if candidates:
            message.set("candidates", candidates, add_to_output=True)
        requests = self._requests(model, text)
        if requests:
            message.set("requests", requests, add_to_output=True)
        if self.explains:
            message.set("raw_scores", reading.raw, add_to_output=True)
            message.set("nearest", [list(near) for near in reading.nearest], add_to_output=True)

    def _route(
        self, model: Understanding, reading: Reading, *, about_an_order: bool
    ) -> tuple[dict[str, Any], list[str]]:
        """The intent that the rules see, and between which two it wavers.

        Numbers and addresses in a message lead it away from every example; one that names an order is no question to
        the documents unless that is what it seems to mean most.
        """
        fallback = self._config["fallback_intent"]
        inside = [(name, share) for name, share in reading.ranking if name != fallback]
        certain = about_an_order and reading.ranking[0][0] != fallback
        if not inside or (reading.outside >= model.outside.threshold and not certain):
            return _row(fallback, max(reading.outside, dict(reading.ranking).get(fallback, 0.0))), []
        (first, share), *others = inside
        settled = {first, *(name for name, _ in others[:1])} & set(self._config["settled"])
        if others and not settled and share - others[0][1] < self._config["close"]:
            return _row(self._config["unclear_intent"], share + others[0][1]), [first, others[0][0]]
        return _row(first, share), []

    def _requests(self, model: Understanding, text: str) -> list[dict[str, Any]]:
        """Two parts that clearly mean different things, or nothing."""
        cuts = self._likely_cuts(model, text)
        if not cuts:
            return []
        # All together: activations are quantised by the batch, and `split` was chosen so.
        likeliest = model.likeliest([part for cut in cuts for part in cut])
        best: tuple[float, list[dict[str, Any]]] = (0.0, [])
        for cut, (first, share), (second, other) in zip(cuts, likeliest[::2], likeliest[1::2], strict=True):
            if first == second or {first, second} & set(self._config["no_request"]):
                continue
            surer = min(share, other)
            if surer >= self._config["split" if stands_alone(text, cut) else "split_loosely"] and surer > best[0]:
                parts = [{"text": part, "intent": name} for part, name in zip(cut, (first, second), strict=True)]
                best = (surer, parts)
        return best[1]

    def _likely_cuts(self, model: Understanding, text: str) -> list[tuple[str, str]]:
        """The ways to cut `text` in two that its letters do not speak against: the encoders need not read the rest."""
        cuts = halves(text)
        if not cuts:
            return []
        shares = model.shares_by_letters([part for cut in cuts for part in cut])
        shares[:, [n for n, label in enumerate(model.heads.labels) if label in self._config["no_request"]]] = 0.0
        found = []
        for cut, first, second in zip(cuts, shares[::2], shares[1::2], strict=True):
            pairs = np.outer(first, second)
            np.fill_diagonal(pairs, 0.0)
            if pairs.max() >= self._config["likely" if stands_alone(text, cut) else "likely_loosely"]:
                found.append(cut)
        return found


def _names_an_order(message: Message) -> bool:
    """Whether an order number was found (bot/components/entities.py)."""
    return any(entity["entity"] == "order_number" for entity in message.get(FOUND) or [])


def _row(name: str, confidence: float) -> dict[str, Any]:
    return {"name": name, "confidence": float(confidence)}


def _reads(language: Language, example: Message) -> bool:
    return _language_of(example) == language


def _language_of(message: Message) -> Language:
    return detect_language(message.get(TEXT) or "") or "en"
