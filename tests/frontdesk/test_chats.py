import importlib.util
import json

import pytest
from typer.testing import CliRunner

if importlib.util.find_spec("datasketch") is None:
    pytest.skip("group finetune is not installed", allow_module_level=True)

from frontdesk.cli import app
from textkit.errors import FrontdeskError
from textkit.settings import ROOT

DATA = ROOT / "tests/data/chats"
COLUMNS = "--map text=utterance --map conversation=chat_id --map from=role --map time=created --sender buyer=customer"


@pytest.fixture
def frontdesk(monkeypatch):
    """Runs a command in this process; what a person would be told comes back as the exception."""
    monkeypatch.setattr("frontdesk.chats.out.width", 200)
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words], env={"COLUMNS": "200"})


def rows(file):
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_import_clean_and_split(frontdesk, tmp_path):
    chats, cleaned, report = tmp_path / "chats.jsonl", tmp_path / "clean.jsonl", tmp_path / "report.json"
    names = ["rows.jsonl", "frontdesk.jsonl", "zendesk.json", "zendesk_events.jsonl", "chatwoot.json"]
    done = frontdesk("chats", "import", *(DATA / name for name in names), "--out", chats)
    assert done.exit_code == 0, done.output
    assert "5 rows could not be used" in done.output
    assert "zendesk.json" in done.output
    done = frontdesk("chats", "clean", chats, "--out", cleaned, "--report", report)
    assert done.exit_code == 0, done.output
    made = json.loads(report.read_text(encoding="utf-8"))
    assert made["personal_data"] == {"NAME": 2, "ORDER_NUMBER": 1, "PHONE": 1}
    assert "13916027745" not in cleaned.read_text(encoding="utf-8") + done.output + str(made)
    done = frontdesk("chats", "split", cleaned, "--out", tmp_path / "parts", "--json")
    assert done.exit_code == 0, done.output
    parts = {name: rows(tmp_path / "parts" / f"{name}.jsonl") for name in ("train", "dev", "test")}
    assert {name: len(part) for name, part in parts.items()} == {
        name: counts["messages"] for name, counts in json.loads(done.stdout)["parts"].items()
    }


def test_columns_of_another_name(frontdesk, tmp_path):
    done = frontdesk("chats", "import", DATA / "chats.csv", *COLUMNS.split(), "--out", tmp_path / "chats.jsonl")
    assert done.exit_code == 0, done.output
    assert "chats.csv:5: 5 cells where the header has 4" in done.output
    assert [row["from"] for row in rows(tmp_path / "chats.jsonl")] == ["customer", "agent", "customer"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--map", "txt=utterance"], "--map knows conversation"),
        (["--map", "text"], "takes NAME=VALUE"),
        (["--map", "text=nope"], "no column 'nope' for text"),
        (["--sender", "buyer=martian"], "the side is one of customer, agent, bot"),
        (["--timezone", "Mars/Crater"], "no time zone 'Mars/Crater'"),
        (["--encoding", "klingon"], "no encoding 'klingon'"),
        (["--format", "telegram"], "no format 'telegram'"),
    ],
)
def test_a_wrong_option_is_named_and_nothing_written(frontdesk, tmp_path, options, said):
    done = frontdesk("chats", "import", DATA / "chats.csv", *options, "--out", tmp_path / "chats.jsonl")
    assert isinstance(done.exception, FrontdeskError)
    assert said in str(done.exception)
    assert not list(tmp_path.iterdir())


def test_the_source_is_not_overwritten(frontdesk, tmp_path):
    file = tmp_path / "rows.jsonl"
    file.write_bytes((DATA / "rows.jsonl").read_bytes())
    done = frontdesk("chats", "import", file, "--out", file)
    assert "would be overwritten" in str(done.exception)
    assert file.read_bytes() == (DATA / "rows.jsonl").read_bytes()


def test_cleaning_names_the_line_of_another_form(frontdesk, tmp_path):
    done = frontdesk("chats", "clean", DATA / "rows.jsonl", "--out", tmp_path / "clean.jsonl")
    assert "rows.jsonl:5: the time 'yesterday'" in str(done.exception)


def test_without_the_group_a_sentence_says_what_to_install(frontdesk, tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    done = frontdesk("chats", "clean", DATA / "rows.jsonl", "--out", tmp_path / "clean.jsonl")
    assert "make install-finetune" in str(done.exception)


def test_redaction_is_measured(frontdesk, tmp_path):
    done = frontdesk("bench", "redaction", "--split", "dev", "--json", tmp_path / "redaction.json")
    assert done.exit_code == 0, done.output
    found = json.loads((tmp_path / "redaction.json").read_text(encoding="utf-8"))
    assert found["all"]["recall"] > 0.95
    assert found["all"]["precision"] > 0.95
