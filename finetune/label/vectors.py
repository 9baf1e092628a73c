"""Vectors of messages by the encoder of their language, as in service."""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np

from textkit.encoders import LEXICAL, Encoder, Vectors, open_encoder
from textkit.language import LANGUAGES, Language, detect_language
from textkit.lexical import LexicalEncoder
from textkit.settings import settings


def language_of(text: str, known: str | None = None) -> Language:
    """The language by whose encoder `text` is read; English where nothing tells, as in service."""
    if known in LANGUAGES:
        return "zh" if known == "zh" else "en"
    return detect_language(text) or "en"


def encoder_of(language: Language, texts: Sequence[str]) -> Encoder:
    """The encoder that the settings name; where that is `lexical`, one fitted to `texts`."""
    name = settings().encoder(language)
    if name == LEXICAL:
        return LexicalEncoder.fit(texts, 200)
    return open_encoder(name, language, threads=os.cpu_count() or 1)


def centred(vectors: Vectors, centre: Vectors) -> Vectors:
    """Unit vectors around `centre`: some encoders put all texts into a narrow cone."""
    moved = vectors - centre
    unit: Vectors = (moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9)).astype(np.float32)
    return unit
