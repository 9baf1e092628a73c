"""How many things, in English: `two bags`, `make it 4`, `only three came`.

What follows a number decides: a unit says that it measures, a plural noun that it counts. Where neither follows, a
number in words counts unless it stands where a time or a step would; digits count only where a count is expected.
"""

from __future__ import annotations

import re

from textkit.entities.entity import Found
from textkit.entities.numbers import ENGLISH, english_number

_NUMBER = re.compile(
    rf"(?<![\w.:/£$€¥#+-])(?<!\d,)(?:(?P<digits>[1-9]\d{{0,2}})"
    rf"|(?P<two>a couple|a pair|both)(?= of\b| [a-z]+s\b|[,.?!;)]| *$)|(?P<words>{ENGLISH})\b)"
    r"(?![\d:/%°]|[.,]\d|[-'](?=[a-z\d])| ?[\u4e00-\u9fff])"
    r"(?P<times>(?: ?[x×](?![a-z\d])| ?x ))?"
)
_WORD = re.compile(r"[^\W\d_]+(?:'[a-z]+)?|\d+|[^\w\s]", re.UNICODE)
_UNITS = frozenset(
    """
    mm cm m km ml cl l litre litres liter liters g gram grams kg kgs kilo kilos oz lb lbs pint pints bar bars v volt
    volts w watt watts degree degrees c f percent per inch inches mile miles hundred thousand million micron microns
    """.split()
)
_MEASURES = _UNITS | frozenset(
    """
    time times day days hour hours hr hrs minute minutes min mins second seconds sec secs week weeks month months year
    years yr yrs night nights working business star stars am pm o'clock oclock thirty fifteen instalments installments
    payments payment points point floor th nd rd st pounds quid euros click clicks stage step steps bit lot thing
    things way ways question questions chance moment sugar sugars problem problems issue issues reason reasons tries
    attempts characters digits letters words shot shots call calls quarter quarters half star's reviews out
    """.split()
)
_PERSONS = frozenset(
    """
    people person persons guests kids children adults friends colleague colleagues staff team guys driver drivers agent
    agents adviser advisers advisor advisors manager managers us you reps customers students members engineers
    baristas sisters brothers daughters sons girls boys flatmates housemates best worst most
    """.split()
)
_CODE_BEFORE = frozenset(
    """
    unit flat number no code room step error page apartment apt version level size house suite gate row part
    ends ending class type series stage bus route phase model mark setting grade address aged age am i'm im
    he's she's turned zone dial speed figure option line terminal building block chapter answer press extension ext
    section floor bay locker box sheet postcode pin question plan tier generation gen square
    """.split()
)
_CLOCK_BEFORE = frozenset("at around about after before until till til past since by from between in".split())
_PACKS = frozenset("pack packs packet set box boxes case bag tube jar tin sleeve carton pair".split())
_COUNTED_BEFORE = frozenset(
    """
    not got get getting take taking want wants wanted need needs needed only just have has had having ordered order
    orders ordering received bought buy buying send sent sends sending make makes made it to or another add added
    adding keep kept keeping return returned returning these those all with paid there's are were than and & me him
    them be like i'd do does exactly least most returns cancel cancelled missing plus minus than still charged refund
    refunded replace grab then already gave give gives swap we i they you he she grabbed chose maximum max extra these
    """.split()
)
_SAID_BEFORE = frozenset("says say said shows showed show was is of for the out with".split())
_QUANTITY_BEFORE = frozenset("qty quantity total quantities".split())
_STOP = frozenset(
    """
    is was are were it i we you they he she that this which who what when where why how if please pls and or but not
    in on at by to from for with as so because than then instead would will can could should has have had do does did
    left too only again now still arrived came come broken missing the a an my your our their me us them works broke
    be been being gets got went need needs each already last next today tomorrow yesterday turned showed
    """.split()
)
_BARE_AFTER = _STOP | frozenset("thanks thank ta tho though more extra short cracked smashed damaged mate".split())
_NOUNS = frozenset("more extra pcs pc piece pieces dozen unit item".split())
_PRONOUN_ONE = frozenset(
    """
    which this that the another a new first second third next last other wrong right same old no any every each white
    black green blue copper red small large big smaller bigger cheaper better best good nice no-one someone square
    """.split()
)
_BEFORE_ONE = frozenset(
    """
    swap change exchange by in is on if from includes contains contained came arrived found see more did remove x
    but for of about sell
    """.split()
)
_ONE_MORE_AFTER = frozenset("left came arrived turned works was is of in has had".split())
_STREET = re.compile(
    r" (?:[a-z]+ ){1,2}(?:road|rd|street|st|lane|avenue|ave|close|drive|terrace|place|way|court|square|gardens)\b"
)


def english_quantities(text: str, products: set[int], found: list[Found]) -> list[Found]:
    """Numbers of things in folded `text` that do not overlap `found`; `products` are where products begin."""
    quantities: list[Found] = []
    for match in _NUMBER.finditer(text):
        if any(f.start < match.end() and match.start() < f.end for f in found):
            continue
        value = _value(match)
        kind = next(k for k in ("digits", "two", "words") if match[k])
        if value and (match["times"] or _Number(match, value, text, products, bool(found or quantities)).counts()):
            quantities.append(Found(match.start(), match.end(kind), value))
    return quantities


def _value(match: re.Match[str]) -> int | None:
    if match["digits"]:
        return int(match["digits"])
    return 2 if match["two"] else english_number(match["words"])


class _Number:
    """A number, and the words around it."""

    def __init__(self, match: re.Match[str], value: int, text: str, products: set[int], others: bool) -> None:
        self.value = value
        self.digits, self.two = bool(match["digits"]), match["two"]
        self.others = others  # another quantity stands before it
        end = match.end("digits") if self.digits else match.end()
        before = [m.group() for m in _WORD.finditer(text, max(0, match.start() - 40), match.start())]
        after = [m for m in _WORD.finditer(text, end, min(len(text), end + 60))][:6]
        self.before = ["", "", *before][-2:]
        self.after = [m.group() for m in after]
        self.product = [m.start() in products for m in after]
        self._skip_size()
        self.rest = text[end:]

    def _skip_size(self) -> None:
        """In `two 250g bags` the bags are counted."""
        if len(self.after) > 2 and self.after[0].isdigit() and self.after[1] in _UNITS:
            self.after, self.product = self.after[2:], self.product[2:]

    def counts(self) -> bool:
        """Whether it is a number of things."""
        earlier, previous = self.before
        following = self.after[0] if self.after else ""
        second = self.after[1] if len(self.after) > 1 else ""
        if self.two:
            return self._counts_two(second)
        if previous in _QUANTITY_BEFORE or (not previous[:1].isalnum() and earlier in _QUANTITY_BEFORE):
            return True
        if following in _MEASURES and not (following == "out" and second == "of"):
            return False
        if following in _PERSONS or (following == "to" and second.isdigit()) or following == "-":
            return False
        if following == "of" and any(word in _PERSONS for word in self.after[1:4]):
            return False
        if self.digits and (previous in _CODE_BEFORE or _STREET.match(self.rest)):
            return False
        if previous == "of" and earlier in _PACKS:
            return False
        if following in ("cup", "cups") and previous in ("for", "makes", "make", "brew", "brews"):
            return False
        if self.value == 1 and not self.digits:
            return self._one(previous, following, second)
        if following == "of" or (self.product and self.product[0]) or self._noun_follows():
            return True
        return self._bare(earlier, previous, following)

    def _counts_two(self, second: str) -> bool:
        """`a pair`, `both herons`; not `both the Wren and the Forge`, nor `both of us`."""
        if self.two != "both":
            return bool(self.after) and second not in _MEASURES
        following = self.after[0] if self.after else ""
        person = any(word in _PERSONS for word in self.after[:3])
        return bool(following) and not person and "and" not in self.after and following not in _MEASURES

    def _one(self, previous: str, following: str, second: str) -> bool:
        if previous in ("just", "only", "exactly") and (not following.isalpha() or following in _ONE_MORE_AFTER):
            return True
        if previous in _PRONOUN_ONE or not following.isalpha():
            return False
        if following == "of":
            return second in ("the", "my", "your", "our", "these", "those", "them", "each")
        counted = not previous[:1].isalpha() or previous in _COUNTED_BEFORE or previous in _BEFORE_ONE
        return self.product[0] or (
            counted and following not in _STOP and following not in ("day", "off", "go", "year", "else")
        )

    def _noun_follows(self) -> bool:
        """Whether a plural noun comes within three words; after 1, a noun in the singular."""
        if self.value == 1 and self._expected() and self.after and self.after[0].isalpha():
            return self.after[0] not in _BARE_AFTER or self.after[0] in _NOUNS
        for i, word in enumerate(self.after[:3]):
            if word in _NOUNS:
                return True
            if not word[0].isalpha() or word in _STOP:
                return False
            if self.product[i] or (word.endswith("s") and not word.endswith(("ss", "us", "is", "'s"))):
                return word not in _MEASURES and word not in _PERSONS
            if word in _MEASURES or word in _PERSONS:
                return False
        return False

    def _expected(self) -> bool:
        previous = self.before[1]
        return not previous[:1].isalnum() or previous in _COUNTED_BEFORE or previous.endswith("ing")

    def _bare(self, earlier: str, previous: str, following: str) -> bool:
        """Without a noun: `make it 4`, `only two came`; not `at six`, `step two`, `for two`."""
        after = (previous, earlier) in {("after", "only"), ("of", "instead"), ("of", "out"), ("for", "paid")}
        if after or (previous == "for" and self.others):
            return True
        if previous in _CODE_BEFORE or previous in _CLOCK_BEFORE or previous in ("for", "of"):
            return False
        if previous in ("or", "and", "to") and earlier.isdigit() and not self.others:
            return False  # the number that it stands beside counted nothing either
        ends = not following or not following[0].isalnum() or following in _BARE_AFTER or following.endswith("ed")
        if not self.digits:
            return ends or following.isalpha()
        if previous in _SAID_BEFORE:
            return ends and self.others
        return ends and previous != "" and (previous in _COUNTED_BEFORE or (previous == "," and following != ""))
