"""Products named in Chinese characters, with wrong and homophone characters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from textkit.entities.entity import Found
from textkit.entities.wordlists import common_chinese, syllables

_LONGEST_HEARD = 8
_FINALS = (("zh", "z"), ("ch", "c"), ("sh", "s"))
_PLACES = frozenset(
    "巴西 肯尼亚 哥伦比亚 卢旺达 危地马拉 哥斯达黎加 萨尔瓦多 也门 云南 保山 巴新 阿里山 苏门答腊".split()
)
_GRAMMAR = frozenset("的了真好是不没有我你他她它这那还就都很太也要会能去来上下多少吗呢吧啊和跟与或在到给把被让从")
_SIZES_AND_COLOURS = frozenset("大小白黑铜绿蓝")
_NUMERALS = frozenset("一二两三四五六七八九十百千几半")
_STREETS = ("路", "街", "巷", "弄", "村", "镇", "大道", "小区", "大厦", "公寓", "花园")
_TASTES = ("味", "卷", "蛋糕", "饼干", "冰淇淋", "冰激凌", "面包", "拿铁")
_TO_A_PLACE = "发到往去在寄来住飞"


def _sound(syllable: str) -> str:
    """A syllable as many speakers hear it: without retroflexes, with one n at its end, and n as l before it."""
    for written, heard in _FINALS:
        if syllable.startswith(written):
            syllable = heard + syllable[2:]
    if syllable.startswith("n") and len(syllable) > 1:
        syllable = f"l{syllable[1:]}"
    return syllable[:-1] if syllable.endswith(("ang", "eng", "ing")) else syllable


class ChineseProducts:
    """Looks up stretches of characters, then of syllables, then with one character wrong."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._sku = dict(names)
        self._lengths: dict[str, list[int]] = defaultdict(list)
        self._heard: dict[str, list[str]] = defaultdict(list)
        self._wrong: dict[str, str] = {}
        self._initials: set[str] = set()  # first characters of names in which one may be wrong
        self._openings: set[tuple[str, str]] = set()  # how names begin
        for name in names:
            if len(name) not in self._lengths[name[:2]]:
                self._lengths[name[:2]].append(len(name))
            if len(name) > _LONGEST_HEARD or not all("\u4e00" <= c <= "\u9fff" for c in name[:2]):
                continue
            sounds = self._sounds(name)
            self._heard[sounds].append(name)
            first, second = sounds.split()[:2]
            self._openings.add((first, second))
            if len(name) >= 4 and all("\u4e00" <= c <= "\u9fff" for c in name):
                self._initials.add(name[0])
                for i in range(1, len(name) - 1):  # at either end, anything might stand beside a shorter name
                    self._wrong.setdefault(f"{name[:i]}*{name[i + 1 :]}", name)
        for lengths in self._lengths.values():
            lengths.sort(reverse=True)

    @staticmethod
    def _sounds(characters: str) -> str:
        known = syllables()
        return " ".join(_sound(known.get(c, c)) for c in characters)

    def find(self, folded: str) -> list[Found]:
        """Products in `folded`, which may have spaces inside their names."""
        places = [i for i, c in enumerate(folded) if c != " "]
        text = "".join(folded[i] for i in places)
        exact = [self._longer(text, span) for span in self._exact(text)]
        spans: list[tuple[int, int, str]] = []
        for span in sorted([*exact, *self._near(text, exact)], key=lambda s: (s[0] - s[1], s[0])):
            if all(span[1] <= start or end <= span[0] for start, end, _ in spans):
                spans.append(span)
        return [Found(places[start], places[end - 1] + 1, sku) for start, end, sku in spans]

    def _exact(self, text: str) -> list[tuple[int, int, str]]:
        spans = []
        i = 0
        while i < len(text) - 1:
            for length in self._lengths.get(text[i : i + 2], ()):
                name = text[i : i + length]
                if name in self._sku and self._bounded(text, i, i + len(name)):
                    spans.append((i, i + len(name), self._sku[name]))
                    i += len(name) - 1
                    break
            i += 1
        return spans

    def _longer(self, text: str, span: tuple[int, int, str]) -> tuple[int, int, str]:
        """The whole of a name of which the beginning was right and the end is misspelt: 耶加雪啡."""
        start, end, sku = span
        for length in range(min(_LONGEST_HEARD, len(text) - start), end - start, -1):
            written = text[start : start + length]
            if written in self._sku:
                continue
            name = next((n for n in self._heard.get(self._sounds(written), ()) if self._sku[n] == sku), None)
            if name and self._homophone(text, start, written, name):
                return start, start + length, sku
        return span

    @staticmethod
    def _bounded(text: str, start: int, end: int) -> bool:
        """Not in the middle of a number or a Latin word; no country that something is sent to."""
        first, last = text[start], text[end - 1]
        if first.isascii() and start and text[start - 1].isascii() and text[start - 1].isalnum():
            return False
        if last.isascii() and end < len(text) and text[end].isascii() and text[end].isalnum():
            return False
        if text.startswith(_STREETS, end) or (end - start == 2 and text.startswith(_TASTES, end)):
            return False
        return not (text[start:end] in _PLACES and start and text[start - 1] in _TO_A_PLACE)

    def _near(self, text: str, exact: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
        """Names that sound alike or have one character wrong, but none that an exact one covers or cuts across."""
        known = syllables()
        sounds = [_sound(known[c]) if c in known else c if c.isalnum() else "" for c in text]
        spans: list[tuple[int, int, str]] = []
        i = 0
        while i < len(text) - 1:
            heard = (sounds[i], sounds[i + 1]) in self._openings
            if not heard and text[i] not in self._initials:
                i += 1
                continue
            reach = 0
            while reach < _LONGEST_HEARD and i + reach < len(text) and sounds[i + reach]:
                reach += 1
            for length in range(reach, 1, -1):
                overlapping = [s for s in exact if s[0] < i + length and i < s[1]]
                if any(s[0] < i or s[1] > i + length or s[1] - s[0] == length for s in overlapping):
                    continue
                name = self._like(text, i, length, sounds)
                if name:
                    spans.append((i, i + length, self._sku[name]))
                    i += length - 1
                    break
            i += 1
        return spans

    def _like(self, text: str, start: int, length: int, sounds: list[str]) -> str | None:
        written = text[start : start + length]
        if written in self._sku or not self._bounded(text, start, start + length):
            return None
        for name in self._heard.get(" ".join(sounds[start : start + length]), ()):
            if self._homophone(text, start, written, name):
                return name
        if length >= 4 and written[0] in self._initials:
            for i in range(1, length - 1):
                found = self._wrong.get(f"{written[:i]}*{written[i + 1 :]}")
                if found and self._slip(written, i, found):
                    return found
        return None

    @staticmethod
    def _slip(written: str, i: int, name: str) -> bool:
        """One wrong character; not where it makes an ordinary word with its neighbour, such as a part or a size."""
        words = common_chinese()
        ordinary = written[i - 1 : i + 1] in words or written[i : i + 2] in words
        return not ordinary and written[i] not in _GRAMMAR and name[i] not in _SIZES_AND_COLOURS

    def _homophone(self, text: str, start: int, written: str, name: str) -> bool:
        """Not where a wrong character belongs to an ordinary word, or is one of grammar."""
        words, sounds = common_chinese(), syllables()
        wrong = [i for i, (a, b) in enumerate(zip(written, name, strict=True)) if a != b]
        rest = written[:-1]
        if wrong == [len(rest)] and len(rest) > 1 and rest not in self._sku and rest[-2:] not in words:
            return written[-1] not in _NUMERALS  # what is left would mean nothing: 布粉 of 布粉真
        for i in wrong:
            at = start + i
            inside = [(j, j + 2) for j in (at - 1, at) if start <= j and j + 2 <= start + len(written)]
            outside = [(j, j + 2) for j in (at - 1, at) if (j, j + 2) not in inside and j >= 0]
            if text[at] in _GRAMMAR or text[at] in _NUMERALS or any(text[j:k] in words for j, k in outside):
                return False
            if len(wrong) * 2 > len(written) - 1 and any(text[j:k] in words for j, k in inside):
                return False
        if len(written) > 2:
            return True
        # Two characters must sound exactly alike, and be long to be both wrong: 焦聊 for 鹪鹩.
        alike = all(sounds.get(written[i]) == sounds.get(name[i]) for i in wrong)
        return alike and (len(wrong) == 1 or sum(len(sounds.get(c, "")) for c in name) >= 8)
