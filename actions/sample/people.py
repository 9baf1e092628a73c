"""Invented customers: names, places, phones in number ranges kept for fiction."""

from __future__ import annotations

import dataclasses
import json
import random
import unicodedata
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from actions.sample.chance import happens, pick, stream, token
from actions.sample.seasons import FIRST_DAY, NOW
from actions.store.models.customer import Language, Market
from actions.store.models.order import Currency

PEOPLE = Path(__file__).with_name("people.json")


@dataclasses.dataclass(frozen=True)
class Person:
    """A customer before any purchase, with the devices and the way of paying that they are used to."""

    id: int
    name: str
    email: str
    phone: str
    market: Market
    language: Language
    birth_year: int | None
    address: dict[str, str]
    zone: ZoneInfo
    method: str
    near_warehouse: bool
    joined: datetime
    devices: tuple[str, ...]
    pays_with: str
    instrument: str

    @property
    def currency(self) -> Currency:
        """What they pay in."""
        return "CNY" if self.market == "cn" else "GBP"

    @property
    def warehouse(self) -> str:
        """Where their parcels come from."""
        return "kunshan" if self.market == "cn" else "bristol"


@dataclasses.dataclass(frozen=True)
class Home:
    """Who lives where."""

    name: str
    handle: str
    language: Language
    phones: list[str]
    address: dict[str, str]
    zone: str
    method: str
    near_warehouse: bool = False


def make_people(seed: int, counts: dict[Market, int], first_id: int, taken: set[str]) -> list[Person]:
    """So many customers of each market; `taken` holds e-mail addresses and phones that must not come again."""
    makers = {"uk": _british, "eu": _european, "cn": _chinese}
    markets: list[Market] = [market for market, count in counts.items() for _ in range(count)]
    stream(seed, "markets").shuffle(markets)
    people = []
    for number, market in enumerate(markets, first_id):
        rng = stream(seed, "person", number)
        people.append(make_person(rng, number, market, makers[market](rng), taken))
    return people


def make_person(rng: random.Random, number: int, market: Market, home: Home, taken: set[str]) -> Person:
    """A customer who lives in this home."""
    return Person(
        id=number,
        name=home.name,
        email=_unused(rng, taken, lambda: _email(rng, home.handle)),
        phone=_unused(rng, taken, lambda: _digits(rng, rng.choice(home.phones))),
        market=market,
        language=home.language,
        birth_year=rng.randint(1955, 2007) if happens(rng, 0.7) else None,
        address={"name": home.name, **home.address},
        zone=ZoneInfo(home.zone),
        method=home.method,
        near_warehouse=home.near_warehouse,
        joined=_joined(rng),
        devices=make_devices(rng, market),
        pays_with=_favourite_payment(rng, market),
        instrument=token(rng, "tok", 8),
    )


def lives_at(name: str, language: Language, market: Market, address: dict[str, str]) -> Home:
    """A home that is given, not drawn."""
    zones = {"uk": "Europe/London", "eu": "Europe/Paris", "cn": "Asia/Shanghai"}
    methods = {"uk": "standard_uk", "eu": "eu", "cn": "standard_cn"}
    return Home(name, name, language, ["+###########"], address, zones[market], methods[market])


def make_devices(rng: random.Random, market: Market) -> tuple[str, ...]:
    """The favourite device first."""
    phone, desktop = token(rng, "phone"), token(rng, "desktop")
    on_phone = happens(rng, 0.88 if market == "cn" else 0.58)
    if happens(rng, 0.4):
        return (phone,) if on_phone else (desktop,)
    return (phone, desktop) if on_phone else (desktop, phone)


def person_row(person: Person, tier: str, points: int) -> dict[str, Any]:
    """Row of the table `customers`."""
    return {
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "market": person.market,
        "language": person.language,
        "club_tier": tier,
        "points": points,
        "birth_year": person.birth_year,
        "city": person.address["city"],
        "created_at": person.joined,
    }


@cache
def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(PEOPLE.read_text("utf-8"))
    return loaded


def _british(rng: random.Random) -> Home:
    data = _data()["uk"]
    city = pick(rng, data["cities"], lambda row: float(row["weight"]))
    name = f"{rng.choice(data['given'])} {rng.choice(data['family'])}"
    handle, language = name, "en"
    if happens(rng, 0.09):
        (name, handle), language = rng.choice(_data()["uk_chinese_speakers"]), "zh"
    address = {
        "line1": f"{rng.randint(1, 140)} {rng.choice(data['streets'])}",
        "city": city["name"],
        "postcode": f"{city['postcode']}{rng.randint(1, 19)} {rng.randint(0, 9)}XX",
        "country": "GB",
    }
    method = city.get("method", "standard_uk")
    return Home(name, handle, _language(language), data["phones"], address, "Europe/London", method)


def _european(rng: random.Random) -> Home:
    place = pick(rng, _data()["eu"]["places"], lambda row: float(row["weight"]))
    name = f"{rng.choice(place['given'])} {rng.choice(place['family'])}"
    city, postcode = rng.choice(place["cities"])
    street, house = rng.choice(place["streets"]), rng.randint(1, 120)
    line = f"{house} {street}" if place["country"] in ("FR", "IE") else f"{street} {house}"
    address = {"line1": line, "city": city, "postcode": _digits(rng, postcode), "country": place["country"]}
    return Home(name, name, "en", place["phones"], address, place["zone"], "eu")


def _chinese(rng: random.Random) -> Home:
    data = _data()["cn"]
    city = pick(rng, data["cities"], lambda row: float(row["weight"]))
    (family, family_latin), (given, given_latin) = rng.choice(data["family"]), rng.choice(data["given"])
    name, handle, language = family + given, f"{given_latin} {family_latin}", "zh"
    if happens(rng, 0.04):
        name = handle = rng.choice(data["expats"])
        language = "en"
    house = f"{rng.randint(1, 900)} 号 {rng.randint(1, 30)} 栋 {rng.randint(1, 24)}0{rng.randint(1, 6)} 室"
    address = {
        "line1": f"{rng.choice(data['streets'])} {house}",
        "district": rng.choice(city["district"]),
        "city": city["name"],
        "province": city["province"],
        "country": "CN",
    }
    method, delta = city.get("method", "standard_cn"), city.get("delta", False)
    return Home(name, handle, _language(language), data["phones"], address, "Asia/Shanghai", method, delta)


def _language(text: str) -> Language:
    return "zh" if text == "zh" else "en"


def _joined(rng: random.Random) -> datetime:
    if happens(rng, 0.3):
        return NOW - timedelta(minutes=rng.randrange(20 * 24 * 60, 340 * 24 * 60))
    since = (FIRST_DAY - date(2021, 3, 1)).days
    return datetime(2021, 3, 1, 9, tzinfo=UTC) + timedelta(minutes=rng.randrange(since * 24 * 60))


def _favourite_payment(rng: random.Random, market: Market) -> str:
    if market == "cn":
        return rng.choices(("alipay", "wechat_pay", "unionpay"), (48, 42, 10))[0]
    methods = ("visa", "mastercard", "amex", "paypal", "apple_pay", "google_pay")
    return rng.choices(methods, (38, 22, 6, 16, 12, 6))[0]


def _email(rng: random.Random, handle: str) -> str:
    plain = unicodedata.normalize("NFKD", handle).encode("ascii", "ignore").decode().lower().replace("'", "")
    joined = rng.choice((".", "_", "")).join(plain.split())
    number = rng.choice(("", "", str(rng.randint(2, 99))))
    return f"{joined}{number}@{rng.choice(('example.com', 'mail.example', 'post.example'))}"


def _digits(rng: random.Random, pattern: str) -> str:
    return "".join(str(rng.randrange(10)) if letter == "#" else letter for letter in pattern)


def _unused(rng: random.Random, taken: set[str], draw: Any) -> str:
    value: str = draw()
    while value in taken:
        value = draw()
    taken.add(value)
    return value
