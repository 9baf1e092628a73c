"""Encoders and rerankers beside what is in service, on pairs: which puts a query's positive first more often.

Of a question that nothing answers a reranker should say so: every logit below 0.
"""

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
from textkit.errors import FrontdeskError
from textkit.language import Language, detect_language
from textkit.promoted import RERANKER, promoted_name
from textkit.registry import Registry, read_manifest

RERANKED = 20  # the first so many of the encoder's order


def pair_name(folder: Path, pairs: Sequence[Pair] = ()) -> str:
    """`encoder-en`, `reranker-zh` and their like, by what most queries are written in."""
    manifest = read_manifest(folder)
    chinese = sum(detect_language(p.query) == "zh" for p in pairs) * 2 > len(pairs)
    language: Language = "zh" if chinese else "en"
    if manifest["kind"] == RERANKER and language not in manifest["languages"]:
        raise FrontdeskError(f"The model in {folder} does not read {language}, in which the test texts are written.")
    return promoted_name(manifest["kind"], language)


def compare_pairs(folder: Path, test: Path, name: str, registry: Registry | None = None) -> Comparison:
    """The model in `folder` beside what `name` has in service, or beside the base as it came."""
    check_model(folder)
    registry = registry or Registry()
    manifest = read_manifest(folder)
    rows = read_pairs(test, unanswered=manifest["kind"] == RERANKER)
    pairs, unanswered = [p for p in rows if p.positive], [p for p in rows if not p.positive]
    base = OnnxEncoder(registry.find(manifest["base"]) or install_encoder(manifest["base"], registry), threads=2)
    found = registry.find(name)
    served = f"{name} {found.name}" if found else f"the base as it came ({manifest['base']})"
    if manifest["kind"] == RERANKER:
        unanswered = unanswered if found else []  # the base as it came would never say so
        new = _reranked(Reranker(folder, threads=2), base, pairs, unanswered)
        old = _reranked(Reranker(found, threads=2), base, pairs, unanswered) if found else _rights(base, pairs)
    else:
        new = _rights(OnnxEncoder(folder, threads=2), pairs)
        old = _rights(OnnxEncoder(found, threads=2) if found else base, pairs)
    size = len(new)
    return Comparison(size, sum(new) / size, sum(old) / size, served, mcnemar(new, old), {})


def _rights(encoder: OnnxEncoder, pairs: Sequence[Pair]) -> list[bool]:
    queries, passages = queries_and_passages(pairs)
    return found_first(encoder.encode(queries) @ encoder.encode(passages).T, pairs)


def _reranked(reranker: Reranker, base: OnnxEncoder, pairs: Sequence[Pair], unanswered: Sequence[Pair]) -> list[bool]:
    queries, passages = queries_and_passages(pairs)
    cosines = base.encode(queries) @ base.encode(passages).T
    for query, row in zip(queries, cosines, strict=True):
        near = (-row).argsort()[:RERANKED]
        row[near] = 1e3 + reranker.score(query, [passages[n] for n in near])  # above all that were not read
    silent = [float(reranker.score(pair.query, pair.negatives).max()) < 0 for pair in unanswered]
    return found_first(cosines, pairs) + silent
