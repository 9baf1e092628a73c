"""A small model with a real encoder, measured and shown."""

import json
import re
import shutil

import pytest

from finetune.evaluate.page import page
from finetune.evaluate.run import evaluate, in_service
from finetune.examples import Example, ExampleError
from finetune.intents.model import IntentModel
from finetune.intents.outside import fit_outside
from knowledge.encoder_install import install_encoder
from textkit.classifier import Classifier
from textkit.encoders import OnnxEncoder
from textkit.registry import Registry
from textkit.settings import ROOT

ENCODER = "sentence-transformers/all-MiniLM-L6-v2"
SAID = {
    "card": ["my card is lost", "where is my card", "I need a new card", "card stolen", "block the card", "card gone"],
    "loan": ["I need a loan", "lend me money", "loan rates", "repay my loan", "how much can I borrow", "loan please"],
    "hours": ["when are you open", "opening hours", "open on Sunday?", "closing time", "open today?", "till when open"],
}
STRANGERS = ["what is the capital of Peru", "sing a song", "who won the match", "it rains"]


def examples(start, end):
    return [Example(text, label) for label, texts in SAID.items() for text in texts[start:end]]


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    own = Registry(ROOT / "models/registry")
    if own.find(ENCODER):
        return own
    made = Registry(tmp_path_factory.mktemp("registry"))
    install_encoder(ENCODER, made)
    return made


@pytest.fixture(scope="module")
def folder(registry, tmp_path_factory):
    place = tmp_path_factory.mktemp("model")
    for name in ("manifest.json", "model.onnx", "tokenizer.json"):
        shutil.copyfile(registry.get(ENCODER) / name, place / name)
    model = IntentModel.fit(OnnxEncoder(place), examples(0, 4), examples(4, 5), letters_weights=(0.5,))
    known = [
        (model.encode([e.text for e in rows]), [e.label for e in rows]) for rows in (examples(0, 4), examples(4, 5))
    ]
    model.outside = fit_outside(model, *known)
    model.save(place)
    return place


@pytest.fixture(scope="module")
def found(folder):
    test = [*examples(5, 6), Example("<b>the & card</b> of the loan office", "hours")]
    return evaluate(folder, test, STRANGERS, ("the one <before>", IntentModel.load(folder)))


def test_what_is_measured(found):
    figures = found.figures()
    assert (figures["texts"], figures["accuracy"]) == (4, 0.75)
    assert figures["accuracy_interval"][0] <= 0.75 <= figures["accuracy_interval"][1]
    assert 0.5 < figures["auroc"] <= 1
    assert figures["against"]["test"] == {"only_first": 0, "only_second": 0, "p": 1.0}
    assert figures["outside_limit"]["cost"] >= 0
    assert "capital of Peru" not in json.dumps(figures)


def test_a_mistake_says_which_words_led_to_it(found):
    (mistake,) = found.mistakes
    assert mistake.gold == "hours"
    assert {word.text for word in mistake.words} >= {"the", "loan", "office"}


def test_the_report_is_one_file_with_pictures_and_no_request(found):
    shown = page(found)
    assert shown.count("data:image/png;base64,") == 3
    assert not re.search(r"https?://|<script|<link|@import|url\(", shown)
    assert "<b>" not in shown
    assert "the one &lt;before&gt;" in shown
    assert "light-dark(" in shown


def test_a_label_that_the_model_does_not_know(folder):
    with pytest.raises(ExampleError, match="was not trained on: 'weather'"):
        evaluate(folder, [Example("it rains", "weather")])


def test_nothing_in_service_is_nothing_to_compare_with(tmp_path):
    assert in_service(["hello"], Registry(tmp_path)) is None


def test_what_serves_reads_the_same_probabilities(folder):
    texts = ["my card", "money", "till when"]
    assert Classifier.load(folder).probabilities(texts) == pytest.approx(IntentModel.load(folder).probabilities(texts))
