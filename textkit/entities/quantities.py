"""How many things: `two bags`, `not five`, `三包`."""

from __future__ import annotations

import re

from textkit.entities.entity import Found
from textkit.entities.numbers import CHINESE, chinese_or_digits
from textkit.entities.quantities_en import english_quantities

_TIMES_BEFORE = re.compile(r"(?<![a-z.])[x×*] ?(\d{1,3})(?![\d.:a-z])")
_MEASURE_ZH = "只個个包袋盒台把件套瓶罐张支枝条双份杯壶箱片块本饼桶颗粒对打提枚副根卷听筒组板束部付盏盆顶"
_SEVERAL = {"打": 12, "对": 2, "双": 2}
_BARE_ZH = re.compile(
    r"(?:数量(?:改[成为]|是|为|要|写)?|(?:改|换|加|减)[成为到]|[要拿])[: ]?(?P<number>[1-9]\d{0,2})(?=$|[ ,.!?;吧就行])"
)
_NUMBER_ZH = re.compile(
    rf"(?<![\d.:/第哪每上下同某几{CHINESE}a-z-])(?<![这那另](?=[一1]))"
    rf"(?:(?P<number>\d{{1,4}}|[{CHINESE}]{{1,12}}) ?[大小整]?(?P<measure>[{_MEASURE_ZH}])"
    r"|(?P<kinds>\d{1,2}|[两二三四五六七八九十])[款种样](?!子)|(?P<half>半打)|(?<![我你他她咱它])(?P<pair>[俩仨])(?!人))"
)
_NOT_THINGS = re.compile(
    r"(?<=[个個])(?:多?月|半?小时|钟|星期|礼拜|工作日|人|人工|问题|字|意思|办法|多|半|位|地址|地方|电话|上午|下午|晚上|早上|朋友|同事|客户|孩子|小孩|老人|大人|客服|师傅|店员|学生|会员|员工|交代|解释|机会|理由|结果|答复|好评|差评|链接|说法|事|样|劲|价|号|季|世纪|学期|疗程|回复|建议|都没|点|礼物)"
    r"|(?<=块)(?:钱|去|儿)|(?<=把)(?:年纪|火|汗|手)|(?<=条)(?:龙|路|短信|消息|信息|心)|(?<=份)(?:子)|(?<=本)(?:正|万|来|书)"
    r"|(?<=台)(?:阶|词)|(?<=套)(?:路|装)|(?<=片)(?:好|心|刻|空)|(?<=张)(?:嘴|口)|(?<=对)(?:一)|(?<=部)(?:分)"
    r"|(?<=[杯人])份|(?<=支)装|(?<=[只包片张支盒条粒袋])装|(?<=包)(?:邮|政策|服务|期|规定|法|里说)|(?<=件)(?:事)|(?<=根)(?:本)|(?<=提)(?:前|醒|到|示|交|供|货)"
    r"|(?<=组)(?:成)|(?<=打)(?:开|电|不|算|印|折|个|扰|包|磨|听|招|咖|奶|客)|(?<=副)(?:本|食)|(?<=束)(?:缚)|(?<=听)(?:说|见|到|不)|(?<=双)(?:锅|层|嘴)"
)


def find_quantities(text: str, chinese: bool, products: list[tuple[int, int]]) -> list[Found]:
    """Numbers of things in folded `text`, in which every other entity is blanked but the `products`."""
    ends = {end for _, end in products}
    found = [
        Found(m.start(1), m.end(1), int(m[1]))
        for m in _TIMES_BEFORE.finditer(text)
        if m.start() in ends or not text[: m.start()][-1:].isdigit()
    ]
    if chinese:
        found += _chinese(text)
    return found + english_quantities(text, {start for start, _ in products}, found)


def _chinese(text: str) -> list[Found]:
    found = [Found(m.start("number"), m.end(), int(m["number"])) for m in _BARE_ZH.finditer(text)]
    for match in _NUMBER_ZH.finditer(text):
        if match["half"]:
            found.append(Found(match.start(), match.end(), 6))
        elif match["kinds"]:
            value = chinese_or_digits(match["kinds"])
            if value and value > 1:
                found.append(Found(match.start(), match.end(), value))
        elif match["pair"]:
            found.append(Found(match.start(), match.end(), 2 if match["pair"] == "俩" else 3))
        elif not (_NOT_THINGS.match(text, match.end()) or text[: match.start()].endswith(("国家", "享受"))):
            value = chinese_or_digits(match["number"])
            if value:
                found.append(Found(match.start(), match.end(), value * _SEVERAL.get(match["measure"], 1)))
    return found
