"""From a question to an answer in the documents' own words, or an honest "I don't know"."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from typing import Any

from knowledge.across import retrieve_across
from knowledge.chunks import Passage, unit_text
from knowledge.composer import compose
from knowledge.evidence import Candidate, Question, candidates, evidence, weigh_across, weigh_question
from knowledge.follow_up import rewrite
from knowledge.glossary import Glossary
from knowledge.index import Index
from knowledge.language_index import LanguageIndex
from knowledge.retriever import Retrieval, retrieve
from knowledge.weights import NEVER, View, Weights, load_weights
from textkit.errors import FrontdeskError
from textkit.language import Language, detect_language, other_language

MAX_QUESTION = 1000
SHOWN_PASSAGES = 5
# Across languages only shared tokens and the glossary connect, so more of the question has to be found again.
CROSS_LANGUAGE_COVERED = 0.7
_WORD = re.compile(r"[^\W_]")
_SHARED = re.compile(r"[a-z0-9][a-z0-9.-]*")  # a code or a name that is written alike in both languages


@dataclasses.dataclass(frozen=True)
class Citation:
    """A quotation: `text[start:end] == quote` in the document's stored text; `id` is its mark in the answer."""

    id: str
    document_id: str
    title: str
    source: str
    quote: str
    start: int
    end: int


@dataclasses.dataclass(frozen=True)
class RankedPassage:
    """A passage that was considered, with its retrieval score."""

    id: str
    source: str
    score: float


@dataclasses.dataclass(frozen=True)
class Answer:
    """What was found. `language` is the customer's, `source_language` that of the quotations.

    `score` is the probability that the answer is right, by the gate; below its threshold `abstained` is true and
    `answer` empty. `topics` are questions that the nearest sections answer.
    """

    answer: str
    citations: list[Citation]
    abstained: bool
    language: Language
    source_language: Language
    score: float
    passages: list[RankedPassage]
    topics: list[str]

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return dataclasses.asdict(self)


class Answerer:
    """Answers from one index; holds no state of any conversation."""

    def __init__(self, index: Index, glossary: Glossary) -> None:
        self.index = index
        self.glossary = glossary

    def answer(self, question: str, language: Language | None = None, previous: str | None = None) -> Answer:
        """Answer `question` for a customer who reads `language`; `previous` is the question before it.

        The customer's own language is searched first, then the other one.
        """
        question = " ".join(question[:MAX_QUESTION].split())
        asked_in = detect_language(question) or language or "en"
        language = language or asked_in
        full = rewrite(question, previous, asked_in)
        own = self.index.languages.get(asked_in)
        first, found = self._answer_in(own, full, language) if own and full else (None, None)
        if first and not first.abstained:
            return first
        across = self._answer_across(full, asked_in, language, found)
        if across and not across.abstained:
            return across
        return first or across or Answer("", [], True, language, language, 0.0, [], [])

    def rank(self, question: str, language: Language, previous: str | None = None) -> list[str]:
        """The sources of the documents by their best unit for `question`, best first; for benchmarks."""
        index = self.index.languages[language]
        full = rewrite(question, previous, language)
        ranked, _ = rank_units(index, *self.read_own(index, full))
        return list(dict.fromkeys(index.text.documents[c.passage.document_id].source for c in ranked))

    def _answer_in(self, index: LanguageIndex, text: str, language: Language) -> tuple[Answer, Retrieval]:
        question, found = self.read_own(index, text)
        weights = _weights_of(index, found) if question.words else NEVER
        return _judged(index, question, found, weights, language), found

    def read_own(self, index: LanguageIndex, text: str) -> tuple[Question, Retrieval]:
        """A question in the language of `index`, and what is found for it."""
        return weigh_question(index, text), retrieve(index, text, space=self.index.shared)

    def _answer_across(
        self, text: str, asked_in: Language, language: Language, first: Retrieval | None
    ) -> Answer | None:
        """What the documents in the other language say, or None when there are none; `first` is what its own had."""
        index = self.index.languages.get(other_language(asked_in))
        if index is None or not _WORD.search(text):
            return None
        if self.index.shared is None:
            return self._answer_by_glossary(index, text, asked_in, language)
        question, found = self.read_across(index, text, first)
        weights = load_weights(index.language, self.index.shared.taught(index), "across")
        return _judged(index, question, found, weights, language)

    def read_across(
        self, index: LanguageIndex, text: str, first: Retrieval | None = None
    ) -> tuple[Question, Retrieval]:
        """A question in the other language than that of `index`, and what is found for it; needs the shared space.

        `first` is what the documents in its own language had for it.
        """
        if self.index.shared is None:
            raise FrontdeskError("No encoder of the settings reads both languages.", "Set FRONTDESK_ENCODER_ZH.")
        asked_in = other_language(index.language)
        translated = self._translated(text, asked_in)
        own = self.index.languages.get(asked_in)
        found = retrieve_across(index, own, self.index.shared, text, translated, first)
        return weigh_across(index, text, translated, asked_in), found

    def _translated(self, text: str, asked_in: Language) -> str:
        """What the glossary has of `text` in the other language, and what is written alike in both."""
        groups, untranslated = self.glossary.translate(text, asked_in)
        return " ".join([*(" ".join(group) for group in groups), *_written_alike(untranslated)])

    def _answer_by_glossary(
        self, index: LanguageIndex, text: str, asked_in: Language, language: Language
    ) -> Answer | None:
        """The other language's answer when the glossary carries nearly the whole question over, else None."""
        groups, untranslated = self.glossary.translate(text, asked_in)
        if not groups:
            return None
        translated = self._translated(text, asked_in)
        question, found = weigh_question(index, translated), retrieve(index, translated)
        ranked, scores = rank_units(index, question, found)
        wanted = [*groups, *([word] for word in untranslated)]
        shown = index.text.passage_text(ranked[0].passage).lower()
        covered = sum(any(word.lower() in shown for word in words) for words in wanted) / len(wanted)
        if len(wanted) < 2 or covered < CROSS_LANGUAGE_COVERED:
            return None
        return _build(index, found, ranked, scores, language, covered, False)


def view_of(index: LanguageIndex, *, shared: bool) -> View:
    """Which weights fit an index with or without a shared space."""
    if shared:
        return "both"
    return "alone" if index.parts.pretrained else "lexical"


def _weights_of(index: LanguageIndex, found: Retrieval) -> Weights:
    return load_weights(index.language, index.taught, view_of(index, shared=found.shared is not None))


def _written_alike(words: Sequence[str]) -> list[str]:
    return [word for word in words if _SHARED.fullmatch(word)]


def _judged(index: LanguageIndex, question: Question, found: Retrieval, weights: Weights, language: Language) -> Answer:
    ranked, scores = rank_units(index, question, found, weights)
    score = weights.confidence(evidence(index, question, found, ranked, scores))
    return _build(index, found, ranked, scores, language, score, score < weights.threshold)


def rank_units(
    index: LanguageIndex, question: Question, found: Retrieval, weights: Weights | None = None
) -> tuple[list[Candidate], list[float]]:
    """The units of the best passages by the probability that each is the one that answers, best first."""
    weights = weights or _weights_of(index, found)
    listed = candidates(index, question, found)
    shares = weights.shares([c.features for c in listed])
    order = sorted(range(len(listed)), key=lambda n: -shares[n])
    return [listed[n] for n in order], [shares[n] for n in order]


def _build(
    index: LanguageIndex,
    found: Retrieval,
    ranked: Sequence[Candidate],
    scores: Sequence[float],
    language: Language,
    score: float,
    abstained: bool,
) -> Answer:
    passages = [
        RankedPassage(h.passage.id, index.text.documents[h.passage.document_id].source, round(h.score, 4))
        for h in found.hits[:SHOWN_PASSAGES]
    ]
    chosen = [] if abstained else compose(ranked, scores)
    citations = [_cite(index, c, n) for n, c in enumerate(chosen, 1)]
    text = _write(index, chosen)
    topics = _topics([h.passage for h in found.hits])
    return Answer(text, citations, abstained, language, index.language, round(score, 4), passages, topics)


def _cite(index: LanguageIndex, candidate: Candidate, number: int) -> Citation:
    document = index.text.documents[candidate.passage.document_id]
    unit = candidate.unit
    quote = document.text[unit.start : unit.end]
    return Citation(str(number), document.id, document.title, document.source, quote, unit.start, unit.end)


def _write(index: LanguageIndex, chosen: Sequence[Candidate]) -> str:
    """One line per unit, each with the mark of its citation."""
    lines = []
    for number, candidate in enumerate(chosen, 1):
        document = index.text.documents[candidate.passage.document_id]
        lines.append(f"{unit_text(document, candidate.unit)} [{number}]")
    return "\n".join(lines)


def _topics(passages: Sequence[Passage]) -> list[str]:
    """Up to three sections near the question, as `document: section`, one per document."""
    topics: dict[str, str] = {}
    for passage in passages:
        title, section = passage.headings[0], passage.headings[-1]
        topics.setdefault(passage.document_id, section if section == title else f"{title}: {section}")
    return list(topics.values())[:3]
