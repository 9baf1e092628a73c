"""Intents: an encoder is fine-tuned on labelled examples, exported, and given heads on what was exported."""

from __future__ import annotations

import dataclasses
import math
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import torch

from finetune.examples import Example, check_known, check_training
from finetune.export import finish, write_model
from finetune.intents.model import KIND
from finetune.split_examples import stratified
from finetune.train.base import Base, open_base
from finetune.train.data import data_digest
from finetune.train.network import SentenceClassifier
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
from finetune.train.settings import DEFAULT_BASE, FEW, TrainSettings
from textkit.encoders import OnnxEncoder, Vectors
from textkit.errors import FrontdeskError

WEIGHTS = "weights"  # the trained encoder in full precision: a base again, and what an export is made from
BATCH = 128


@dataclasses.dataclass(frozen=True)
class Data:
    """What to learn and what to choose by; `own_split` where the second was cut from the first."""

    train: Sequence[Example]
    dev: Sequence[Example]
    own_split: bool

    @classmethod
    def of(cls, train: Sequence[Example], dev: Sequence[Example] | None, seed: int) -> Data:
        """Checked; without `dev` a seeded share of each label is held out."""
        check_training(train, "The training file")
        if dev is None:
            return cls(*stratified(train, seed), own_split=True)
        check_known(dev, {e.label for e in train}, "The development file")
        return cls(train, dev, own_split=False)

    @property
    def few(self) -> bool:
        """Whether most labels have a few examples only."""
        return median(Counter(e.label for e in self.train).values()) <= FEW

    def describe(self) -> dict[str, Any]:
        """For the manifest: what the model was made from, without its texts."""
        rows = [(e.text, e.label) for e in self.train]
        return {
            "train": len(self.train),
            "dev": len(self.dev),
            "labels": len({e.label for e in self.train}),
            "dev_split_from_train": self.own_split,
            "train_digest": data_digest(rows),
            "dev_digest": data_digest([(e.text, e.label) for e in self.dev]),
        }


def train_intent(
    train: Sequence[Example],
    dev: Sequence[Example] | None,
    base: str = DEFAULT_BASE,
    out: Path = Path("models/finetuned/intent"),
    settings: TrainSettings | None = None,
    *,
    kind: str = KIND,
    about: dict[str, Any] | None = None,
    report: Report = lambda line: None,
) -> Path:
    """Fine-tune `base` on `train`, chosen by `dev`, and write the model into `out`; returns `out`.

    `about` goes into the manifest as it is (the paths of the files, licences).
    """
    settings = settings or TrainSettings()
    data = Data.of(train, dev, settings.seed)
    settings = settings.filled(data.few if settings.few_shot is None else settings.few_shot)
    described = {"kind": kind, "base": base, "data": data.describe(), **dataclasses.asdict(settings)}
    checkpoint = prepare_folder(out, settings, described)
    way = "few-shot" if settings.few_shot else "full"
    report(f"training on {len(data.train)} examples of {data.describe()['labels']} labels ({way})")
    taught = [*data.train, *label_names(data.train)] if settings.names else list(data.train)
    fit_encoder(dataclasses.replace(data, train=taught), base, out, settings, checkpoint, report)
    if not is_first():
        return out
    fields, figures = write_model(
        out,
        taught,
        data.dev,
        few=bool(settings.few_shot),
        joined=data.own_split,
        precision=settings.precision,
        outside=kind == KIND,
        said=report,
    )
    kept = {"data": data.describe(), "settings": dataclasses.asdict(settings), "about": about or {}}
    finish(out, {"kind": kind, "base": base, **fields, **kept, "figures": figures})
    finish_folder(out)
    return out


def label_names(examples: Sequence[Example]) -> list[Example]:
    """Each label's name as an example of it, where it is made of words: `card_arrival` says `card arrival`."""
    names = {label: re.sub(r"[\W_]+", " ", label).strip() for label in sorted({e.label for e in examples})}
    return [Example(name, label) for label, name in names.items() if len(re.findall(r"[^\W\d_]", name)) > 2]


def fit_encoder(
    data: Data, name: str, out: Path, settings: TrainSettings, checkpoint: str | None, report: Report
) -> None:
    """Train the network and keep its encoder and its head in `out`/weights."""
    torch.manual_seed(settings.seed)
    with open_base(name, settings.layers) as base:
        labels = sorted({e.label for e in data.train})
        network = SentenceClassifier(
            base,
            len(labels),
            smoothing=settings.smoothing or 0.0,
            contrast=settings.contrast or 0.0,
            views=settings.views or 1,
        )
        for parameter in base.encoder.get_input_embeddings().parameters():
            parameter.requires_grad_(False)  # half of the weights, seen a few times each: they would only drift
        rows, looks = encode_rows(data.train, labels, base), encode_rows(data.dev, labels, base)
        looks.sort(key=lambda row: len(row["input_ids"]))  # a batch takes as long as its longest text
        if settings.teacher:
            add_targets(rows, data.train, Path(settings.teacher), base)
        numbers = np.array([row["labels"] for row in rows])
        network.start_head(vectors_of(network, rows, base.pad_id), numbers)
        steps = math.ceil(len(rows) / ((settings.batch or 1) * settings.accumulate * world_size()))
        trainer = ClassifierTrainer(
            settings,
            model=network,
            args=training_arguments(settings, out, steps),
            train_dataset=rows,
            eval_dataset=looks,
            data_collator=Collator(base.pad_id),
            compute_metrics=accuracy,
            callbacks=callbacks(settings, report, "accuracy"),
        )
        before = {name: tensor.clone() for name, tensor in base.encoder.state_dict().items()}
        train_with(trainer, checkpoint, out)
        if settings.of_base and settings.layers is None:
            blend(base.encoder, before, settings.of_base)
        if trainer.is_world_process_zero():
            network.cpu()
            base.save(out / WEIGHTS)
            network.linear_head(labels).save(out / WEIGHTS)


def training_arguments(settings: TrainSettings, out: Path, steps: int) -> Any:
    """Of the Trainer."""
    from transformers import TrainingArguments

    others = {"remove_unused_columns": False, "label_names": ["labels"]}
    return TrainingArguments(**arguments(settings, out, steps, "accuracy", **others))


def encode_rows(examples: Sequence[Example], labels: Sequence[str], base: Base) -> list[dict[str, Any]]:
    """Word pieces and the number of the label."""
    numbers = {label: n for n, label in enumerate(labels)}
    pieces = base.pieces([e.text for e in examples])
    return [{"input_ids": ids, "labels": numbers[e.label]} for ids, e in zip(pieces, examples, strict=True)]


def blend(encoder: Any, before: dict[str, torch.Tensor], share: float) -> None:
    """Move the weights back towards what they were: of few examples an encoder learns too much by heart."""
    now = encoder.state_dict()
    mixed = {
        name: torch.lerp(now[name].cpu(), old, share) if old.is_floating_point() else now[name]
        for name, old in before.items()
    }
    encoder.load_state_dict(mixed)


def add_targets(rows: list[dict[str, Any]], examples: Sequence[Example], teacher: Path, base: Base) -> None:
    """Give each row the vector by which the model in `teacher` knows its text."""
    encoder = OnnxEncoder(teacher, threads=2)
    if encoder.dimensions != base.dimensions:
        raise FrontdeskError(
            f"The teacher's vectors have {encoder.dimensions} dimensions, those of {base.name} {base.dimensions}.",
            "Take a teacher of the same base.",
        )
    for row, target in zip(rows, encoder.encode([e.text for e in examples]), strict=True):
        row["targets"] = target


@dataclasses.dataclass(frozen=True)
class Collator:
    """Rows to tensors, padded to the longest of them."""

    pad_id: int

    def __call__(self, rows: Sequence[dict[str, Any]]) -> dict[str, torch.Tensor]:
        """A batch."""
        longest = max(len(row["input_ids"]) for row in rows)
        ids = torch.full((len(rows), longest), self.pad_id)
        mask = torch.zeros((len(rows), longest), dtype=torch.long)
        for place, row in enumerate(rows):
            ids[place, : len(row["input_ids"])] = torch.tensor(row["input_ids"])
            mask[place, : len(row["input_ids"])] = 1
        batch = {"input_ids": ids, "attention_mask": mask, "labels": torch.tensor([row["labels"] for row in rows])}
        if "targets" in rows[0]:
            batch["targets"] = torch.from_numpy(np.stack([row["targets"] for row in rows]))
        return batch


def vectors_of(network: SentenceClassifier, rows: Sequence[dict[str, Any]], pad_id: int) -> Vectors:
    """The unit vectors of `rows` as the network gives them now."""
    network.eval()
    collate = Collator(pad_id)
    order = sorted(range(len(rows)), key=lambda n: len(rows[n]["input_ids"]))
    found = np.zeros((len(rows), network.head.in_features), dtype=np.float32)
    with torch.inference_mode():
        for start in range(0, len(order), BATCH):
            places = order[start : start + BATCH]
            batch = collate([rows[n] for n in places])
            found[places] = network.embed(batch["input_ids"], batch["attention_mask"]).numpy()
    return found
