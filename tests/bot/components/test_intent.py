"""The intent classifier on a small set and on the project's own examples."""

import dataclasses
import json
import shutil

import pytest
from rasa.engine.storage.resource import Resource
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.intent import RANKED, EncoderIntentClassifier
from bot.components.understanding import Understanding
from textkit.errors import FrontdeskError, MissingArtefactError
from textkit.promoted import intent_encoder
from textkit.registry import Registry, read_manifest
from textkit.settings import ROOT, settings

SMALL = {
    "greet": ["hello", "hi there", "good morning", "hey you", "你好", "早上好", "您好呀", "哈喽"],
    "human": ["talk to a person", "a human please", "get me an agent", "real person now"]
    + ["转人工", "我要找客服", "人工服务", "换个真人来"],
    "ask": ["how long does delivery take", "what does it cost", "where is your store", "do you repair grinders"]
    + ["多久能送到", "运费多少钱", "门店在哪里", "磨豆机能修吗"],
}


def examples(intents):
    return TrainingData([Message({"text": t, "intent": name}) for name, texts in intents.items() for t in texts])


def parse(classifier, text):
    (message,) = classifier.process([Message({"text": text})])
    return message.as_dict(only_output_properties=True)


@pytest.fixture(scope="module")
def small(storage):
    classifier = EncoderIntentClassifier.create({}, storage, Resource("small"), None)
    classifier.train(examples(SMALL))
    return classifier


@pytest.fixture(scope="module")
def real(storage):
    place = Resource("real")
    EncoderIntentClassifier.create({}, storage, place, None).train(load_data(str(ROOT / "bot/data/nlu")))
    return EncoderIntentClassifier.load({}, storage, place, None)


@pytest.mark.parametrize("name", SMALL)
def test_the_examples_are_learned(small, name):
    assert [parse(small, text)["intent"]["name"] for text in SMALL[name]] == [name] * len(SMALL[name])


@pytest.mark.parametrize(
    ("text", "name"),
    [("hello there", "greet"), ("let me talk to a human", "human"), ("你好啊", "greet"), ("人工客服", "human")],
)
def test_other_words_find_their_intent(small, text, name):
    assert parse(small, text)["intent"]["name"] == name


def test_the_ranking_is_of_probabilities(small):
    parsed = parse(small, "hi there, a person please")
    shares = [row["confidence"] for row in parsed["intent_ranking"]]
    assert {row["name"] for row in parsed["intent_ranking"]} == set(SMALL)
    assert sum(shares) == pytest.approx(1, abs=1e-5)
    assert parsed["intent"] == parsed["intent_ranking"][0]
    json.dumps(parsed)


@pytest.mark.parametrize("text", ["what is the capital of Peru", "明天天气怎么样", "do you ship to Peru", "保修几年"])
def test_what_lies_outside_every_intent_goes_to_the_documents(real, text):
    parsed = parse(real, text)
    assert parsed["intent"]["name"] == parsed["intent_ranking"][0]["name"] == "ask"
    assert parsed["outside"]["score"] >= parsed["outside"]["threshold"] > 0


@pytest.mark.parametrize(("text", "name"), [("where is my parcel", "order_status"), ("do you ship to Peru", "ask")])
def test_a_message_that_names_an_order_is_what_it_seems_to_mean(real, monkeypatch, text, name):
    for model in real._models.values():
        monkeypatch.setitem(model.__dict__, "outside", dataclasses.replace(model.outside, threshold=0.0))
    (plain,) = real.process([Message({"text": text})])
    (named,) = real.process([Message({"text": text, "found": [{"entity": "order_number"}]})])
    assert (plain.get("intent")["name"], named.get("intent")["name"]) == ("ask", name)


@pytest.mark.parametrize("text", ["where is my parcel", "我要退货"])
def test_what_an_intent_covers_lies_inside(real, text):
    assert parse(real, text)["outside"]["score"] < parse(real, text)["outside"]["threshold"]


def test_two_intents_that_are_close_are_asked_back(storage, real):
    wavering = EncoderIntentClassifier.load({"close": 1.1}, storage, Resource("real"), None)
    parsed = parse(wavering, "where is my parcel")
    assert parsed["intent"]["name"] == "unclear"
    assert parsed["candidates"][0] == "order_status"
    settled = EncoderIntentClassifier.load({"close": 1.1, "settled": ["order_status"]}, storage, Resource("real"), None)
    assert parse(settled, "where is my parcel")["intent"]["name"] == "order_status"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Where is my parcel? And can I have a VAT invoice for it", ["order_status", "invoice"]),
        ("帮我把订单取消了，另外我的积分有多少", ["cancel_order", "points_balance"]),
        ("查下礼品卡余额，再看看我有多少积分", ["gift_card_balance", "points_balance"]),
        ("where is my parcel", []),
        ("hello, I am looking for a kettle for my mum", []),
    ],
)
def test_two_requests_in_one_message_are_both_seen(real, text, names):
    assert [part["intent"] for part in parse(real, text).get("requests", [])] == names


@pytest.mark.parametrize("text", ["Cancel my order. What time do you open on Sunday?", "帮我取消订单。周日几点开门"])
def test_only_cuts_that_the_letters_allow_are_read_by_the_encoders(storage, real, monkeypatch, text):
    asked, likeliest = [], Understanding.likeliest
    monkeypatch.setattr(Understanding, "likeliest", lambda *given: asked.append(given) or likeliest(*given))
    assert len(parse(real, text)["requests"]) == 2
    assert len(asked) == 1
    strict = EncoderIntentClassifier.load({"likely": 1.1, "likely_loosely": 1.1}, storage, Resource("real"), None)
    assert "requests" not in parse(strict, text)
    assert len(asked) == 1


def test_the_likeliest_intent_is_the_first_of_the_ranking(real):
    texts = ["where is my parcel", "can I swap it for the white one", "hello"]
    model = real._models["en"]
    for (name, share), reading in zip(model.likeliest(texts), model.read(texts), strict=True):
        assert (name, share) == (reading.ranking[0][0], pytest.approx(reading.ranking[0][1], abs=1e-6))


def test_calibrated_probabilities_are_kept_beside_the_raw_ones(real, monkeypatch):
    monkeypatch.setattr(EncoderIntentClassifier, "explains", True)
    parsed = parse(real, "can I swap it for the white one")
    assert sum(parsed["raw_scores"].values()) == pytest.approx(1, abs=1e-4)
    assert parsed["nearest"][0][1] == "exchange_item"
    assert [near[2] for near in parsed["nearest"]] == sorted((n[2] for n in parsed["nearest"]), reverse=True)


def test_the_ranking_is_as_long_as_rasas_own(real):
    ranking = parse(real, "can I swap it for the white one")["intent_ranking"]
    assert len(ranking) == RANKED
    assert [row["confidence"] for row in ranking] == sorted((row["confidence"] for row in ranking), reverse=True)


@pytest.mark.parametrize("text", ["", "   ", None])
def test_an_empty_message_has_no_intent(small, text):
    assert "intent_raw" not in parse(small, text)


@pytest.mark.parametrize("text", ["👍", "42", "\u200d", "x" * 4000, "退" * 4000, "/human", "\n"])
def test_any_message_has_an_intent_or_none(small, text):
    assert parse(small, text).get("intent", {"name": "ask"})["name"] in {*SMALL, "unclear"}


def test_what_was_saved_answers_alike(storage, resource):
    made = EncoderIntentClassifier.create({}, storage, resource, None)
    assert made.train(examples(SMALL)) is resource
    loaded = EncoderIntentClassifier.load({}, storage, resource, None)
    for text in ("hello", "a person", "你好", "人工"):
        before, after = parse(made, text)["intent_ranking"], parse(loaded, text)["intent_ranking"]
        assert [row["name"] for row in after] == [row["name"] for row in before]
        assert [row["confidence"] for row in after] == pytest.approx([row["confidence"] for row in before], abs=1e-6)


def test_nothing_on_disk_is_a_pickle(storage, resource):
    EncoderIntentClassifier.create({}, storage, resource, None).train(examples(SMALL))
    with storage.read_from(resource) as folder:
        kinds = {file.suffix for file in folder.rglob("*") if file.is_file()}
        languages = sorted(path.name for path in folder.iterdir() if path.is_dir())
    assert kinds == {".json", ".safetensors"}
    assert languages == ["en", "zh"]


@pytest.mark.parametrize("step", ["create", "load"])
def test_an_unknown_setting_is_refused(storage, resource, step):
    with pytest.raises(InvalidConfigException, match="has no setting 'treshold'; it has: close, fallback_intent"):
        getattr(EncoderIntentClassifier, step)({"treshold": 0.5}, storage, resource, None)


def test_a_model_of_other_encoders_is_refused(storage, resource, change_setting):
    EncoderIntentClassifier.create({}, storage, resource, None).train(examples(SMALL))
    change_setting("FRONTDESK_ENCODER_EN", "lexical")
    with pytest.raises(FrontdeskError, match="trained with other encoders.*frontdesk train"):
        EncoderIntentClassifier.load({}, storage, resource, None)


def test_an_encoder_that_cannot_read_the_language_is_refused(storage, resource, change_setting):
    change_setting("FRONTDESK_ENCODER_ZH", "sentence-transformers/all-MiniLM-L6-v2")
    with pytest.raises(FrontdeskError, match="reads en, not zh"):
        EncoderIntentClassifier.create({}, storage, resource, None).train(examples(SMALL))


def test_an_encoder_that_is_not_there_is_named(storage, resource, change_setting):
    change_setting("FRONTDESK_ENCODER_EN", "someone/no-such-encoder")
    with pytest.raises(MissingArtefactError, match="someone/no-such-encoder.*frontdesk train"):
        EncoderIntentClassifier.create({}, storage, resource, None).train(examples(SMALL))


def test_both_languages_need_examples(storage, resource):
    english = {name: [t for t in texts if t.isascii()] for name, texts in SMALL.items()}
    with pytest.raises(FrontdeskError, match="no training example in zh"):
        EncoderIntentClassifier.create({}, storage, resource, None).train(examples(english))


def test_another_encoder_asks_for_training(change_setting):
    before = EncoderIntentClassifier.fingerprint_addon({})
    change_setting("FRONTDESK_ENCODER_EN", "lexical")
    assert EncoderIntentClassifier.fingerprint_addon({}) != before


def test_a_promoted_encoder_takes_the_place_of_the_settings(models, tmp_path, storage, resource, change_setting):
    source = Registry(models / "registry").get(settings().encoder_en)
    (tmp_path / "registry").mkdir()
    shutil.copytree(source.parent, tmp_path / "registry" / source.parent.name)
    change_setting("FRONTDESK_MODELS_DIR", str(tmp_path))
    before = EncoderIntentClassifier.fingerprint_addon({})

    def write(folder):
        for file in source.iterdir():
            shutil.copy(file, folder)
        (folder / "card.md").write_text("another model by its digest")

    manifest = {key: value for key, value in read_manifest(source).items() if key not in ("name", "digest")}
    Registry().publish("intent-en", manifest, write)
    assert intent_encoder("en") == "intent-en"
    assert EncoderIntentClassifier.fingerprint_addon({}) != before
    EncoderIntentClassifier.create({}, storage, resource, None).train(examples(SMALL))
    loaded = EncoderIntentClassifier.load({}, storage, resource, None)
    assert [e.digest for e in loaded._models["en"].encoders.pretrained] == [Registry().manifest("intent-en")["digest"]]


# English by MiniLM alone, Chinese by letters alone, as these tests are set up; the bounds are two points below what was
# measured. `frontdesk bench understanding` has the figures of the encoders in service.
@pytest.mark.parametrize(("language", "bound"), [("en", 0.89), ("zh", 0.80)])
def test_held_out_messages_are_read_rightly(real, language, bound):
    file = ROOT / f"tests/data/understanding/intents_test_{language}.jsonl"
    held_out = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    first = [max(parse(real, m["text"])["intent_ranking"], key=lambda r: r["confidence"])["name"] for m in held_out]
    assert len(first) == 350
    assert sum(name == m["intent"] for name, m in zip(first, held_out, strict=True)) / 350 >= bound


def test_the_bot_s_own_examples_are_learned(real):
    shown = load_data(str(ROOT / "bot/data/nlu")).intent_examples[::10]
    first = [max(parse(real, m.get("text"))["intent_ranking"], key=lambda row: row["confidence"]) for m in shown]
    right = [row["name"] == m.get("intent") for row, m in zip(first, shown, strict=True)]
    assert sum(right) / len(right) >= 0.88  # Chinese by letters alone, where a message may be two things


# Buttons of bot/domain/responses.yml as customers see them, who may type them as well.
@pytest.mark.parametrize(
    ("text", "name"),
    [("Talk to a person", "human"), ("转人工", "human"), ("Delivery times and costs", "ask"), ("怎么退货", "ask")],
)
def test_a_button_s_words_mean_the_same_when_typed(real, text, name):
    assert parse(real, text)["intent"]["name"] == name
