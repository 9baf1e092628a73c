"""Whether a single word is the product of that name here: `my owl leaks`, but not `14 Heron Road`, `I am Robin`."""

from __future__ import annotations

import re
from collections.abc import Set

from textkit.entities.wordlists import common_english

# Before the name of a place ("the brazil is lovely"), these tell that the coffee is meant.
_POINTERS = frozenset(
    """
    the my your our this that new used broken or vs versus and than ordered buy bought another a an of some any which
    """.split()
)
_INTRODUCES_A_PERSON = frozenset("is im i'm am called mr mrs ms miss dr dear hi hello hey by from with named".split())
_ADDRESSED = frozenset("ask asked asking speak spoke spoken talk talked talking thanks thank".split())
_SPEAKS = frozenset("said told promised replied emailed called helped wrote says hood".split())
_PLACES_AFTER = frozenset("to in from at".split())
_PLACE_NAMES = frozenset(
    """
    kenya colombia brazil rwanda guatemala antigua yunnan sumatra yemen png baoshan menglian huangshan junshan alishan
    assam keemun darjeeling
    """.split()
)
_STREETS = frozenset(
    """
    road rd street st lane avenue ave close drive terrace place court square gardens way crescent house cottage hill
    park farm
    """.split()
)
_SERVICES = frozenset(
    """
    reply response answer delivery service action resolution refund help shipping turnaround return exchange
    replacement processing ahead
    """.split()
)
_NATURE = frozenset("garden sings singing sang nest nesting tree trees bird birds flew flying feathers feeder".split())
_BEFORE_A_VERB = frozenset("to can could will would must let's".split())


class NameContext:
    """Tells a product from a person, a street or an ordinary word by what stands around it."""

    def __init__(self, names: Set[str]) -> None:
        common = common_english()
        self._ordinary = frozenset(n for n in names if n in common or len(n) < 4) | (_PLACE_NAMES & names)

    def is_meant(
        self, i: int, tokens: list[re.Match[str]], words: list[str], folded: str, original: str, chinese: bool
    ) -> bool:
        """Whether the word at `i` stands for a product."""
        word = words[i]
        before = words[i - 1] if i and folded[tokens[i - 1].end() : tokens[i].start()].strip() in ("", "'") else ""
        after = words[i + 1] if i + 1 < len(words) and folded[tokens[i].end() : tokens[i + 1].start()] == " " else ""
        if after in _STREETS:
            return False
        if word not in self._ordinary:
            return True
        start, end = tokens[i].span()
        capital = original[start].isupper()
        if before in _INTRODUCES_A_PERSON and not (before in ("from", "with", "by", "is") and not capital):
            return False
        if capital and before in ("for", "to", "with") and i > 1 and words[i - 2] in _ADDRESSED:
            return False
        if capital and _surname_follows(i, tokens, original) and before not in ("the", "my", "a"):
            return False
        if word in _PLACE_NAMES or not set(word) & set("aeiou"):
            return self._is_coffee(word, before, original[start:end], start, len(tokens), chinese)
        if after in _SERVICES or after in _SPEAKS or before in _BEFORE_A_VERB:
            return False
        return not _NATURE.intersection(words) and "name" not in words[i + 1 : i + 4]

    @staticmethod
    def _is_coffee(word: str, before: str, written: str, start: int, size: int, chinese: bool) -> bool:
        if before in _PLACES_AFTER:
            return False
        capital = written[0].isupper()
        if capital and start > 0 and written != written.upper():
            return True
        return before in _POINTERS or chinese or (capital and before == "") or (start == 0 and size <= 6)


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
