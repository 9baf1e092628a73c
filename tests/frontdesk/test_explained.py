import pytest
from rich.console import Console

from frontdesk import explained
from textkit.errors import FrontdeskError


@pytest.fixture
def understood(monkeypatch):
    """A model that goes by one word, and how often it was started."""
    calls = []

    def parse(texts, *, explain=False):
        calls.append(list(texts))
        return [parsed(0.9 if "parcel" in text or "包裹" in text else 0.2) for text in texts]

    def parsed(share):
        ranking = [{"name": "order_status", "confidence": share}, {"name": "ask", "confidence": 1 - share}]
        return {"language": "en", "intent": {"name": "order_status"}, "intent_ranking": ranking}

    monkeypatch.setattr(explained, "parse_texts", parse)
    return calls


def test_the_deciding_word_weighs_most(understood):
    found = explained.explain_text("where is my parcel")
    weights = {row["word"]: row["weight"] for row in found["words"]}
    assert found["likeliest"] == "order_status"
    assert max(weights, key=weights.get) == "parcel"
    assert weights["parcel"] == pytest.approx(3.58, abs=0.01)
    assert len(understood) == 1  # the dialogue model is started once for all


def test_the_words_are_shown_and_drawn(understood, tmp_path):
    found = explained.explain_text("我的包裹到哪了")
    console = Console(record=True, width=120)
    explained.show(found, console)
    assert "log-odds for order_status" in console.export_text()
    if not chinese_font():
        pytest.skip("no font has Chinese characters")
    explained.draw(found, tmp_path / "new" / "words.png")
    assert (tmp_path / "new/words.png").read_bytes().startswith(b"\x89PNG")


def test_a_message_without_words_is_not_drawn(understood, tmp_path):
    found = explained.explain_text("?!")
    assert found["words"] == []
    with pytest.raises(FrontdeskError, match="has no words"):
        explained.draw(found, tmp_path / "words.png")


def chinese_font():
    from finetune.evaluate import pictures

    try:
        return pictures._chinese_font("包裹")
    except FrontdeskError:
        return []
