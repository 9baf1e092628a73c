import numpy as np
import pytest

from finetune.drift import FAR, MOVED, STABLE, ReadMessage, compare, energy_distance, stability_index
from textkit.errors import FrontdeskError


def around(centre, count, seed):
    rows = np.random.default_rng(seed).normal(centre, 0.3, (count, 8)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def messages(count, intents=("status", "refund"), language="en", confidence=0.9, outside=0.1, seed=0):
    pick = np.random.default_rng(seed)
    return [
        ReadMessage(f"m{n}", language, intents[n % len(intents)], confidence + pick.normal(0, 0.02), outside, 0.5)
        for n in range(count)
    ]


@pytest.fixture
def known():
    return messages(200), {"en": around(1.0, 200, 0)}


def test_a_week_like_the_examples_is_stable(known):
    found = compare(messages(60, seed=1), known[0], {"en": around(1.0, 60, 1)}, known[1])
    assert found["verdict"] == STABLE
    assert found["reasons"] == []
    assert {m["verdict"] for m in found["measures"].values()} == {STABLE}
    assert found["places"]["en"]["p"] > 0.01


@pytest.mark.parametrize(
    ("changed", "measure"),
    [
        ({"language": "zh"}, "languages"),
        ({"intents": ("gift_card",)}, "intents"),
        ({"outside": 0.9}, "outside"),
        ({"confidence": 0.4}, "confidence"),
    ],
)
def test_what_has_moved_is_named(known, changed, measure):
    found = compare(messages(60, seed=1, **changed), known[0], {"en": around(1.0, 60, 1)}, known[1])
    assert found["verdict"] == FAR
    assert [name for name, m in found["measures"].items() if m["verdict"] != STABLE] == [measure]
    assert len(found["reasons"]) == 1


def test_messages_unlike_all_that_is_known_are_strange(known):
    strangers = np.vstack([around(1.0, 50, 1), around([1, -1] * 4, 10, 2)])
    found = compare(messages(60, seed=1), known[0], {"en": strangers}, known[1])
    assert found["measures"]["strange"]["verdict"] in (MOVED, FAR)
    assert found["places"]["en"]["strange"] >= 10 / 60
    assert found["places"]["en"]["p"] < 0.01


def test_a_difference_that_chance_makes_is_none(known):
    recent = messages(22, seed=1)[:20] + messages(2, outside=0.9)
    found = compare(recent, known[0], {}, {})
    assert found["measures"]["outside"]["recent"] == pytest.approx(2 / 22, abs=1e-4)
    handful = compare(messages(20, seed=1)[:19] + messages(1, outside=0.9), known[0], {}, {})
    assert handful["measures"]["outside"]["verdict"] == STABLE


def test_too_few_messages_are_refused(known):
    with pytest.raises(FrontdeskError, match="The last messages are 3; 20 are the least"):
        compare(messages(3), known[0], {}, {})


def test_the_stability_index_is_that_of_the_books():
    assert stability_index({"a": 50, "b": 50}, {"a": 50, "b": 50}) == 0
    assert stability_index({"a": 70, "b": 30}, {"a": 50, "b": 50}) == pytest.approx(0.1695, abs=1e-4)


def test_the_energy_distance_sees_a_shift_and_no_more():
    assert energy_distance(around(1.0, 80, 0), around(1.0, 80, 1))[1] > 0.01
    assert energy_distance(around(1.0, 80, 0), around(-1.0, 80, 1))[1] < 0.01
