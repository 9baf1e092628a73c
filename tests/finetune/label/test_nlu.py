import pytest

from finetune.label.nlu import merge, read_examples
from textkit.errors import FrontdeskError
from textkit.settings import ROOT

FILE = """version: "3.1"

nlu:
# small talk
- intent: greet
  examples: |
    - hi
    - hello there   # not a comment in a block

- intent: buy
  examples: |
    - I want the [kettle](product)
"""


@pytest.fixture
def file(tmp_path):
    made = tmp_path / "en.yml"
    made.write_text(FILE, encoding="utf-8")
    return made


def test_examples_are_added_where_they_belong_and_the_rest_stays(file):
    assert merge(file, {"greet": ["good day", "HI!"], "gift_wrap": ["wrap it: please"]}) == {"greet": 1, "gift_wrap": 1}
    text = file.read_text(encoding="utf-8")
    assert text.replace("    - good day\n", "").startswith(FILE)
    assert text.endswith("- intent: gift_wrap\n  examples: |\n    - wrap it: please\n")
    assert {e.label for e in read_examples(file.parent)} == {"greet", "buy", "gift_wrap"}
    assert merge(file, {"greet": ["good day"]}) == {}


def test_a_text_of_another_intent_is_not_added(file):
    assert merge(file, {"greet": ["i want the kettle"]}) == {}


def test_a_message_cannot_become_markup(file):
    merge(file, {"greet": ["hello [you](me)\n- intent: evil"]})
    assert [e.text for e in read_examples(file.parent) if e.label == "greet"][-1] == "hello [you] (me) - intent: evil"


def test_a_dry_run_writes_nothing(file):
    assert merge(file, {"greet": ["good day"]}, write=False) == {"greet": 1}
    assert file.read_text(encoding="utf-8") == FILE


def test_a_new_file_is_made(tmp_path):
    assert merge(tmp_path / "zh.yml", {"greet": ["你好"]}) == {"greet": 1}
    assert read_examples(tmp_path)[0].text == "你好"


@pytest.mark.parametrize("name", ["Gift Wrap", "", "2nd", "a: b"])
def test_names_that_rasa_cannot_read_are_refused(file, name):
    with pytest.raises(FrontdeskError, match="no name for an intent"):
        merge(file, {name: ["x"]})


def test_a_broken_file_is_named_with_its_line(file):
    file.write_text("nlu:\n- intent: [\n", encoding="utf-8")
    with pytest.raises(FrontdeskError, match=r"en\.yml is not YAML"):
        merge(file, {"greet": ["x"]})


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_real_files_are_understood(language, tmp_path):
    copy = tmp_path / f"{language}.yml"
    copy.write_bytes((ROOT / f"bot/data/nlu/{language}.yml").read_bytes())
    before = read_examples(tmp_path)
    merge(copy, {"greet": ["hello from the test of labels"], "ask": ["what is a test of labels"]})
    assert len(read_examples(tmp_path)) == len(before) + 2
