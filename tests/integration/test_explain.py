"""`frontdesk explain` on the model in service."""

import json
import subprocess
import sys

import pytest

from tests.integration.conftest import Frontdesk
from textkit.settings import ROOT


def explain(*arguments: str) -> str:
    command = [sys.executable, "-m", "frontdesk", "explain", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize(
    ("text", "language", "intent", "entity"),
    [
        ("where is my order LE-7K4M-Q2XP", "en", "order_status", "LE-7K4M-Q2XP"),
        ("LE-7K4M-Q2XP这个订单我不要了，帮我取消", "zh", "cancel_order", "LE-7K4M-Q2XP"),
    ],
)
def test_a_message_explained_as_json(frontdesk: Frontdesk, text: str, language: str, intent: str, entity: str) -> None:
    found = json.loads(explain(text, "--json"))
    assert found["language"] == language
    assert max(found["intents"], key=lambda row: row["calibrated"])["name"] == intent
    assert [e["value"] for e in found["entities"] if e["entity"] == "order_number"] == [entity]
    assert found["outside"]["score"] < found["outside"]["threshold"]
    assert found["route"] == f"the rule of {intent}"
    assert len(found["nearest"]) == 5


def test_a_question_to_the_documents_explained_for_people(frontdesk: Frontdesk) -> None:
    shown = explain("What is your VAT number?")
    assert "to the documents" in shown
    assert "nearest example" in shown
