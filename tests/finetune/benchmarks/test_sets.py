import json

import pytest

from finetune.benchmarks import sets
from finetune.examples import Example
from textkit.errors import FrontdeskError


def write(file, text):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def test_a_set_without_validation_keeps_a_tenth_of_each_label(tmp_path):
    rows = "".join(f"text {n},{'card' if n % 2 else 'loan'}\n" for n in range(40))
    write(tmp_path / "banking77/banking_data/train.csv", "text,category\n" + rows)
    data = sets.read_set("banking77", tmp_path)
    assert (len(data.train), len(data.dev), data.dev_from_train) == (36, 4, True)
    with pytest.raises(FrontdeskError, match=r"test\.csv does not exist.*PolyAI-LDN"):
        data.test()  # read when it is asked for


def test_what_is_outside_for_choosing_is_not_what_is_measured(tmp_path):
    splits = ["train", "val", "test", "oos_train", "oos_val", "oos_test"]
    rows = {split: [[f"{split} text", "oos" if "oos" in split else "greet"]] for split in splits}
    write(tmp_path / "clinc150/data/data_full.json", json.dumps(rows))
    data = sets.read_set("clinc150", tmp_path)
    assert data.outside_dev == ["oos_train text", "oos_val text"]
    assert data.outside_test() == ["oos_test text"]
    assert data.test() == [Example("test text", "greet")]


def test_own_splits_are_seeded_and_share_no_text(tmp_path):
    rows = "".join(f"Tweet {n % 90},{'negative' if n % 3 else 'neutral'}\n" for n in range(180))
    write(tmp_path / "airline_tweets/tweets.csv", "text,label\n" + rows)
    first, again = (sets.read_set("airline_tweets", tmp_path) for _ in range(2))
    parts = [[e.text for e in part] for part in (first.train, first.dev, first.test())]
    assert sum(map(len, parts)) == len({text for part in parts for text in part}) == 90
    assert first.train == again.train
    assert "90 distinct texts 70 / 10 / 20 %" in first.note


def test_a_set_that_nobody_knows_and_one_that_is_not_there(tmp_path):
    with pytest.raises(FrontdeskError, match="--set must be one of banking77"):
        sets.read_set("atis", tmp_path)
    with pytest.raises(FrontdeskError, match=r"validation\.csv|train\.csv.*alexa/massive"):
        sets.read_set("massive_zh", tmp_path)


def test_shots_are_drawn_by_label():
    examples = [Example(f"{label} {n}", label) for label in "ab" for n in range(9)] + [Example("c 0", "c")]
    drawn = sets.shots_of(examples, 3, seed=1)
    assert [e.label for e in drawn] == list("aaabbbc")
    assert drawn == sets.shots_of(examples, 3, seed=1) != sets.shots_of(examples, 3, seed=2)


def test_labels_of_faqs_are_found_in_every_spelling(tmp_path):
    write(tmp_path / "intent_dataset/intents.csv", "intent\nIs it safe?\n I'm afraid \n")
    rows = "sentence,label\ncan it harm me,is  it Safe\nscared,I’m afraid.\n"
    write(tmp_path / "intent_dataset/validation.csv", rows)
    questions = [("can it harm me", 0), ("scared", 1)]
    assert sets.vira_questions(tmp_path) == (["Is it safe?", "I'm afraid"], questions)
    write(tmp_path / "intent_dataset/train.csv", rows + "is it bad for me,Is it safe?\nfear,I'm afraid\n")
    found = sets.vira(tmp_path)
    assert [e.label for e in found.train] == [e.label for e in found.dev] == ["Is it safe?", "I'm afraid"]
    assert found.test() == [Example("can it harm me", "Is it safe?"), Example("scared", "I'm afraid")]
    write(tmp_path / "intent_dataset/validation.csv", "sentence,label\nhm,What is it?\n")
    with pytest.raises(FrontdeskError, match="which is no FAQ"):
        sets.vira_questions(tmp_path)
