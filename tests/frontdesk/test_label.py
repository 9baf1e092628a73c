import importlib.util
import shutil

import pytest
from typer.testing import CliRunner

if importlib.util.find_spec("sklearn") is None or importlib.util.find_spec("datasketch") is None:
    pytest.skip("group finetune is not installed", allow_module_level=True)

from finetune.chats.message import Message, write_messages
from finetune.label.nlu import read_examples
from finetune.label.sheet import Cluster, Sheet, Single, read_sheet, write_sheet
from frontdesk.cli import app
from tests.actions.conftest import configured
from textkit.settings import ROOT


@pytest.fixture
def nlu(tmp_path):
    """A copy of the training examples, a few of each intent."""
    folder = tmp_path / "nlu"
    folder.mkdir()
    for language in ("en", "zh"):
        shutil.copy(ROOT / f"bot/data/nlu/{language}.yml", folder)
    return folder


@pytest.fixture
def sheet(tmp_path):
    file = tmp_path / "labels.yml"
    clusters = [
        Cluster(1, "en", "wrap_gift", True, 0.3, ["wrap"], ["could you wrap this lot up as a present for nan"]),
        Cluster(2, "en", "present_paper", True, 0.3, ["paper"], ["shiny paper and a bow round it if you would"]),
        Cluster(3, "en", "greet", False, 0.9, ["hi"], ["top of the afternoon to all you lot"]),
    ]
    write_sheet(Sheet(clusters, [Single("帮我用红纸包起来送人呗", "zh", "ask 0.40")]), file)
    return file


def run(*words, answers=""):
    return CliRunner().invoke(app, ["label", *(str(word) for word in words)], input=answers)


def test_review_accepts_renames_merges_and_skips(sheet):
    done = run("review", sheet, answers="gift_wrap\nm 1\nWhat?\ns\ngift_wrap\n")
    assert done.exit_code == 0, done.output
    found = read_sheet(sheet)
    assert [(c.intent, c.accept) for c in found.clusters] == [
        ("gift_wrap", True),
        ("gift_wrap", True),
        ("greet", False),
    ]
    assert found.singles[0].intent == "gift_wrap"


def test_review_keeps_what_was_decided_before_it_was_left(sheet):
    assert run("review", sheet, answers="\nq\n").exit_code == 0
    assert [c.accept for c in read_sheet(sheet).clusters] == [True, False, False]
    assert run("review", sheet, answers="").exit_code == 0  # the input has ended


def test_write_adds_once_and_says_what_else_a_new_intent_needs(sheet, nlu):
    run("review", sheet, answers="gift_wrap\nm 1\n\ngift_wrap\n")
    before = len(read_examples(nlu))
    assert run("write", sheet, "--nlu", nlu, "--dry-run").exit_code == 0
    assert len(read_examples(nlu)) == before
    done = run("write", sheet, "--nlu", nlu)
    assert done.exit_code == 0, done.output
    assert "New intents (gift_wrap)" in done.output
    assert len(read_examples(nlu)) == before + 4
    assert "is an example already" in run("write", sheet, "--nlu", nlu).output
    assert len(read_examples(nlu)) == before + 4


def test_nothing_accepted_is_an_error(sheet, nlu):
    assert "Nothing in" in str(run("write", sheet, "--nlu", nlu).exception)


def test_suggest_writes_a_sheet(tmp_path):
    nlu = tmp_path / "nlu"
    nlu.mkdir()
    lines = {"greet": ["hi", "hello there", "good morning"], "bye": ["bye", "see you later", "good night"]}
    text = "nlu:\n" + "".join(
        f"- intent: {n}\n  examples: |\n" + "".join(f"    - {t}\n" for t in ts) for n, ts in lines.items()
    )
    (nlu / "en.yml").write_text(text, encoding="utf-8")
    said = [f"can you gift wrap the {item}" for item in ("kettle", "mug", "teapot", "lamp", "tray", "spoon")]
    write_messages([Message(f"c{n}", None, "customer", text) for n, text in enumerate(said)], tmp_path / "c.jsonl")
    with configured(encoder_en="lexical", encoder_zh="lexical"):
        done = run(
            "suggest", tmp_path / "c.jsonl", "--out", tmp_path / "s.yml", "--nlu", nlu, "--no-service", "--most", 2
        )
    assert done.exit_code == 0, done.output
    found = read_sheet(tmp_path / "s.yml")
    assert found.clusters
    assert len(found.singles) == 2
    assert not any(cluster.accept for cluster in found.clusters)
