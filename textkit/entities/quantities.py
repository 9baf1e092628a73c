"""How many things: `two bags`, `not five`, `三包`."""

from __future__ import annotations

import re

from textkit.entities.entity import Found
from textkit.entities.numbers import CHINESE, ENGLISH, chinese_or_digits, english_number

_NUMBER_EN = re.compile(
    rf"(?<![\w.,:/£$€¥#+-])(?:(?P<digits>[1-9]\d{{0,2}})|(?P<couple>a (?P<c>couple)(?= of\b))|(?P<words>{ENGLISH}))"
    r"(?![\d:/%°]|[.,]\d|[-'](?=[a-z\d]))"
    r"(?P<times>(?: ?[x×](?![a-z\d])| ?x ))?"
)
_TIMES_BEFORE = re.compile(r"(?:(?<=[ )(])|(?<=[\u4e00-\u9fff])|^)[x×*] ?(\d{1,3})(?![\d.:a-z])")
_WORD = re.compile(r"[^\W\d_]+(?:'[a-z]+)?|\d+|[^\w\s]", re.UNICODE)
_MEASURES = frozenset(
    """
    time times day days hour hours hr hrs minute minutes min mins second seconds sec secs week weeks month months year
    years yr yrs working business mm cm m km ml cl l litre litres liter g gram grams kg kgs kilo kilos oz lb lbs bar
    bars v volt volts w watt watts degree degrees c f percent per star stars am pm o'clock inch inches people person
    persons guests instalments installments payments point points mile miles floor th nd rd st pounds quid euros
    hundred thousand million clicks click micron microns stage steps bit lot thing way question chance moment sugar
    things ways questions problems issue issues reason reasons tries attempts shots calls
    """.split()
)
_CODE_BEFORE = frozenset(
    """
    unit flat number no code room step error page apartment apt version level size house suite gate row part
    in ends ending class type series stage bus route phase model mark setting grade address at aged age am i'm im
    he's she's turned is zone dial speed figure option line terminal building block chapter answer press
    """.split()
)
_BEFORE_BARE = frozenset(
    """
    not got get take want need only just have had has ordered order received bought buy send sent make it to or about
    another add added keep return these those all for with paid there's are were were said than and me them be
    """.split()
)
_STOP = frozenset(
    """
    is was are were it i we you they he she that this which who what when where why how if please pls and or but not
    in on at by to from for with as so because than then instead would will can could should has have had do does did
    left too only again now still arrived came broken missing the a an my your our their me us them
    """.split()
)
_PRONOUN_ONE = frozenset(
    """
    which this that the another a new first second third next last other wrong right same old no any every each white
    black green blue copper red small large big smaller bigger cheaper better best good nice no-one someone
    """.split()
)
_BEFORE_ONE = frozenset(
    """
    swap change exchange cancel refund missing by in is on if from includes contains contained came arrived found see
    least most exactly wanted needed getting getting taking take give gave more does did swap replace remove extra x
    """.split()
)
_ENDS = frozenset("please pls instead only left too not but and or thanks thank ta now".split())
_STREET = re.compile(
    r" (?:[a-z]+ ){1,2}(?:road|rd|street|st|lane|avenue|ave|close|drive|terrace|place|way|court|square)\b"
)

_MEASURE_ZH = "只個个包袋盒台把件套瓶罐张支枝条双份杯壶箱片块本饼桶颗粒对打提枚副根卷听筒组板束部"
_NUMBER_ZH = re.compile(
    rf"(?<![\d.:/第这那哪每上下同某另几{CHINESE}a-z-])"
    rf"(?:(?P<number>\d{{1,4}}|[{CHINESE}]{{1,12}}) ?(?P<measure>[{_MEASURE_ZH}])"
    r"|(?P<half>半打)|(?<![我你他她咱它])(?P<pair>[俩仨])(?!人))"
)
_NOT_THINGS = re.compile(
    r"(?<=[个個])(?:多?月|半?小时|钟|星期|礼拜|工作日|人|人工|问题|字|意思|办法|多|半|位|地址|地方|电话|说法|事|样|劲|价|号|季|世纪|学期|疗程|回复|建议|都没|点|礼物)"
    r"|(?<=块)(?:钱|去|儿)|(?<=把)(?:年纪|火|汗|手)|(?<=条)(?:龙|路|短信|消息|信息|心)|(?<=份)(?:子)|(?<=本)(?:正|万|来|书)"
    r"|(?<=台)(?:阶|词)|(?<=套)(?:路|装)|(?<=片)(?:好|心|刻|空)|(?<=张)(?:嘴|口)|(?<=对)(?:一)|(?<=部)(?:分)"
    r"|(?<=[杯人])份|(?<=支)装|(?<=[只包片张支盒条粒袋])装|(?<=包)(?:邮)|(?<=件)(?:事)|(?<=根)(?:本)|(?<=提)(?:前|醒|到|示|交|供|货)"
    r"|(?<=组)(?:成)|(?<=打)(?:开|电|不|算|印|折|个|扰|包|磨|听|招|咖|奶|客)|(?<=副)(?:本|食)|(?<=束)(?:缚)|(?<=听)(?:说|见|到|不)|(?<=双)(?:锅|层|嘴)"
)


def find_quantities(text: str, chinese: bool, products: list[tuple[int, int]]) -> list[Found]:
    """Numbers of things in folded `text`, in which every other entity is blanked but the `products`."""
    found = [Found(m.start(1), m.end(1), int(m[1])) for m in _TIMES_BEFORE.finditer(text)]
    if chinese:
        found += _chinese(text)
    starts = {start for start, _ in products}
    for match in _NUMBER_EN.finditer(text):
        if any(f.start < match.end() and match.start() < f.end for f in found):
            continue
        quantity = _english(match, text, starts)
        if quantity:
            found.append(quantity)
    return found


def _chinese(text: str) -> list[Found]:
    found = []
    for match in _NUMBER_ZH.finditer(text):
        if match["half"]:
            found.append(Found(match.start(), match.end(), 6))
        elif match["pair"]:
            found.append(Found(match.start(), match.end(), 2 if match["pair"] == "俩" else 3))
        elif not _NOT_THINGS.match(text, match.end()):
            value = chinese_or_digits(match["number"])
            if value:
                found.append(Found(match.start(), match.end(), value * 12 if match["measure"] == "打" else value))
    return found


def _english(match: re.Match[str], text: str, products: set[int]) -> Found | None:
    if match["couple"]:
        return Found(match.start("c"), match.end("c"), 2)
    value = int(match["digits"]) if match["digits"] else english_number(match["words"])
    end = match.end("digits" if match["digits"] else "words")
    if not value:
        return None
    found = Found(match.start(), end, value)
    if match["times"]:
        return found
    before = _words_before(text, match.start())
    after = [m for m in _WORD.finditer(text, end, min(len(text), end + 60))][:4]
    counts = _counts_things(
        value, match, before, [m.group() for m in after], [m.start() in products for m in after], text[end:]
    )
    return found if counts else None


def _words_before(text: str, start: int) -> list[str]:
    return [m.group() for m in _WORD.finditer(text, max(0, start - 30), start)][-2:]


def _counts_things(
    value: int, match: re.Match[str], before: list[str], after: list[str], product: list[bool], rest: str
) -> bool:
    previous = before[-1] if before else ""
    following = after[0] if after else ""
    if following in _MEASURES or (following == "to" and len(after) > 1 and after[1].isdigit()):
        return False
    if match["digits"] and (previous in _CODE_BEFORE or _STREET.match(rest)):
        return False
    if value == 1 and match["words"]:
        return _one(previous, after, product)
    if following == "of" or (product and product[0]):
        return True
    if _noun_follows(after, product, match):
        return True
    ends = not following or not (following[0].isalnum() or following in "-/") or following in _ENDS
    return ends and previous in _BEFORE_BARE


def _one(previous: str, after: list[str], product: list[bool]) -> bool:
    if previous in _PRONOUN_ONE or not after or not after[0][0].isalpha():
        return False
    if after[0] == "of":
        return len(after) > 1 and after[1] in ("the", "my", "your", "our", "these", "those", "them")
    counted = not previous[:1].isalpha() or previous in _BEFORE_BARE or previous in _BEFORE_ONE
    return product[0] or (
        counted and after[0] not in _STOP and after[0] not in ("more", "day", "off", "go", "year", "else")
    )


def _noun_follows(after: list[str], product: list[bool], match: re.Match[str]) -> bool:
    """Whether a plural noun comes within three words; digits before a singular word are mostly a model."""
    for i, word in enumerate(after[:3]):
        if not word[0].isalpha() or word in _STOP:
            return i > 0 and bool(match["words"]) and after[0] in ("more", "extra")
        if product[i] or (word.endswith("s") and not word.endswith(("ss", "us", "is", "'s"))):
            return word not in _MEASURES
        if word in _MEASURES:
            return False
        if word in ("more", "extra", "pcs", "pc", "piece", "dozen"):
            return True
    return False
