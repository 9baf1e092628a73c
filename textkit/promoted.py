"""The models that were promoted into the registry, and what stands in where none was."""

from __future__ import annotations

from textkit.language import Language
from textkit.registry import Registry
from textkit.settings import settings

INTENT = "intent"
RERANKER = "reranker"


def promoted_name(kind: str, language: Language) -> str:
    """Under which name a language's promoted model is in the registry: `intent-en`."""
    return f"{kind}-{language}"


def intent_encoder(language: Language, registry: Registry | None = None) -> str:
    """The name of the encoder by which intents are told: the promoted one, or that of the settings."""
    name = promoted_name(INTENT, language)
    if (registry or Registry()).find(name):
        return name
    return settings().encoder(language)
