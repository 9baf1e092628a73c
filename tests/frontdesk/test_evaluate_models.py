import json

import pytest


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["evaluate", "intent", "--model", "nowhere", "--test", "t.csv"], "is not the folder of an intent model"),
        (["bench", "intent"], "Name --train and --test, or --data and --set"),
        (["bench", "intent", "--set", "banking77"], "--set needs --data"),
        (["bench", "intent", "--set", "banking77", "--data", "nowhere"], "PolyAI-LDN"),
        (["bench", "intent", "--only", "half"], "--only takes frozen or finetuned"),
        (["bench", "intent", "--seeds", "0"], "--seeds takes 1 or more"),
        (["bench", "intent", "--model", "here", "--shots", "5"], "--model takes neither --seeds nor --shots"),
        (["bench", "faq", "--data", "nowhere"], "IBM/vira-intent-classification"),
        (["explain", "hello", "--picture", "words.jpg"], "--picture must name a .png file"),
    ],
)
def test_what_is_wrong_is_one_sentence(frontdesk, arguments, sentence):
    run = frontdesk(*arguments)
    assert run.returncode == 1
    assert sentence in " ".join((run.stdout + run.stderr).split())
    assert "Traceback" not in run.stderr


def test_own_files_are_measured(frontdesk, tmp_path):
    said = {
        "card": ["lost card", "my card", "new card", "card gone"],
        "loan": ["a loan", "loan rate", "borrow", "lend me"],
    }
    rows = [{"text": text, "label": label} for label, texts in said.items() for text in texts]
    train, test = tmp_path / "train.jsonl", tmp_path / "test.csv"
    train.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    test.write_text("text,label\nwhere is my card,card\nlend me a loan,loan\n", encoding="utf-8")
    out = tmp_path / "figures.json"
    run = frontdesk(
        "bench", "intent", "--train", str(train), "--test", str(test), "--only", "frozen", "--json", str(out)
    )
    assert run.returncode == 0, run.stderr
    figures = json.loads(out.read_text(encoding="utf-8"))
    assert figures["frozen"]["accuracy"] == figures["frozen_letters"]["accuracy"] == 1.0
    assert "all-MiniLM-L6-v2" in figures["protocol"]


def test_a_test_label_that_was_never_learned(frontdesk, tmp_path):
    train, test = tmp_path / "train.csv", tmp_path / "test.csv"
    train.write_text("text,label\na,x\nb,x\nc,y\nd,y\n", encoding="utf-8")
    test.write_text("text,label\na,z\n", encoding="utf-8")
    run = frontdesk("bench", "intent", "--train", str(train), "--test", str(test), "--only", "frozen")
    assert run.returncode == 1
    assert "has labels that the training examples lack: 'z'" in " ".join((run.stdout + run.stderr).split())
