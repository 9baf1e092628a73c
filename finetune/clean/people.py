"""Names and dates of birth, where the words around them say that they are.

A name that nothing announces is left: telling it from other words takes a model that recognises names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from finetune.clean.numbers import Span
from textkit.entities.wordlists import common_chinese
from textkit.language import HAN

_WORD = r"(?:[A-Z]|[^\W\d_a-zß-ÿ\u3400-\u9fff])[^\W\d_]*(?:['’-][^\W\d_]+)*\.?"
_NAME = rf"{_WORD}(?:[ ]+(?:(?:van|von|de|der|den|del|da|di|la|le|el|bin|al|O)[ ]+){{0,2}}{_WORD}){{0,3}}"
_TITLE = re.compile(rf"(?<!\w)(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Madam|Lady|Lord)\b\.?[ ]+({_NAME})")
_CUED = re.compile(
    r"(?:(?i:\b(?:my|his|her|the|customer'?s?|full|first|last|maiden|account|recipient'?s?|cardholder'?s?)\s+"
    r"(?:full |first |last |maiden |own |new |old )?name(?:'s| is| was| should be|:)|"
    r"\bname\s*:|\bi am called|\bcall me|\bnamed|\bsigned by|\battn:?|\brecipient\s*:|\bcustomer\s*:|\bfrom\s*:"
    rf"|\bspeaking to|\bregards to)[ ]+)({_NAME})"
)
_CUED_LOWER = re.compile(
    r"\bmy (?:full |first |last )?name(?:'s| is) ([a-z][a-z'-]+(?: [a-z][a-z'-]+)?)(?=\s*(?:[,.!?\n]|and\b|$))"
)
_SELF = re.compile(
    rf"\b(?:I'm|I am|i'm|i am|Im|im|[Tt]his is|[Ii]t's|[Ii]t is)[ ]+({_NAME})"
    r"(?=\s*(?:[,.!?;:\n)-]|and\b|from\b|here\b|again\b|calling\b|$))"
)
_SIGNED = re.compile(
    r"(?i:(?:regards|sincerely|cheers|thanks|thank you|best wishes|best|yours(?: truly| faithfully)?)[,.!]?[ ]*\n+\s*)"
    rf"({_NAME})\s*(?=\n|$)"
)
_DEAR = re.compile(rf"(?:Dear|Hi|Hello|Hey)[ ]+({_NAME})(?=\s*[,!\n])")
_NO_NAMES = frozenset(
    """
    Sir Madam Customer Team Support Service Sirs All Everyone There Bot Friend Sorry Not Very So Just Still Really
    Happy Unhappy Ok Okay Fine Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May
    June July August September October November December American British Chinese Irish English German French Christmas
    Lark Ember The A An My Your Our Their This That It I OK UK US EU USA China PayPal Visa Amazon Please Thanks Thank
    Number Order Same In On At To Of For From With
    """.split()
)

_SURNAMES = """
赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛范彭郎鲁韦马苗凤方俞任袁柳酆鲍史唐
费廉岑薛雷贺倪汤滕殷罗毕郝邬乐傅卞齐康伍余元卜顾孟黄穆萧尹姚邵湛汪祁毛禹狄米贝臧戴谈宋庞熊纪舒屈项祝董梁杜阮蓝闵季麻强
贾路娄江颜郭梅林刁钟徐邱骆高夏蔡田樊胡凌霍虞万柯管卢莫房解丁邓洪包左石崔龚程邢裴陆翁荀甄曲封储靳焦牧隗侯全班仰仲伊宁仇栾
甘厉祖武符刘景詹龙叶幸司黎薄印白怀蒲邰从鄂索咸籍赖卓屠蒙池乔阴胥闻莘党翟谭劳姬申扶堵冉宰郦雍桑桂牛寿边扈燕冀浦尚农温庄晏
柴瞿阎充慕连茹习艾鱼容向古易慎戈廖终居衡步耿满匡国文寇广禄阙东欧利师巩聂关荆
""".replace("\n", "")
# Words of other kinds begin with these, so that a whole name needs more than them.
_DOUBTFUL = frozenset("云方任史高路解向从全文国关利时充慎终步满广欧东师易古连容强管万包左白印党边燕农温池")
_COMPOUND = "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|夏侯|端木|宇文|长孙|南宫|独孤"
_FULL = rf"(?:(?:{_COMPOUND})[{HAN}]{{1,2}}|[{_SURNAMES}][{HAN}]{{1,2}})"
_END = rf"(?![{HAN}]|[a-z])|(?=[呀啊哦呢的，,]|先生|女士|小姐|手机|电话|地址|收)"
_NICKNAME = rf"(?:[小老阿][{HAN}](?=[就吧，。,\s]|$)|[{_SURNAMES}]?[小阿][{HAN}](?=就|吧))"
_LATIN = r"[A-Z][a-z]+(?:[ ][A-Z][a-z]+){0,2}"
_SAID = re.compile(
    rf"(?:我的?名字?[叫是]|我叫|本人姓名|姓名|收件人|收货人|联系人|签收人|领取人|署名|落款|名字)"
    rf"(?:姓名|名字|一栏|写|填|改|换|应该|的|是|为|成|叫|[:：\s]){{0,4}}"
    rf"({_FULL}(?:{_END})|{_LATIN}|{_FULL}|[小阿][{HAN}](?![{HAN}]))"
)
_CALLED = re.compile(rf"(?:叫我|我叫|喊我)({_NICKNAME})")
_I_AM = re.compile(rf"(?:我是|本人|我|亲是)({_FULL})(?=[，,。！!；;、\s呀啊哦]|$|\d)")
_MY_SURNAME = re.compile(rf"(?:我|本人|免贵)姓(?!名)({_COMPOUND}|[{HAN}])")
_TITLE_ZH = re.compile(r"先生|女士|小姐|太太|阿姨|老师(?!傅)|大哥|大姐|师傅")
_WORDS_BEFORE = frozenset("客服这那位老先的各哪")

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATE = (
    r"(?:\d{4}|\d{2}(?=年))\s*[-/.年]\s*\d{1,2}(?:\s*[-/.月]\s*\d{1,2}\s*[日号]?|\s*月)"
    rf"|\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{2,4}}|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH},? \d{{4}}"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}|\d{{8}}(?!\d)|\d{{1,2}}月\d{{1,2}}[日号]"
)
_BIRTH = re.compile(
    rf"(?:date of birth|\bdob\b|birth ?date|birthday|\bborn(?: on| in)?|"
    rf"生日|出生(?:日期|年月日?)?)[^\d\n]{{0,20}}?({_DATE})"
)
_BIRTH_AFTER = re.compile(rf"({_DATE})\s*(?:出生|生(?![产效意活日成]))")


def find_names(text: str) -> Iterator[Span]:
    """Names in English and in Latin letters; `text` as written, because capitals tell."""
    for pattern in (_TITLE, _CUED, _SIGNED, _SELF, _DEAR):
        for match in pattern.finditer(text):
            span = _without_other_words(text, *match.span(1))
            if span:
                yield (match.start(), span[1]) if pattern is _TITLE else span  # the title tells something as well
    for match in _CUED_LOWER.finditer(text):
        yield match.span(1)


def _without_other_words(text: str, start: int, end: int) -> Span | None:
    """The span up to the first word that is no name; None when that is the first."""
    words = [(start + m.start(), start + m.end()) for m in re.finditer(r"\S+", text[start:end])]
    kept = None
    for first, last in words:
        word = text[first:last].strip(".'’")
        if word in _NO_NAMES:
            break
        kept = last
    if kept is None or text[start:kept].isupper() and len(text) > 2 * (kept - start) and text.isupper():
        return None
    return start, kept - 1 if text[kept - 1] == "." and kept - start > 3 else kept


def find_chinese_names(text: str) -> Iterator[Span]:
    """Chinese names behind words that announce them, and before titles."""
    for pattern in (_SAID, _CALLED, _I_AM, _MY_SURNAME):
        for match in pattern.finditer(text):
            if match.group(1) not in common_chinese() and not match.group(1).endswith("们"):
                yield match.span(1)
    for match in _TITLE_ZH.finditer(text):
        start = _name_before(text, match.start())
        if start < match.start():
            yield start, match.start()


def _name_before(text: str, end: int) -> int:
    """Where the name that ends at `end` begins, or `end`."""
    before = text[max(0, end - 4) : end]
    for length in (4, 3, 2):
        written = before[-length:]
        if len(written) == length and re.fullmatch(_FULL, written) and written[0] not in _DOUBTFUL:
            return end - length
    if re.search(f"(?:{_COMPOUND})$", before):
        return end - 2
    if before and before[-1] in _SURNAMES and before[-1] not in _WORDS_BEFORE:
        return end - 1
    return end


def find_births(text: str) -> Iterator[Span]:
    """Dates of birth in folded text, where it says so."""
    yield from (match.span(1) for match in _BIRTH.finditer(text))
    yield from (match.span(1) for match in _BIRTH_AFTER.finditer(text))
