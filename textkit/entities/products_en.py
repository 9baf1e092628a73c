"""Products named in Latin letters: English names with typing mistakes, and pinyin."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from textkit.entities.entity import Found
from textkit.entities.product_names import Name
from textkit.entities.wordlists import common_english

_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+")
_LONGEST = 6  # words of one name
_WORDS_READ = 400  # of one message
# Before a name that is also an ordinary word ("a robin in my garden"), these tell that the product is meant.
_POINTERS = frozenset(
    "the my your our this that new used broken or vs versus and than ordered buy bought another".split()
)
_INTRODUCES_A_PERSON = frozenset("is im i'm am called mr mrs ms miss dr dear hi hello hey by from with".split())
_PLACES_AFTER = frozenset("to in from at".split())
_PLACE_NAMES = frozenset(
    """
    kenya colombia brazil rwanda guatemala antigua yunnan sumatra yemen png baoshan menglian huangshan junshan alishan
    assam keemun darjeeling
    """.split()
)


def _singular(word: str) -> str:
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
        self._ordinary = frozenset(
            name[0] for name in names if len(name) == 1 and (name[0] in common_english() or len(name[0]) < 4)
        ) | (_PLACE_NAMES & self._vocabulary)
        self._typos = self._index(k for k in self._sku if len(k) >= 4 and not k.isdigit())
        self._word_typos = self._index(w for w in self._vocabulary if len(w) >= 5 and w.isalpha())

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
        found: list[Found] = []
        i = 0
        while i < len(tokens):
            size, sku = self._longest(i, tokens, words, repaired, folded)
            if sku and (size > 1 or self._is_meant(i, tokens, words, folded, original, chinese)):
                end = tokens[i + size - 1].end()
                if folded[:end].endswith("'s"):
                    end -= 2
                found.append(Found(tokens[i].start(), end, sku))
                i += size
            else:
                i += 1
        return found

    def _longest(
        self, i: int, tokens: list[re.Match[str]], words: list[str], repaired: list[str], folded: str
    ) -> tuple[int, str | None]:
        reach = 1
        while reach < _LONGEST and i + reach < len(tokens) and _joins(folded, tokens[i + reach - 1], tokens[i + reach]):
            reach += 1
        for size in range(reach, 0, -1):
            key = "".join(words[i : i + size])
            sku = self._sku.get(key) or self._sku.get("".join(repaired[i : i + size]))
            if sku and (size == 1 or self._words.get(key, size) == size or len(key) >= 6):
                return size, sku
            sku = self._misspelt(key, size, words[i : i + size])
            if sku:
                return size, sku
        return 0, None

    def _repaired(self, word: str) -> str:
        """The word of the catalogue's names that `word` misspells, or `word`."""
        if len(word) < 5 or word in self._vocabulary or word in common_english():
            return word
        return self._nearest(word, self._word_typos, loose=True) or word

    def _misspelt(self, key: str, size: int, words: list[str]) -> str | None:
        if len(key) < 3 or any(c.isdigit() for c in key):
            return None
        if size == 1 and (key in common_english() or key in self._vocabulary or f"{key}s" in common_english()):
            return None
        if size > 1 and (len(key) < 8 or min(map(len, words)) < 4 or self._vocabulary.isdisjoint(words)):
            return None
        near = self._nearest(key, self._typos, loose=size == 1)
        if near in self._pinyin and len(key) < 8:
            return None
        if near is None or self._words[near] != size or near in self._digits:
            return None
        return self._sku[near]

    @staticmethod
    def _nearest(word: str, index: Mapping[str, list[str]], loose: bool) -> str | None:
        """The indexed word nearest to `word`; `loose` lets a long one have a letter too many and another too few."""
        best: str | None = None
        for form in (word, *deletions(word)):
            for key in index.get(form, ()):
                same_start = key[0] == word[0] or key[:2] == word[1::-1]
                # Of short words the first letter must be right, and three letters may only lack one.
                agent = key in (f"{word}r", f"{word}er")  # to descale is no descaler
                alike = within_one(word, key) or (loose and len(word) >= 7 and word[:3] == key[:3])
                if not alike or not same_start or agent or len(key) < max(4, len(word) - 1):
                    continue
                if best is None or abs(len(key) - len(word)) < abs(len(best) - len(word)):
                    best = key
        return best

    def _is_meant(
        self, i: int, tokens: list[re.Match[str]], words: list[str], folded: str, original: str, chinese: bool
    ) -> bool:
        """Whether a single word that is also an ordinary one, or a place, stands for the product here."""
        word = words[i]
        before = words[i - 1] if i and folded[tokens[i - 1].end() : tokens[i].start()].strip() in ("", "'") else ""
        if word not in self._ordinary:
            return True
        if word in _PLACE_NAMES and before in _PLACES_AFTER:
            return False
        start, end = tokens[i].span()
        capital = original[start].isupper()
        if before in _INTRODUCES_A_PERSON and not (before in ("from", "with", "by", "is") and not capital):
            return False
        if capital and _surname_follows(i, tokens, original) and before not in ("the", "my", "a"):
            return False
        if capital and start > 0 and original[start:end] != original[start:end].upper():
            return True
        return before in _POINTERS or chinese or (capital and before == "") or (start == 0 and len(tokens) <= 6)


def _surname_follows(i: int, tokens: list[re.Match[str]], original: str) -> bool:
    neighbours = [j for j in (i - 1, i + 1) if 0 <= j < len(tokens)]
    for j in neighbours:
        gap = original[min(tokens[i].end(), tokens[j].end()) : max(tokens[i].start(), tokens[j].start())]
        if (
            gap == " "
            and original[tokens[j].start()].isupper()
            and tokens[j].start() > 0
            and len(tokens[j].group()) > 1
        ):
            return True
    return False


def _joins(folded: str, left: re.Match[str], right: re.Match[str]) -> bool:
    return folded[left.end() : right.start()] in ("", " ", "-", ".", " - ", ". ", "  ")
