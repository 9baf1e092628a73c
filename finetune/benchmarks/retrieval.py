"""Passage retrieval on data in BEIR's form: corpus.jsonl, queries.jsonl, qrels.tsv."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.chunks import Passage, Unit
from knowledge.documents import Document, normalise_text
from knowledge.index import pretrained_encoder
from knowledge.language_index import LanguageIndex, LanguageText
from knowledge.retriever import retrieve
from knowledge.sentences import sentence_spans
from textkit.errors import DocumentError
from textkit.language import Language

DEPTH = 10


def read_jsonl(file: Path, keys: set[str]) -> Iterator[dict[str, Any]]:
    """The objects of `file`; raises DocumentError naming the line that lacks one of `keys`."""
    if not file.is_file():
        raise DocumentError(f"{file} does not exist.", "BEIR's form has corpus.jsonl, queries.jsonl and qrels.tsv.")
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                row = json.loads(line)
                missing = keys - row.keys()
            except (ValueError, AttributeError) as error:
                raise DocumentError(
                    f"{file.name}, line {number} is not a JSON object.", "One object per line."
                ) from error
            if missing:
                raise DocumentError(f"{file.name}, line {number} has no {sorted(missing)[0]!r}.", "Add it.")
            yield row


def read_qrels(file: Path) -> dict[str, dict[str, int]]:
    """Judgements by query: tab-separated query-id, corpus-id, score, with or without a header."""
    judged: dict[str, dict[str, int]] = {}
    if not file.is_file():
        raise DocumentError(f"{file} does not exist.", "It has the columns query-id, corpus-id and score.")
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        parts = line.split("\t")
        if len(parts) != 3 or not (parts[2].lstrip("-").isdigit() or number == 1):
            raise DocumentError(f"{file.name}, line {number} is not query-id, corpus-id, score.", "Separate by tabs.")
        if parts[2].lstrip("-").isdigit() and int(parts[2]) > 0:
            judged.setdefault(parts[0], {})[parts[1]] = int(parts[2])
    return judged


def squad_to_beir(file: Path) -> tuple[list[dict[str, str]], list[dict[str, str]], dict[str, dict[str, int]]]:
    """A file in SQuAD's form (XQuAD, CMRC 2018) as corpus, queries and judgements: find a question's paragraph."""
    if not file.is_file():
        raise DocumentError(f"{file} does not exist.", "XQuAD: github.com/google-deepmind/xquad.")
    corpus: list[dict[str, str]] = []
    queries: list[dict[str, str]] = []
    judged: dict[str, dict[str, int]] = {}
    for article in json.loads(file.read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            name = f"p{len(corpus)}"
            corpus.append({"_id": name, "text": paragraph["context"]})
            for qa in paragraph["qas"]:
                queries.append({"_id": str(qa["id"]), "text": qa["question"]})
                judged[str(qa["id"])] = {name: 1}
    return corpus, queries, judged


def run(
    corpus: list[dict[str, str]],
    queries: list[dict[str, str]],
    judged: dict[str, dict[str, int]],
    language: Language,
) -> dict[str, Any]:
    """Index `corpus`, ask every judged query, compare."""
    index = LanguageIndex.build(language, _as_text(corpus, language), pretrained_encoder(language))
    gains = []
    for query in queries:
        relevant = judged.get(query["_id"])
        if relevant:
            hits = retrieve(index, query["text"], DEPTH).hits
            gains.append(([relevant.get(h.passage.document_id, 0) for h in hits], relevant))
    if not gains:
        raise DocumentError("No query has a judgement.", "Do the ids in qrels.tsv and queries.jsonl agree?")
    return {
        "passages": len(corpus),
        "queries": len(gains),
        "recall@1": _mean([sum(g > 0 for g in found[:1]) / 1 for found, _ in gains]),
        "recall@5": _mean([min(1.0, sum(g > 0 for g in found[:5]) / min(5, len(r))) for found, r in gains]),
        "mrr@10": _mean([next((1 / (n + 1) for n, g in enumerate(found) if g), 0.0) for found, _ in gains]),
        "ndcg@10": _mean([_ndcg(found, relevant) for found, relevant in gains]),
    }


def _as_text(corpus: list[dict[str, str]], language: Language) -> LanguageText:
    documents, passages = {}, []
    for row in corpus:
        name, title = row["_id"], row.get("title", "")
        text = normalise_text(row["text"]).replace("\n", " ").strip() or "-"
        documents[name] = Document(name, title, name, language, text)
        units = tuple(Unit(a, b, "sentence") for a, b in sentence_spans(text, 0, len(text)))
        passages.append(Passage(name, name, (title,), 0, len(text), units or (Unit(0, len(text), "sentence"),)))
    return LanguageText(documents, passages)


def _ndcg(found: list[int], relevant: dict[str, int]) -> float:
    ideal = sorted(relevant.values(), reverse=True)[:DEPTH]
    best: float = sum((2**g - 1) / math.log2(n + 2) for n, g in enumerate(ideal))
    gained: float = sum((2**g - 1) / math.log2(n + 2) for n, g in enumerate(found))
    return gained / best


def _mean(values: list[float]) -> float:
    return round(float(np.mean(values)), 4)
