import dataclasses

import pytest

from finetune.examples import Pair
from finetune.library_pairs import write_pairs
from finetune.promote import promote
from finetune.promote_pairs import compare_pairs, pair_name
from finetune.train.reranker import train_reranker
from finetune.train.settings import TrainSettings
from knowledge.reranker import Reranker
from tests.finetune.train.conftest import made_up_pairs
from textkit.errors import FrontdeskError
from textkit.registry import Registry

KNOWN = ("about refund money back", "about parcel arrive delivery")


def pairs(count, start=0):
    """Two answers; what is asked about cards has none."""
    found = made_up_pairs(count, start)
    return [p if p.positive in KNOWN else Pair(p.query, "", KNOWN) for p in found]


@pytest.fixture(scope="module")
def reranker(base, tmp_path_factory):
    settings = TrainSettings(epochs=24, learning_rate=3e-3, batch=16, patience=24, negatives=1)
    return train_reranker(pairs(24), None, base, tmp_path_factory.mktemp("reranker") / "m", settings)


def test_a_reranker_goes_into_service_for_the_language_of_the_questions(reranker, tmp_path):
    registry, test = Registry(tmp_path / "registry"), tmp_path / "test.jsonl"
    write_pairs(pairs(8, 30), test)
    assert pair_name(reranker, pairs(2)) == "reranker-en"
    first = compare_pairs(reranker, test, "reranker-en", registry)
    assert first.in_service.startswith("the base as it came")
    assert first.texts == 16  # the base never says that nothing answers
    made = promote(reranker, "reranker-en", first, "better", registry)
    assert compare_pairs(reranker, test, "reranker-en", registry).texts == 24
    assert registry.find("reranker-zh") is None
    assert Reranker(registry.get("reranker-en")).digest.startswith(made.name)


def test_what_cannot_read_the_language_is_refused(reranker):
    chinese = [dataclasses.replace(p, query="钱什么时候退回来") for p in pairs(2)]
    with pytest.raises(FrontdeskError, match="does not read zh"):
        pair_name(reranker, chinese)
