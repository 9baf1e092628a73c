"""A query encoder: questions drawn to what answers them, by the sentence-transformers trainer."""

from __future__ import annotations

import dataclasses
import json
import math
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from finetune.examples import ExampleError, Pair
from finetune.export import AGREEMENT, ENOUGH, LOSS, finish, open_draft
from finetune.onnx_export import export_encoder
from finetune.train.base import Base, open_base
from finetune.train.data import data_digest
from finetune.train.negatives import found_first, mine, queries_and_passages, split_pairs
from finetune.train.quiet import quiet
from finetune.train.run import (
    Report,
    arguments,
    callbacks,
    finish_folder,
    is_first,
    prepare_folder,
    train_with,
    world_size,
)
from finetune.train.settings import DEFAULT_BASE, PAIRS, TrainSettings
from textkit.encoders import OnnxEncoder

KIND = "encoder"
METRIC = "dev_cosine_accuracy@1"
SMALL_BATCH = 64  # of what is computed at once; the loss sees the whole batch


def train_encoder(
    pairs: Sequence[Pair],
    dev: Sequence[Pair] | None,
    base: str = DEFAULT_BASE,
    out: Path = Path("models/finetuned/encoder"),
    settings: TrainSettings | None = None,
    *,
    about: dict[str, Any] | None = None,
    report: Report = lambda line: None,
) -> Path:
    """Fine-tune `base` so that each query lies nearest to its positive; the model is written into `out`."""
    settings = (settings or TrainSettings()).filled(False, **PAIRS)
    train, dev = check_pairs(pairs, dev, settings.seed)
    data = describe_pairs(train, dev)
    described = {"kind": KIND, "base": base, "data": data, **dataclasses.asdict(settings)}
    checkpoint = prepare_folder(out, settings, described)
    with open_base(base, settings.layers) as opened, tempfile.TemporaryDirectory() as scratch:
        opened.save(Path(scratch) / "base")
        fields = export_encoder(Path(scratch) / "base", Path(scratch), "int8")
        frozen = open_draft(Path(scratch), fields)
        before = right_share(frozen, dev)
        report(f"{len(train)} pairs; the base finds {before:.1%} of the development queries' answers first")
        negatives = mine(train, frozen, 1)
        _fit(opened, Path(scratch) / "base", (train, negatives), dev, out, settings, checkpoint, report)
    if not is_first():
        return out
    fields, figures = _export(out, dev, settings.precision, report)
    figures = {"recall_at_1_base": round(before, 4), **figures}
    kept = {"data": data, "settings": dataclasses.asdict(settings), "about": about or {}}
    finish(out, {"kind": KIND, "base": base, **fields, **kept, "figures": figures})
    finish_folder(out)
    return out


def check_pairs(pairs: Sequence[Pair], dev: Sequence[Pair] | None, seed: int) -> tuple[list[Pair], list[Pair]]:
    """What to learn from and what to choose by; raises ExampleError."""
    if len({pair.positive for pair in pairs if pair.positive}) < 2:
        raise ExampleError("All pairs have the same positive, so nothing tells a right answer from a wrong one.")
    if len({pair.query for pair in pairs}) < 2:
        raise ExampleError("All pairs have the same query; two or more are needed.")
    return (list(pairs), list(dev)) if dev else split_pairs(pairs, seed)


def describe_pairs(train: Sequence[Pair], dev: Sequence[Pair]) -> dict[str, Any]:
    """For the manifest."""
    return {
        "train": len(train),
        "dev": len(dev),
        "passages": len({p.positive for p in train if p.positive}),
        "train_digest": data_digest([(p.query, p.positive, *p.negatives) for p in train]),
        "dev_digest": data_digest([(p.query, p.positive, *p.negatives) for p in dev]),
    }


def right_share(encoder: OnnxEncoder, pairs: Sequence[Pair]) -> float:
    """R@1: of how many queries a positive lies nearest among all positives."""
    right = rights(encoder, pairs)
    return sum(right) / len(right)


def rights(encoder: OnnxEncoder, pairs: Sequence[Pair]) -> list[bool]:
    """Query by query."""
    queries, passages = queries_and_passages(pairs)
    return found_first(encoder.encode(queries) @ encoder.encode(passages).T, pairs)


def _fit(
    base: Base,
    source: Path,
    taught: tuple[Sequence[Pair], Sequence[Sequence[str]]],
    dev: Sequence[Pair],
    out: Path,
    settings: TrainSettings,
    checkpoint: str | None,
    report: Report,
) -> None:
    from datasets import Dataset
    from sentence_transformers import SentenceTransformerTrainer, SentenceTransformerTrainingArguments
    from sentence_transformers.sentence_transformer.losses import CachedMultipleNegativesRankingLoss
    from sentence_transformers.sentence_transformer.training_args import BatchSamplers

    pairs, negatives = taught
    model = sentence_transformer(base, source)
    columns = {"query": [p.query for p in pairs], "positive": [p.positive for p in pairs]}
    if all(negatives):
        columns["negative"] = [some[0] for some in negatives]
    steps = math.ceil(len(pairs) / ((settings.batch or 1) * settings.accumulate * world_size()))
    # Several queries share a positive: in one batch it would be the negative of the others.
    own = {"batch_sampler": BatchSamplers.NO_DUPLICATES}
    trainer = SentenceTransformerTrainer(
        model=model,
        args=SentenceTransformerTrainingArguments(**arguments(settings, out, steps, METRIC, **own)),
        train_dataset=Dataset.from_dict(columns),
        loss=CachedMultipleNegativesRankingLoss(model, mini_batch_size=SMALL_BATCH),
        evaluator=_evaluator(dev),
        callbacks=callbacks(settings, report, METRIC),
    )
    train_with(trainer, checkpoint, out)
    model.cpu()
    base.encoder = model[0].auto_model
    if trainer.is_world_process_zero():
        base.save(out / "weights")


def sentence_transformer(base: Base, source: Path) -> Any:
    """The base as sentence-transformers has it, with the very tokenizer that serves."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer

    pad = base.tokenizer.id_to_token(base.pad_id)
    described = {"tokenizer_class": "PreTrainedTokenizerFast", "pad_token": pad, "padding_side": "right"}
    (source / "tokenizer_config.json").write_text(json.dumps(described), encoding="utf-8")
    for name in ("modules.json", "sentence_bert_config.json", "config_sentence_transformers.json"):
        (source / name).unlink(missing_ok=True)
    with quiet():
        body = Transformer(str(source), max_seq_length=base.longest)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model = SentenceTransformer(modules=[body, Pooling(base.dimensions, base.pooling), Normalize()], device=device)
    model.model_card_data.generate_widget_examples = False
    return model


def _evaluator(dev: Sequence[Pair]) -> Any:
    from sentence_transformers.sentence_transformer.evaluation import InformationRetrievalEvaluator

    queries, passages = queries_and_passages(dev)
    relevant: dict[str, set[str]] = {str(n): set() for n in range(len(queries))}
    numbers = {query: str(n) for n, query in enumerate(queries)}
    places = {passage: str(n) for n, passage in enumerate(passages)}
    for pair in dev:
        relevant[numbers[pair.query]].add(places[pair.positive])
    numbered = [{str(n): text for n, text in enumerate(texts)} for texts in (queries, passages)]
    return InformationRetrievalEvaluator(*numbered, relevant, name="dev", write_csv=False)


def _export(
    out: Path, dev: Sequence[Pair], precision: str | None, report: Report
) -> tuple[dict[str, Any], dict[str, Any]]:
    fields = export_encoder(out / "weights", out, precision or "int8")
    right = rights(open_draft(out, fields), dev)
    figures: dict[str, Any] = {"recall_at_1": round(sum(right) / len(right), 4), "dev_queries": len(right)}
    if precision is None:
        with tempfile.TemporaryDirectory() as scratch:
            full = rights(open_draft(Path(scratch), export_encoder(out / "weights", Path(scratch), "float32")), dev)
        agreement = sum(a == b for a, b in zip(full, right, strict=True)) / len(right)
        loss = (sum(full) - sum(right)) / len(right)
        figures["parity"] = {"agreement": agreement, "loss": loss}
        report(f"int8 is as right as full precision for {agreement:.1%} of the queries, R@1 {100 * -loss:+.1f} points")
        if len(dev) >= ENOUGH and (agreement < AGREEMENT or loss > LOSS + 1e-9):
            report("The model is kept in full precision; --precision int8 decides otherwise.")
            fields = export_encoder(out / "weights", out, "float32")
            figures["recall_at_1"] = round(sum(full) / len(full), 4)
    return fields, figures
