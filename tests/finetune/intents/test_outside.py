import numpy as np
import pytest

from finetune.evaluate.outside_metrics import auroc
from finetune.examples import Example
from finetune.intents.model import IntentModel
from finetune.intents.outside import FEATURES, OutsideDetector, fit_outside
from textkit.errors import FrontdeskError

LABELS = 12


class PlainEncoder:
    """Texts `label,number` to points around the label's own corner; `stranger` lies between all."""

    digest, dimensions = "plain", 16

    def encode(self, texts):
        rows = np.zeros((len(texts), 16), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            name, number = text.split(",")
            pick = np.random.default_rng(int(number) + 1000)
            row += 0.15 * pick.standard_normal(16)
            if name != "stranger":
                row[int(name)] += 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def examples(start, count):
    return [
        Example(f"{label},{start + 50 * label + n}", f"intent{label}") for label in range(LABELS) for n in range(count)
    ]


@pytest.fixture(scope="module")
def fitted():
    train, dev = examples(0, 10), examples(5000, 4)
    model = IntentModel.fit(PlainEncoder(), train, dev)
    return model, *((model.encode([e.text for e in rows]), [e.label for e in rows]) for rows in (train, dev))


def strangers(model, count=40):
    return model.encode([f"stranger,{n}" for n in range(count)])


def test_strangers_score_higher_without_any_to_learn_from(fitted):
    model, train, dev = fitted
    model.outside = fit_outside(model, train, dev)
    inside, outside = model.outside_scores(dev[0]), model.outside_scores(strangers(model))
    assert model.outside.learned_from == "groups of intents left out in turn"
    assert auroc(inside, outside) > 0.97
    assert (model.outside.weights >= 0).all()
    assert len(model.outside.weights) == len(FEATURES)


def test_the_limit_follows_the_cost(fitted):
    model, train, dev = fitted
    limits = [fit_outside(model, train, dev, strangers(model), wrong_accept_cost=c).threshold for c in (0.2, 1.0, 20.0)]
    assert limits == sorted(limits, reverse=True)


def test_a_cost_of_nothing_is_refused(fitted):
    with pytest.raises(FrontdeskError, match="wrong_accept_cost must be greater than 0"):
        fit_outside(*fitted, wrong_accept_cost=0)


def test_two_intents_are_too_few_to_leave_any_out():
    rows = [Example(f"{label},{n}", f"intent{label}") for label in (0, 1) for n in range(6)]
    model = IntentModel.fit(PlainEncoder(), rows, rows)
    encoded = (model.encode([e.text for e in rows]), [e.label for e in rows])
    detector = fit_outside(model, encoded, encoded)
    assert detector.learned_from == "nothing: too few intents"


def test_it_is_kept_beside_the_model(fitted, tmp_path):
    model, train, dev = fitted
    made = fit_outside(model, train, dev)
    assert OutsideDetector.load(tmp_path) is None
    made.save(tmp_path)
    again = OutsideDetector.load(tmp_path)
    logits = model.raw_logits(dev[0])
    scores = [d.score(d.measures(dev[0].vectors, logits, model.temperature)) for d in (made, again)]
    assert np.allclose(*scores, atol=0.01)
    assert again.threshold == made.threshold
    (tmp_path / "outside.json").write_text('{"features": ["softmax"]}')
    with pytest.raises(FrontdeskError, match="has other measures than"):
        OutsideDetector.load(tmp_path)
