"""Reads a classifier that was fine-tuned and promoted: an encoder, a head, perhaps letters beside it.

The folder is what `finetune` exports (finetune/intents/model.py); both runtimes read it here without torch.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from textkit.encoders import Encoder, OnnxEncoder
from textkit.head import LinearHead, softmax
from textkit.lexical import LexicalEncoder


@dataclasses.dataclass(frozen=True)
class Classifier:
    """Texts to labels with calibrated probabilities."""

    encoder: Encoder
    meaning: LinearHead
    temperature: float
    lexical: LexicalEncoder | None = None
    letters: LinearHead | None = None
    letters_weight: float = 0.0

    @property
    def labels(self) -> tuple[str, ...]:
        """In the order of the columns."""
        return self.meaning.labels

    @classmethod
    def load(cls, folder: Path) -> Classifier:
        """Read an exported model; the letters only where they count."""
        kept = json.loads((folder / "intent.json").read_text(encoding="utf-8"))
        labels, weight = tuple(kept["labels"]), float(kept["letters_weight"])
        meaning = read_head(folder / "head_meaning.safetensors", labels)
        encoder, temperature = OnnxEncoder(folder), float(kept["temperature"])
        if not weight:
            return cls(encoder, meaning, temperature)
        letters = read_head(folder / "head_letters.safetensors", labels)
        return cls(encoder, meaning, temperature, LexicalEncoder.load(folder), letters, weight)

    def probabilities(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (texts, labels); rows sum to 1."""
        logits = self.meaning.logits(self.encoder.encode(texts))
        if self.lexical and self.letters:
            logits = logits + np.float32(self.letters_weight) * self.letters.logits(self.lexical.weigh(texts))
        return softmax(logits / np.float32(self.temperature))


def read_head(file: Path, labels: tuple[str, ...]) -> LinearHead:
    """The head for `labels` in a file of an exported model."""
    from safetensors.numpy import load_file

    tensors = load_file(str(file))
    return LinearHead(labels, tensors["weights"], tensors["bias"])
