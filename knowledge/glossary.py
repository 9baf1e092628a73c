"""Shop words in both languages: how a question finds a document in the other language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from knowledge.terms import word_terms
from textkit.errors import DocumentError
from textkit.language import Language
from textkit.words import index_terms, normalise, runs

FILE = "glossary.json"


class Glossary:
    """Pairs of an English and a Chinese expression; several of either side may belong together."""

    def __init__(self, pairs: Iterable[Sequence[str]]) -> None:
        self._targets: dict[Language, dict[str, list[str]]] = {"en": {}, "zh": {}}
        for english, chinese in pairs:
            self._targets["en"].setdefault(normalise(english), []).append(chinese)
            self._targets["zh"].setdefault(normalise(chinese), []).append(english)
        self._stems = {" ".join(index_terms(e)): e for e in self._targets["en"] if index_terms(e)}
        longest = sorted(self._targets["zh"], key=len, reverse=True)
        self._chinese = re.compile("|".join(map(re.escape, longest))) if longest else None

    @classmethod
    def read(cls, file: Path) -> Glossary:
        """Read `{"pairs": [["refund", "退款"], ...]}`; raises DocumentError when it has another form."""
        try:
            pairs = [_pair(row) for row in json.loads(file.read_text("utf-8"))["pairs"]]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DocumentError(
                f"{file.name} is not a glossary ({error}).", 'Form: {"pairs": [["refund", "退款"]]}.'
            ) from error
        return cls(pairs)

    def extended(self, pairs: Iterable[Sequence[str]]) -> Glossary:
        """The glossary with further pairs, such as the catalogue's product names."""
        own = [(e, c) for e, targets in self._targets["en"].items() for c in targets]
        return Glossary([*own, *pairs])

    def translate(self, question: str, source: Language) -> tuple[list[list[str]], list[str]]:
        """What the other language calls each known expression in `question`, and the words that it has no name for."""
        return self._from_chinese(question) if source == "zh" else self._from_english(question)

    def _from_chinese(self, question: str) -> tuple[list[list[str]], list[str]]:
        text = normalise(question)
        if self._chinese is None:
            return [], word_terms(text)
        known = list(dict.fromkeys(self._chinese.findall(text)))
        return [self._targets["zh"][m] for m in known], word_terms(self._chinese.sub(" ", text))

    def _from_english(self, question: str) -> tuple[list[list[str]], list[str]]:
        terms = index_terms(question)
        found: list[list[str]] = []
        left: list[str] = []
        i = 0
        while i < len(terms):
            for size in range(min(4, len(terms) - i), 0, -1):
                expression = self._stems.get(" ".join(terms[i : i + size]))
                if expression:
                    found.append(self._targets["en"][expression])
                    i += size
                    break
            else:
                left.append(terms[i])
                i += 1
        return found, left


def _pair(row: object) -> tuple[str, str]:
    if not (isinstance(row, list) and len(row) == 2 and all(isinstance(e, str) and runs(e) for e in row)):
        raise ValueError(f"{row!r} is not a pair of expressions")
    return row[0], row[1]
