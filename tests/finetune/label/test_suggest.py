import numpy as np
import pytest

pytest.importorskip("sklearn")
pytest.importorskip("datasketch")

from finetune.chats.message import Message
from finetune.examples import Example
from finetune.label.clusters import LONE, cluster, key_terms
from finetune.label.intents import IntentView
from finetune.label.sheet import Cluster, Sheet, Single, read_sheet, write_sheet
from finetune.label.suggest import suggest, unlabelled
from textkit.errors import FrontdeskError

ITEMS = "kettle teapot grinder mug scale filter tray spoon jar lamp".split()
RETURN = ["I want to return the {}", "how do I send the {} back", "can I return a {}", "return my {} please"]
STOCK = ["do you have the {} in stock", "is the {} available", "when is the {} back in stock", "any {} left in stock"]
WRAP = ["can you gift wrap the {}", "do you do gift wrapping for a {}", "gift wrap my {} please"]


def examples():
    asked = [Example(form.format(item), "return_item") for form in RETURN for item in ITEMS]
    return asked + [Example(form.format(item), "product_stock") for form in STOCK for item in ITEMS]


def test_only_customers_messages_without_a_label_are_taken_redacted_and_once():
    said = [
        Message("a", None, "customer", "ring 07700 900317 about it"),
        Message("a", None, "customer", "Ring 07700 900318 about it!"),
        Message("a", None, "bot", "How can I help?"),
        Message("a", None, "customer", "return my kettle please", label="return_item"),
        Message("a", None, "customer", "return my mug please"),
        Message("b", None, "customer", "快递到哪了"),
    ]
    assert unlabelled(said, examples()) == {"en": ["ring [PHONE] about it"], "zh": ["快递到哪了"]}


def test_a_known_intent_is_suggested_and_a_new_one_named(lexical):
    texts = [form.format(f"old {item}") for form in RETURN for item in ITEMS]
    texts += [form.format(item) for form in WRAP for item in ITEMS]
    sheet = suggest(texts, "en", IntentView.fit(examples(), "en"), smallest=5, most=4)
    assert any(c.intent == "return_item" and not c.new for c in sheet.clusters)
    assert len(sheet.singles) == 4
    assert all(c.terms and c.messages for c in sheet.clusters)


def test_two_heaps_are_two_clusters():
    pick = np.random.default_rng(0)
    heaps = [pick.normal(centre, 0.02, (12, 2)) for centre in ([1, 0], [0, 1])]
    found = cluster(np.vstack(heaps).astype(np.float32), 5)
    assert set(found[:12]).isdisjoint(found[12:])
    assert LONE not in found


def test_terms_are_those_that_others_lack():
    terms = key_terms(["gift wrap it", "gift wrap now", "return it", "return now"], [0, 0, 1, 1])
    assert set(terms[0][:2]) == {"gift", "wrap"}
    assert terms[1][0] == "return"


def sheet():
    clusters = [Cluster(n, "en", "gift_wrap", True, 0.3, ["gift"], [f"wrap {n}"], accept=True) for n in (1, 2)]
    return Sheet(clusters, [Single("你好", "zh", "greet 0.4", "greet"), Single("hm", "en", "greet 0.2")])


def test_a_sheet_comes_back_and_one_name_merges(tmp_path):
    write_sheet(sheet(), tmp_path / "sheet.yml")
    read = read_sheet(tmp_path / "sheet.yml")
    assert read == sheet()
    assert read.decided() == {"en": {"gift_wrap": ["wrap 1", "wrap 2"]}, "zh": {"greet": ["你好"]}}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("accept: true\n", "accept: yep\n", "accept must be true or false"),
        ("intent: gift_wrap", "intent: Gift Wrap", "no name for an intent"),
        ("intent: gift_wrap", "itnent: gift_wrap", "unknown key 'itnent'"),
        ("- wrap 1", "- 12", "a list of texts"),
        ("clusters:", "clusters: [", r"sheet\.yml:\d+ is no YAML"),
        ("clusters:", "heaps:", "is no sheet"),
    ],
)
def test_a_sheet_edited_wrongly_says_where(tmp_path, old, new, said):
    file = tmp_path / "sheet.yml"
    write_sheet(sheet(), file)
    file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(FrontdeskError, match=said):
        read_sheet(file)
