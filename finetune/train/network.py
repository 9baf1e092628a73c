"""The network that a classifier is trained as: an encoder, its pooling, and a linear head on the scaled unit vector."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from finetune.train.base import Base, pool
from textkit.encoders import Vectors
from textkit.head import LinearHead

SCALE = 20.0  # of a cosine, so that a softmax can be sure
DISTILLATION = 10.0  # of the mean distance from the teacher's vectors, 1 - cosine
CONTRAST_TEMPERATURE = 0.07  # Khosla et al. 2020


class SentenceClassifier(nn.Module):
    """Word pieces to logits; with labels, to a loss.

    The loss is cross-entropy with smoothed labels, and `contrast` times the supervised contrast of the vectors: texts
    of one label are drawn together, all others apart. With two views each text runs twice with a dropout of its own.
    """

    def __init__(self, base: Base, labels: int, *, smoothing: float, contrast: float, views: int) -> None:
        super().__init__()
        self.encoder = base.encoder
        self.head = nn.Linear(base.dimensions, labels)
        self.pooling, self.smoothing, self.contrast, self.views = base.pooling, smoothing, contrast, views

    def embed(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Unit vectors, shape (texts, dimensions)."""
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        return pool(hidden, attention_mask, self.pooling)

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor,
        labels: Tensor | None = None,
        targets: Tensor | None = None,
    ) -> dict[str, Tensor]:
        """`logits`, and with `labels` the `loss`; `targets` are the vectors that a teacher gives the texts."""
        if self.training and self.views > 1 and labels is not None:
            input_ids, attention_mask = input_ids.repeat(self.views, 1), attention_mask.repeat(self.views, 1)
            labels = labels.repeat(self.views)
            targets = None if targets is None else targets.repeat(self.views, 1)
        vectors = self.embed(input_ids, attention_mask)
        logits = SCALE * self.head(vectors)
        if labels is None:
            return {"logits": logits}
        loss = functional.cross_entropy(logits, labels, label_smoothing=self.smoothing)
        if self.training and self.contrast:
            loss = loss + self.contrast * supervised_contrast(vectors, labels)
        if self.training and targets is not None:
            loss = loss + DISTILLATION * (1 - (vectors * targets).sum(dim=1)).mean()
        return {"loss": loss, "logits": logits}

    def start_head(self, vectors: Vectors, labels: np.ndarray[Any, np.dtype[np.int64]]) -> None:
        """Let the head begin with each label's mean vector, so that its first steps do not shake the encoder."""
        with torch.no_grad():
            for number in range(self.head.out_features):
                mean = torch.from_numpy(vectors[labels == number].mean(axis=0))
                self.head.weight[number] = functional.normalize(mean, dim=0)
            self.head.bias.zero_()

    def linear_head(self, labels: Sequence[str]) -> LinearHead:
        """The head for unit vectors as serving has it; `labels` in the order of the columns."""
        weight, bias = (SCALE * parameter.detach().cpu() for parameter in (self.head.weight, self.head.bias))
        return LinearHead(tuple(labels), weight.T.numpy(), bias.numpy())


def supervised_contrast(vectors: Tensor, labels: Tensor, temperature: float = CONTRAST_TEMPERATURE) -> Tensor:
    """How unlike its own label's texts each unit vector is beside all others (Khosla et al. 2020, outside the log).

    Texts alone with their label in the batch count nothing.
    """
    alike = vectors @ vectors.T / temperature
    itself = torch.eye(len(labels), dtype=torch.bool, device=labels.device)
    log_shares = alike - torch.logsumexp(alike.masked_fill(itself, float("-inf")), dim=1, keepdim=True)
    same = (labels[:, None] == labels[None, :]) & ~itself
    counts = same.sum(dim=1)
    means = (log_shares * same).sum(dim=1) / counts.clamp(min=1)
    return -means[counts > 0].mean() if bool((counts > 0).any()) else vectors.sum() * 0.0
