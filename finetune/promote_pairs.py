"""Encoders and rerankers beside what is in service, on pairs: which puts a query's positive first more often."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from finetune.examples import Pair, read_pairs
from finetune.promote import Comparison, check_model
from finetune.significance import mcnemar
from finetune.train.negatives import found_first, queries_and_passages
from knowledge.encoder_install import install_encoder
from knowledge.reranker import Reranker
from textkit.encoders import OnnxEncoder
from textkit.language import detect_language
from textkit.promoted import RERANKER, promoted_name
from textkit.registry import Registry, read_manifest

RERANKED = 20  # the first so many of the encoder's order


def pair_name(folder: Path, pairs: Sequence[Pair] = ()) -> str:
    """`encoder-en` and its like, by what most queries are written in; `reranker`."""
    manifest = read_manifest(folder)
    if manifest["kind"] == RERANKER:
        return RERANKER
    chinese = sum(detect_language(p.query) == "zh" for p in pairs) * 2 > len(pairs)
    return promoted_name("encoder", "zh" if chinese else "en")


def compare_pairs(folder: Path, test: Path, name: str, registry: Registry | None = None) -> Comparison:
    """The model in `folder` beside what `name` has in service, or beside the base as it came."""
    check_model(folder)
    registry = registry or Registry()
    pairs = read_pairs(test)
    manifest = read_manifest(folder)
    base = OnnxEncoder(registry.find(manifest["base"]) or install_encoder(manifest["base"], registry), threads=2)
    found = registry.find(name)
    served = f"{name} {found.name}" if found else f"the base as it came ({manifest['base']})"
    if manifest["kind"] == RERANKER:
        new = _reranked(Reranker(folder, threads=2), base, pairs)
        old = _reranked(Reranker(found, threads=2), base, pairs) if found else _rights(base, pairs)
    else:
        new = _rights(OnnxEncoder(folder, threads=2), pairs)
        old = _rights(OnnxEncoder(found, threads=2) if found else base, pairs)
    size = len(new)
    return Comparison(size, sum(new) / size, sum(old) / size, served, mcnemar(new, old), {})


def _rights(encoder: OnnxEncoder, pairs: Sequence[Pair]) -> list[bool]:
    queries, passages = queries_and_passages(pairs)
    return found_first(encoder.encode(queries) @ encoder.encode(passages).T, pairs)


def _reranked(reranker: Reranker, base: OnnxEncoder, pairs: Sequence[Pair]) -> list[bool]:
    queries, passages = queries_and_passages(pairs)
    cosines = base.encode(queries) @ base.encode(passages).T
    for query, row in zip(queries, cosines, strict=True):
        near = (-row).argsort()[:RERANKED]
        row[near] = 1e3 + reranker.score(query, [passages[n] for n in near])  # above all that were not read
    return found_first(cosines, pairs)
