"""The sentiment of a message, by a small promoted model."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.training_data.message import Message
from safetensors.numpy import save_file

from bot.components.sentiment import SentimentReader
from tests.bot.components.conftest import ENCODER
from textkit.encoders import OnnxEncoder
from textkit.head import LinearHead
from textkit.registry import Registry

SAID = {
    "negative": ["this is awful", "I hate waiting", "terrible service", "you are useless", "I am furious"],
    "neutral": [
        "where is my parcel",
        "what are your hours",
        "do you ship to Wales",
        "is it in stock",
        "my order is 12",
    ],
    "positive": ["this is great", "I love it", "thank you so much", "what a lovely grinder", "I am delighted"],
}


@pytest.fixture(scope="module")
def promoted(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Registry:
    encoder = Registry(models / "registry").get(ENCODER)
    texts = [(text, name) for name, said in SAID.items() for text in said]
    head = LinearHead.fit(OnnxEncoder(encoder).encode([text for text, _ in texts]), [name for _, name in texts])

    def write(folder: Path) -> None:
        for name in ("model.onnx", "tokenizer.json"):
            shutil.copyfile(encoder / name, folder / name)
        tensors = {"weights": np.ascontiguousarray(head.weights), "bias": head.bias}
        save_file(tensors, str(folder / "head_meaning.safetensors"))
        kept = {"labels": head.labels, "letters_weight": 0.0, "temperature": 0.5}
        (folder / "intent.json").write_text(json.dumps(kept), encoding="utf-8")

    manifest = json.loads((encoder / "manifest.json").read_text(encoding="utf-8"))
    kept = {key: manifest[key] for key in ("dimensions", "max_length", "pad_id", "languages")}
    registry = Registry(tmp_path_factory.mktemp("promoted") / "registry")
    registry.publish("sentiment-en", {"kind": "sentiment", **kept}, write)
    return registry


def read(text, language="en", config=None):
    component = SentimentReader.create(config or {}, None, None, None)
    (message,) = component.process([Message({"text": text, "language": language})])
    return message.as_dict(only_output_properties=True).get("sentiment")


def test_without_a_promoted_model_nothing_is_said():
    assert read("this is awful") is None


@pytest.fixture
def with_model(promoted, change_setting):
    change_setting("FRONTDESK_MODELS_DIR", str(promoted.root.parent))


@pytest.mark.usefixtures("with_model")
@pytest.mark.parametrize(
    ("text", "name"), [("your service is terrible", "negative"), ("I love this grinder", "positive")]
)
def test_the_promoted_model_reads_messages_of_its_language(text, name):
    found = read(text)
    assert found["name"] == name
    assert 0.4 < found["confidence"] <= 1


@pytest.mark.usefixtures("with_model")
@pytest.mark.parametrize(("text", "language"), [("太差了", "zh"), ("42", None), ("", "en"), (None, "en")])
def test_other_languages_and_empty_messages_are_left_alone(text, language):
    assert read(text, language) is None


def test_a_setting_is_refused():
    with pytest.raises(InvalidConfigException, match="SentimentReader in config.yml has no setting 'model'"):
        read("hello", config={"model": "x"})
