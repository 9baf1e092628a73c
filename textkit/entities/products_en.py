"""Products named in Latin letters: English names with typing mistakes, and pinyin."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from textkit.entities.entity import Found
from textkit.entities.product_names import Name
from textkit.entities.products_aligned import AlignedNames
from textkit.entities.products_context import NameContext
from textkit.entities.spelling import allowed_edits, edits, same_verb, sound
from textkit.entities.wordlists import common_english

_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+")
_LONGEST = 6  # words of one name
_LONG = 8  # letters of a word that survives two edits
_WORDS_READ = 400  # of one message


def _singular(word: str) -> str:
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def deletions(word: str) -> set[str]:
    """`word` with any one letter left out."""
    return {word[:i] + word[i + 1 :] for i in range(len(word))}


def within_one(a: str, b: str) -> bool:
    """Whether one letter added, left out, replaced, or exchanged with its neighbour makes `a` into `b`."""
    if abs(len(a) - len(b)) > 1:
        return False
    i = 0
    while i < min(len(a), len(b)) and a[i] == b[i]:
        i += 1
    if len(a) == len(b):
        return a[i + 1 :] == b[i + 1 :] or (a[i : i + 2] == b[i : i + 2][::-1] and a[i + 2 :] == b[i + 2 :])
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    return longer[i + 1 :] == shorter[i:]


class EnglishProducts:
    """Looks up runs of words, written together, so that `long jing` and `longjing` are the same."""

    def __init__(self, names: Mapping[Name, str], pinyin: Mapping[str, str]) -> None:
        self._sku: dict[str, str] = {}
        self._words: dict[str, int] = {}
        for name, sku in names.items():
            key = "".join(_singular(w) for w in name)
            self._sku.setdefault(key, sku)
            self._words.setdefault(key, len(name))
        for key, sku in pinyin.items():
            if key not in self._sku:
                self._sku[key] = sku
                self._words[key] = 1
        self._pinyin = frozenset(pinyin)
        self._digits = frozenset(key for key in self._sku if any(c.isdigit() for c in key))
        self._vocabulary = frozenset(_singular(w) for name in names for w in name)
        self._context = NameContext({name[0] for name in names if len(name) == 1})
        self._typos = self._index(k for k in self._sku if len(k) >= 4 and not k.isdigit())
        self._word_typos = self._index(w for w in self._vocabulary if len(w) >= 5 and w.isalpha())
        singular = {tuple(_singular(w) for w in name): sku for name, sku in reversed(list(names.items()))}
        self._aligned = AlignedNames(singular, self._vocabulary)
        self._sounds: dict[str, list[str]] = defaultdict(list)
        for word in dict.fromkeys([*(key for key in self._sku if self._words[key] == 1), *self._vocabulary]):
            if len(sound(word)) >= 3 and word.isalpha():
                self._sounds[sound(word)].append(word)
        self._long: dict[str, list[str]] = defaultdict(list)  # words that survive two edits, by how they begin
        for key in dict.fromkeys([*self._sku, *self._vocabulary]):
            if len(key) >= _LONG and key.isalpha():
                self._long[key[:2]].append(key)

    @staticmethod
    def _index(keys: Iterable[str]) -> dict[str, list[str]]:
        index: dict[str, list[str]] = defaultdict(list)
        for key in keys:
            for form in (key, *deletions(key)):
                index[form].append(key)
        return dict(index)

    def find(self, folded: str, original: str, chinese: bool) -> list[Found]:
        """Products in `folded`; capitals in `original` tell names from ordinary words."""
        tokens = [m for m in _TOKEN.finditer(folded)][:_WORDS_READ]
        words = [_singular(m.group().removesuffix("'s").replace("'", "")) for m in tokens]
        repaired = [self._repaired(w) for w in words]
        doubtful = self._aligned.doubtful(words)
        found: list[Found] = []
        i = 0
        while i < len(tokens):
            size, sku = self._longest(i, tokens, words, repaired, doubtful, folded)
            if sku and (size > 1 or self._context.is_meant(i, tokens, words, folded, original, chinese)):
                end = tokens[i + size - 1].end()
                if folded[:end].endswith("'s"):
                    end -= 2
                found.append(Found(tokens[i].start(), end, sku))
                i += size
            else:
                i += 1
        return found

    def _longest(
        self,
        i: int,
        tokens: list[re.Match[str]],
        words: list[str],
        repaired: list[str],
        doubtful: list[int],
        folded: str,
    ) -> tuple[int, str | None]:
        reach = 1
        while reach < _LONGEST and i + reach < len(tokens) and _joins(folded, tokens[i + reach - 1], tokens[i + reach]):
            reach += 1
        for size in range(reach, 0, -1):
            key = "".join(words[i : i + size])
            sku = self._sku.get(key) or self._sku.get("".join(repaired[i : i + size]))
            if sku and (size == 1 or self._words.get(key, size) == size or len(key) >= 6):
                return size, sku
            sku = self._aligned.find(words, i, size, doubtful) if size > 1 else None
            sku = sku or self._misspelt(key, size, words[i : i + size])
            if sku:
                return size, sku
        return 0, None

    def _repaired(self, word: str) -> str:
        """The word of the catalogue's names that `word` misspells, or `word`."""
        if len(word) < 5 or word in self._vocabulary or word in common_english() or f"{word}s" in common_english():
            return word
        return self._nearest(word, self._word_typos, loose=True) or word

    def _misspelt(self, key: str, size: int, words: list[str]) -> str | None:
        if len(key) < 3 or not key.isalpha():
            return None
        if size == 1 and (key in common_english() or key in self._vocabulary or f"{key}s" in common_english()):
            return None
        if size > 1 and (len(key) < 8 or min(map(len, words)) < 4 or self._vocabulary.isdisjoint(words)):
            return None
        if size > 1 and any(len(w) < 5 and w in common_english() and w not in self._vocabulary for w in words):
            return None
        near = self._nearest(key, self._typos, loose=size == 1)
        if near in self._pinyin and len(key) < 8:
            return None
        if near not in self._sku or self._words[near] != size or near in self._digits:
            return None
        return self._sku[near]

    def _nearest(self, word: str, index: Mapping[str, list[str]], loose: bool) -> str | None:
        """The indexed word nearest to `word`; `loose` lets a long one have more than one edit."""
        best: str | None = None
        for form in (word, *deletions(word)):
            for key in index.get(form, ()):
                same_start = key[0] == word[0] or key[:2] == word[1::-1]
                # Of short words the first letter must be right, and three letters may only lack one.
                if not within_one(word, key) or not same_start or len(key) < max(4, len(word) - 1):
                    continue
                if same_verb(word, key):
                    continue
                if best is None or abs(len(key) - len(word)) < abs(len(best) - len(word)):
                    best = key
        if best is None and loose and len(word) >= 5:
            alike = [(edits(word, key, 2), key) for key in self._sounds.get(sound(word), ()) if key in index]
            best = min(((n, key) for n, key in alike if n is not None), default=(0, None))[1]
        if best is None and loose and len(word) >= _LONG - 1:
            keys = [key for key in self._long.get(word[:2], ()) if not same_verb(word, key)]
            near = [(edits(word, key, allowed_edits(len(key))), key) for key in keys]
            best = min(((n, key) for n, key in near if n is not None and key in index), default=(0, None))[1]
        return best


def _joins(folded: str, left: re.Match[str], right: re.Match[str]) -> bool:
    return folded[left.end() : right.start()] in ("", " ", "-", ".", " - ", ". ", "  ")
