"""The encoder that a training starts from, as torch sees it, and the folder that a trained one is kept in."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from finetune.train.quiet import quiet
from knowledge.encoder_install import OPTIONAL_FILES, longest_text, open_weights, read_pooling
from textkit.errors import FrontdeskError

LONGEST = 128  # pieces of a text in training; what serves reads as many as the base does


@dataclasses.dataclass
class Base:
    """An encoder with the tokenizer that serves it too, so that training sees the very pieces that serving will."""

    name: str
    encoder: Any  # transformers.PreTrainedModel
    tokenizer: Tokenizer
    pooling: str
    pad_id: int
    longest: int  # pieces of a text; more are cut
    files: dict[str, bytes]  # what a folder of it holds beside the weights and their config

    @property
    def dimensions(self) -> int:
        """Of a vector."""
        return int(self.encoder.config.hidden_size)

    def pieces(self, texts: Sequence[str]) -> list[list[int]]:
        """The numbers of each text's word pieces."""
        return [e.ids for e in self.tokenizer.encode_batch(list(texts))]

    def save(self, folder: Path) -> None:
        """Write config.json, model.safetensors, tokenizer.json: a folder that can be a base again."""
        folder.mkdir(parents=True, exist_ok=True)
        with quiet():
            self.encoder.save_pretrained(folder)
        for name, content in self.files.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(content)


@contextmanager
def open_base(name: str, layers: int | None = None, longest: int = LONGEST) -> Iterator[Base]:
    """The base `name` (packaged, a local folder or a hub name), with `layers` of its layers where fewer are wanted."""
    with open_weights(name) as source:
        yield read_base(name, source, layers, longest)


def read_base(name: str, source: Path, layers: int | None = None, longest: int = LONGEST) -> Base:
    """The encoder in the folder `source`."""
    from transformers import AutoModel

    pooling = read_pooling(source)
    config = json.loads((source / "config.json").read_text(encoding="utf-8"))
    with quiet():
        options: dict[str, Any] = {"add_pooling_layer": False} if config.get("model_type") == "bert" else {}
        if not torch.cuda.is_available():  # fused attention with dropout is slower than the plain one on processors
            options["attn_implementation"] = "eager"
        encoder = AutoModel.from_pretrained(source, dtype=torch.float32, **options)
    if layers is not None:
        keep_layers(encoder, layers)
    tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
    tokenizer.no_padding()
    longest = min(longest, longest_text(source, config))
    tokenizer.enable_truncation(longest)
    kept = [f for f in ("tokenizer.json", *OPTIONAL_FILES) if (source / f).is_file()]
    files = {file: (source / file).read_bytes() for file in kept}
    return Base(name, encoder, tokenizer, pooling, config.get("pad_token_id", 0), longest, files)


def keep_layers(encoder: Any, count: int) -> None:
    """Leave `count` of the layers of a BERT-like `encoder`, evenly spread, its last among them."""
    layers = getattr(getattr(encoder, "encoder", None), "layer", None)
    if layers is None:
        raise FrontdeskError(
            f"Layers cannot be taken out of {type(encoder).__name__}.",
            "Leave --layers out, or take a BERT as the base.",
        )
    total = len(layers)
    if not 1 <= count <= total:
        raise FrontdeskError(f"--layers must be between 1 and {total}, got {count}.")
    kept = sorted({round((n + 1) * total / count) - 1 for n in range(count)})
    encoder.encoder.layer = nn.ModuleList(layers[n] for n in kept)
    encoder.config.num_hidden_layers = len(kept)


def pool(hidden: Tensor, mask: Tensor, pooling: str) -> Tensor:
    """Sentence vectors of length 1 from those of the pieces, shape (texts, dimensions)."""
    if pooling == "cls":
        pooled = hidden[:, 0]
    else:
        weights = mask.unsqueeze(-1).to(hidden.dtype)
        pooled = (hidden * weights).sum(dim=1) / weights.sum(dim=1).clamp(min=1e-9)
    return nn.functional.normalize(pooled.float(), dim=-1)
