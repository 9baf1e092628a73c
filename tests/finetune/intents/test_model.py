import numpy as np

from finetune.examples import Example
from finetune.intents.model import FITTED, TRAINED, IntentModel
from textkit.head import softmax


class NarrowEncoder:
    """Texts of digits as vectors that hardly differ, as those of some multilingual encoders."""

    digest, dimensions = "narrow", 16

    def encode(self, texts):
        pick = np.random.default_rng(0)
        cone, directions = pick.normal(size=16), pick.normal(size=(10, 16))
        rows = np.array([cone + 0.01 * directions[int(text)] for text in texts], dtype=np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


EXAMPLES = [Example(str(n % 10), f"label {n % 10}") for n in range(60)]


def test_a_head_is_fitted_to_vectors_in_a_narrow_cone():
    model = IntentModel.fit(NarrowEncoder(), EXAMPLES, EXAMPLES[:20])
    assert model.predict([e.text for e in EXAMPLES]) == [e.label for e in EXAMPLES]


def test_the_temperature_makes_probabilities_fit_the_development_texts():
    wrong = [Example(str(n), f"label {(n + 1) % 10 if n % 2 else n}") for n in range(10)]  # half of them by mistake
    sure = IntentModel.fit(NarrowEncoder(), EXAMPLES, EXAMPLES[:20])
    unsure = IntentModel.fit(NarrowEncoder(), EXAMPLES, wrong)
    assert unsure.temperature > sure.temperature
    assert sure.probabilities(["3"]).max() > unsure.probabilities(["3"]).max()


def test_softmax_rows_sum_to_one():
    shares = softmax(np.array([[1000.0, 0.0], [0.0, 0.0]], dtype=np.float32))
    assert np.allclose(shares, [[1, 0], [0.5, 0.5]])


def test_letters_are_taken_from_a_model_of_the_same_texts():
    first = IntentModel.fit(NarrowEncoder(), EXAMPLES, EXAMPLES[:20])
    second = IntentModel.fit(NarrowEncoder(), EXAMPLES, EXAMPLES[:20], letters_weights=(0.5,), letters_of=first)
    assert second.letters is first.letters
    assert second.letters_weight == 0.5


MISTAKEN = [Example(e.text, f"label {(int(e.text) + 1) % 10}") for e in EXAMPLES]


def trained_head(factor=1.0):
    """What a network might have learned from the examples."""
    return IntentModel.fit(NarrowEncoder(), EXAMPLES, EXAMPLES).meaning.times(factor)


def test_a_trained_head_is_taken_where_more_development_texts_come_out_right():
    model = IntentModel.fit(NarrowEncoder(), MISTAKEN, EXAMPLES[:20], trained=trained_head())
    assert model.head == TRAINED
    assert model.predict([e.text for e in EXAMPLES]) == [e.label for e in EXAMPLES]


def test_where_both_are_as_often_right_the_fitted_head_stays():
    model = IntentModel.fit(NarrowEncoder(), EXAMPLES, EXAMPLES[:20], trained=trained_head())
    assert model.head == FITTED


def test_a_trained_head_has_logits_of_the_size_of_the_fitted_ones():
    dev = [*EXAMPLES[:17], *MISTAKEN[17:20]]
    models = [IntentModel.fit(NarrowEncoder(), MISTAKEN, dev, trained=trained_head(f)) for f in (0.3, 3.0)]
    sizes = [np.abs(model.raw_logits(model.encode(["1", "3"]))).mean() for model in models]
    assert models[0].head == models[1].head == TRAINED
    assert 0.9 < sizes[0] / sizes[1] < 1.1
