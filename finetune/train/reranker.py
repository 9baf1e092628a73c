"""A cross-encoder: the positive is told from the negatives of its query, read together with it, and from "none".

Where some queries have no positive, "none" has the logit 0: above it a passage rather answers than not.
"""

from __future__ import annotations

import dataclasses
import math
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike
from safetensors.numpy import save_file
from torch import Tensor, nn
from torch.nn import functional

from finetune.examples import Pair
from finetune.export import AGREEMENT, ENOUGH, LOSS, finish, open_draft
from finetune.onnx_export import export_encoder
from finetune.train.base import Base, open_base, pool
from finetune.train.encoder import check_pairs, describe_pairs
from finetune.train.negatives import mine
from finetune.train.network import SCALE
from finetune.train.run import (
    ClassifierTrainer,
    Report,
    accuracy,
    arguments,
    callbacks,
    finish_folder,
    is_first,
    prepare_folder,
    train_with,
    world_size,
)
from finetune.train.settings import DEFAULT_BASE, PAIRS, TrainSettings
from knowledge.reranker import Reranker, join_pieces

KIND = "reranker"
LONGEST = 256  # pieces of a query and a passage together
NEVER = -1e4  # the logit of "none" where every query has an answer


class CrossEncoder(nn.Module):
    """Joined pieces to one logit; the loss is that of choosing, among a list with "none" before it, what is right."""

    def __init__(self, base: Base, none: float) -> None:
        super().__init__()
        self.none = none
        self.encoder, self.pooling = base.encoder, base.pooling
        self.head = nn.Linear(base.dimensions, 1)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, labels: Tensor) -> dict[str, Tensor]:
        """`input_ids` holds all lists one after the other, each as long; logits of shape (lists, 1 + passages)."""
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        scores = SCALE * self.head(pool(hidden, attention_mask, self.pooling)).squeeze(-1)
        logits = functional.pad(scores.view(len(labels), -1), (1, 0), value=self.none)
        return {"loss": functional.cross_entropy(logits, labels), "logits": logits}


@dataclasses.dataclass(frozen=True)
class ListCollator:
    """Lists of passages to tensors."""

    pad_id: int

    def __call__(self, rows: Sequence[dict[str, Any]]) -> dict[str, Tensor]:
        """A batch."""
        joined = [torch.tensor(pieces) for row in rows for pieces in row["lists"]]
        ids = nn.utils.rnn.pad_sequence(joined, batch_first=True, padding_value=self.pad_id)
        lengths = torch.tensor([len(pieces) for pieces in joined])
        mask = (torch.arange(ids.shape[1])[None, :] < lengths[:, None]).long()
        return {"input_ids": ids, "attention_mask": mask, "labels": torch.tensor([row["labels"] for row in rows])}


def train_reranker(
    pairs: Sequence[Pair],
    dev: Sequence[Pair] | None,
    base: str = DEFAULT_BASE,
    out: Path = Path("models/finetuned/reranker"),
    settings: TrainSettings | None = None,
    *,
    about: dict[str, Any] | None = None,
    report: Report = lambda line: None,
) -> Path:
    """Fine-tune `base` as a cross-encoder on `pairs`; what they lack of negatives the base itself takes for answers."""
    settings = (settings or TrainSettings()).filled(False, **{**PAIRS, "batch": 16})
    train, dev = check_pairs(pairs, dev, settings.seed)
    data = describe_pairs(train, dev)
    described = {"kind": KIND, "base": base, "data": data, **dataclasses.asdict(settings)}
    checkpoint = prepare_folder(out, settings, described)
    torch.manual_seed(settings.seed)
    with open_base(base, settings.layers, LONGEST) as opened:
        lists, looks = _lists(opened, train, dev, settings.negatives, report)
        network = _fit(opened, lists, looks, out, settings, checkpoint, report)
    if not is_first():
        return out
    fields, figures = _export(out, network, settings.precision, report, looks)
    kept = {"data": data, "settings": dataclasses.asdict(settings), "about": about or {}}
    finish(out, {"kind": KIND, "base": base, **fields, **kept, "figures": figures})
    finish_folder(out)
    return out


def _lists(
    base: Base, train: Sequence[Pair], dev: Sequence[Pair], negatives: int, report: Report
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """A row per pair: the positive, if any, and its negatives, joined with the query; all lists are equally long."""
    with tempfile.TemporaryDirectory() as scratch:
        base.save(Path(scratch) / "base")
        frozen = open_draft(Path(scratch), export_encoder(Path(scratch) / "base", Path(scratch), "int8"))
        both = [*train, *dev]
        found = mine(both, frozen, negatives)
    lists = [[pair.positive, *some] if pair.positive else some for pair, some in zip(both, found, strict=True)]
    count = min((len(some) for some in lists if len(some) > 1), default=0)
    none = sum(not pair.positive for pair in train)
    report(f"{len(train)} pairs, {count - 1} negatives each; {none} that nothing answers")
    rows = [
        _row(base, pair, some[:count]) if count <= len(some) else None for pair, some in zip(both, lists, strict=True)
    ]
    cut = len(train)
    return [row for row in rows[:cut] if row], [row for row in rows[cut:] if row]


def _row(base: Base, pair: Pair, passages: Sequence[str]) -> dict[str, Any]:
    """`labels` is the place of what is right, "none" standing before all; `input_ids` tells how long the row is."""
    query, *others = base.pieces([pair.query, *passages])
    joined = [join_pieces(query, other, base.longest) for other in others]
    longest = max(joined, key=len)
    right = int(bool(pair.positive))
    return {"lists": joined, "labels": right, "input_ids": longest, "passages": passages, "query": pair.query}


def _fit(
    base: Base,
    lists: list[dict[str, Any]],
    looks: list[dict[str, Any]],
    out: Path,
    settings: TrainSettings,
    checkpoint: str | None,
    report: Report,
) -> CrossEncoder:
    from transformers import TrainingArguments

    network = CrossEncoder(base, 0.0 if any(not row["labels"] for row in lists) else NEVER)
    for parameter in base.encoder.get_input_embeddings().parameters():
        parameter.requires_grad_(False)
    steps = math.ceil(len(lists) / ((settings.batch or 1) * settings.accumulate * world_size()))
    others = {"remove_unused_columns": False, "label_names": ["labels"], "per_device_eval_batch_size": 16}
    trainer = ClassifierTrainer(
        settings,
        model=network,
        args=TrainingArguments(**arguments(settings, out, steps, "accuracy", **others)),
        train_dataset=lists,
        eval_dataset=looks,
        data_collator=ListCollator(base.pad_id),
        compute_metrics=accuracy,
        callbacks=callbacks(settings, report, "accuracy"),
    )
    train_with(trainer, checkpoint, out)
    network.cpu()
    if trainer.is_world_process_zero():
        base.save(out / "weights")
    return network


def _export(
    out: Path, network: CrossEncoder, precision: str | None, report: Report, looks: Sequence[dict[str, Any]]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Write graph and head; in int8 where that chooses as full precision does, of the passages and "none"."""
    head = {
        "weights": (SCALE * network.head.weight.detach()[0]).numpy().copy(),
        "bias": (SCALE * network.head.bias.detach()).numpy().copy(),
    }

    def write(folder: Path, kind: str) -> tuple[dict[str, Any], list[int]]:
        fields = export_encoder(out / "weights", folder, kind)
        fields["max_length"] = min(LONGEST, fields["max_length"])
        save_file(head, str(folder / "head.safetensors"))
        reranker = open_draft(folder, {"kind": KIND, **fields}, Reranker)
        scores = [reranker.score(row["query"], row["passages"]) for row in looks]
        return fields, [int(np.argmax([network.none, *some])) for some in scores]

    right = np.array([row["labels"] for row in looks])
    fields, chosen = write(out, precision or "int8")
    parity: dict[str, float] | None = None
    if precision is None:
        with tempfile.TemporaryDirectory() as scratch:
            _, full = write(Path(scratch), "float32")
        parity = {"agreement": _share(chosen, full), "loss": _share(full, right) - _share(chosen, right)}
        report(f"int8 chooses as full precision does in {parity['agreement']:.1%} of {len(looks)} lists")
        if len(looks) >= ENOUGH and (parity["agreement"] < AGREEMENT or parity["loss"] > LOSS + 1e-9):
            report("The model is kept in full precision; --precision int8 decides otherwise.")
            fields, chosen = write(out, "float32")
    figures: dict[str, Any] = {"right_of_list": _share(chosen, right), "lists": len(looks)}
    if not right.all():
        figures["none_of_list"] = _share([c for c, r in zip(chosen, right, strict=True) if not r], 0)
    return fields, figures | ({"parity": parity} if parity else {})


def _share(chosen: ArrayLike, right: ArrayLike) -> float:
    return round(float(np.mean(np.asarray(chosen) == np.asarray(right))), 4)
