from collections import Counter
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from finetune.chats.formats import read_chats
from finetune.chats.message import read_messages, write_messages
from finetune.chats.reading import Options
from finetune.chats.times import read_time
from textkit.errors import FrontdeskError
from textkit.settings import ROOT

DATA = ROOT / "tests/data/chats"
COLUMNS = {"text": "utterance", "conversation": "chat_id", "from": "role", "time": "created"}


def sides(chats):
    return Counter(message.sender for message in chats.messages)


def reasons(chats):
    return {problem.line: problem.reason for problem in chats.problems}


def test_good_rows_are_kept_and_bad_ones_named_by_line():
    chats = read_chats([DATA / "rows.jsonl"])
    assert len(chats.messages) == 5
    assert sorted(reasons(chats)) == [5, 6, 7, 8]
    assert "yesterday" in reasons(chats)[5]
    assert chats.left_out == {"no text": 1}
    assert chats.messages[0].label == "order_status"


def test_a_csv_with_columns_of_its_own():
    options = Options(COLUMNS, {"buyer": "customer"}, ZoneInfo("Asia/Shanghai"))
    chats = read_chats([DATA / "chats.csv"], options)
    assert [message.text for message in chats.messages] == ["可以退货吗，\n包装拆了", "可以的，七天内", "快递到哪了"]
    assert chats.messages[0].time == datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
    assert reasons(chats) == {5: "5 cells where the header has 4"}


def test_the_columns_that_there_are_get_named():
    with pytest.raises(FrontdeskError, match=r"chat_id, created, role, utterance.*--map text=utterance"):
        read_chats([DATA / "chats.csv"])


@pytest.mark.parametrize(
    ("name", "form", "count"),
    [
        ("frontdesk.jsonl", "frontdesk", {"customer": 2, "bot": 2}),
        ("zendesk.json", "zendesk", {"customer": 2, "agent": 1, "bot": 1}),
        ("zendesk_events.jsonl", "zendesk", {"customer": 1, "agent": 1}),
        ("chatwoot.json", "chatwoot", {"customer": 2, "agent": 1, "bot": 1}),
    ],
)
def test_the_systems_exports_are_told_apart(name, form, count):
    chats = read_chats([DATA / name])
    assert chats.formats == {DATA / name: form}
    assert sides(chats) == count


def test_internal_notes_are_left_out():
    chats = read_chats([DATA / "zendesk.json", DATA / "chatwoot.json"])
    assert chats.left_out["internal note"] == 2
    assert not any("be kind" in message.text for message in chats.messages)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\x7fELF\0\0\1", "not a text file"),
        (b"{]\n{]\n", "no message"),
        (b"[{}", "no column `text`"),
    ],
)
def test_what_holds_no_message_is_an_error(tmp_path, content, said):
    file = tmp_path / "chats.json"
    file.write_bytes(content)
    with pytest.raises(FrontdeskError, match=said):
        read_chats([file])


def test_a_line_that_is_too_long_is_left_behind(tmp_path):
    file = tmp_path / "chats.jsonl"
    row = '{"conversation": "a", "from": "customer", "text": "%s"}\n'
    file.write_text(row % ("x" * 17_000_000) + row % ("y " * 15_000) + row % "fine", encoding="utf-8")
    chats = read_chats([file])
    assert [message.text for message in chats.messages] == ["fine"]
    assert sorted(reasons(chats)) == [1, 2]


def test_messages_come_back_as_they_were_written(tmp_path):
    messages = read_chats([DATA / "rows.jsonl"]).messages
    write_messages(messages, tmp_path / "out.jsonl")
    assert read_messages(tmp_path / "out.jsonl") == messages
    assert (tmp_path / "out.jsonl").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("value", [1793611800, "1793611800000", "2026-11-02T09:30:00Z", "2026-11-02 17:30:00+08:00"])
def test_times_of_every_form(value):
    assert read_time(value) == datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize("value", ["02/11/2026", "soon", True, None])
def test_times_that_can_mean_two_things_are_refused(value):
    with pytest.raises(ValueError, match="time"):
        read_time(value)
