"""Pairs for a reranker from the documents in service: the questions attached to them, and those that none answers.

A question's negatives are the units that answering ranks best and to which the question is not attached. A question
that no document answers has no positive.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from finetune.examples import Pair
from knowledge.answerer import Answerer, rank_units
from knowledge.language_index import LanguageIndex
from textkit.language import Language

NEGATIVES = 6
ALIKE = 0.7  # cosine with a question attached to another unit from which on that unit may well answer too


def library_pairs(answerer: Answerer, language: Language) -> Iterator[Pair]:
    """A pair for every attached question and its unit, then one for every unanswered question.

    Takes about 50 ms per question on one core.
    """
    index = answerer.index.languages[language]
    texts = index.text.unit_texts()
    answers: dict[str, list[str]] = {}
    for unit, question in index.text.questions():
        answers.setdefault(question, []).append(texts[unit])
    for question, right in answers.items():
        negatives = _negatives(answerer, index, question, texts, right)
        yield from (Pair(question, positive, negatives) for positive in dict.fromkeys(right))
    for question in index.text.unanswered:
        yield Pair(question, "", _negatives(answerer, index, question, texts, []))


def _negatives(
    answerer: Answerer, index: LanguageIndex, question: str, texts: Sequence[str], right: Sequence[str]
) -> tuple[str, ...]:
    """The texts of the best other units; where `right` ones are known, without those that were asked for alike."""
    weighed, found = answerer.read_own(index, question)
    ranked, _ = rank_units(index, weighed, found)
    others = [c.position for c in ranked if not right or found.asked_similarity[c.position] < ALIKE]
    return tuple(dict.fromkeys(texts[n] for n in others if texts[n] not in right))[:NEGATIVES]


def write_pairs(pairs: Iterable[Pair], file: Path) -> int:
    """Write them as JSONL that `read_pairs` reads; how many there are."""
    file.parent.mkdir(parents=True, exist_ok=True)
    count = 0
    with file.open("w", encoding="utf-8") as lines:
        for pair in pairs:
            row = {"query": pair.query, "positive": pair.positive, "negative": pair.negatives}
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")
            count += 1
    return count
