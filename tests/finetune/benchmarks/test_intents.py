import pytest

from finetune.benchmarks import faq, intents
from finetune.benchmarks.sets import LabelledSet
from finetune.examples import Example
from textkit.errors import FrontdeskError
from textkit.lexical import LexicalEncoder

WORDS = {"card": "my card is lost", "loan": "I need a loan", "rate": "what is the rate today", "app": "the app crashes"}
SUBJECTS = (
    "please",
    "hello",
    "again",
    "today",
    "since monday",
    "for my wife",
    "in Leeds",
    "on my phone",
    "at night",
    "now",
)


def examples(*numbers):
    return [Example(f"{text} {SUBJECTS[n]}", label) for label, text in WORDS.items() for n in numbers]


def unread():
    raise AssertionError("the test texts were read")


def a_set(**others):
    strangers = [f"{text} {n}" for text in ("tell me a joke", "who won the match") for n in range(6)]
    fields = {"test": lambda: examples(8, 9), "outside_dev": strangers, "outside_test": lambda: strangers, **others}
    return LabelledSet("bank", "en", examples(0, 1, 2, 3, 4), examples(5, 6, 7), **fields)


@pytest.fixture(scope="module")
def encoder():
    return LexicalEncoder.fit([e.text for e in examples(0, 1, 2, 3, 4)], 30)


def never(*arguments):
    raise AssertionError("nothing is fine-tuned")


def test_frozen_figures_of_the_test_texts(encoder):
    found = intents.run(a_set(), intents.Plan(finetuned=False), encoder, never)
    assert set(found) == {"frozen", "frozen_letters"}
    figures = found["frozen"]
    assert (figures["texts"], figures["accuracy"], figures["macro_f1"]) == (8, 1.0, 1.0)
    assert figures["auroc"] > 0.9
    assert {"fpr95", "aupr", "ece", "seconds_train", "seconds_predict", "accepted_wrongly"} <= set(figures)
    assert {"outside", "outside_left_out", "outside_nearest"} <= set(figures["detectors"])


def test_validation_figures_leave_the_test_texts_unread(encoder):
    data = a_set(test=unread, outside_test=unread)
    found = intents.run(data, intents.Plan("dev", finetuned=False), encoder, never)
    assert found["frozen"]["texts"] == 12
    assert found["frozen"]["auroc"] > 0.8


def test_texts_that_were_learned_from_are_told_apart(encoder):
    data = a_set(test=lambda: [*examples(8), *examples(0)], outside_dev=(), outside_test=tuple)
    figures = intents.run(data, intents.Plan(finetuned=False), encoder, never)["frozen"]
    assert (figures["duplicates"], figures["accuracy_without_duplicates"]) == (4, 1.0)


def test_few_examples_of_several_draws(encoder):
    found = intents.run(a_set(), intents.Plan(shots=2, seeds=3, finetuned=False), encoder, never)
    assert found["frozen"]["seeds"] == 3
    assert 0.5 < found["frozen"]["accuracy"] <= 1
    assert "accuracy_std" in found["frozen"]
    assert "auroc" not in found["frozen"]


def test_what_is_fine_tuned_learns_from_all_that_the_set_gives(encoder):
    given = []

    def train(learned, dev, folder, seed):
        given.append((len(learned), dev and len(dev)))
        raise FrontdeskError("enough")

    for data, plan in (
        (a_set(), intents.Plan(frozen=False)),
        (a_set(dev_from_train=True), intents.Plan(frozen=False)),
        (a_set(dev_from_train=True, test=unread), intents.Plan("dev", frozen=False)),
        (a_set(), intents.Plan(shots=2, frozen=False)),
    ):
        with pytest.raises(FrontdeskError, match="enough"):
            intents.run(data, plan, encoder, train)
    assert given == [(20, 12), (32, None), (20, 12), (8, 8)]


def test_a_question_finds_its_faq():
    faqs = ["Is my card safe?", "How do I get a loan?", "When are you open?"]
    encoder = LexicalEncoder.fit(faqs, 3)
    figures = faq.run(encoder, faqs, [("is the card safe", 0), ("get a loan", 1), ("open when", 2)])
    assert (figures["r@1"], figures["mrr"], figures["faqs"]) == (1.0, 1.0, 3)


def test_of_a_faq_and_its_attached_questions_the_most_alike_one_counts():
    faqs, attached = ["Is my card safe?", "How do I get a loan?"], [("somebody stole my wallet", 0), ("borrow cash", 1)]
    encoder = LexicalEncoder.fit([*faqs, *(text for text, _ in attached)], 3)
    asked = [("my wallet is gone, can I get help", 0), ("can I borrow for my card", 1)]
    assert faq.run(encoder, faqs, asked)["r@1"] < 1
    figures = faq.run(encoder, faqs, asked, attached)
    assert (figures["r@1"], figures["faqs"], figures["texts"]) == (1.0, 2, 4)
