import numpy as np
import pytest

from knowledge.retriever import fuse, retrieve


def test_first_place_in_every_view_gives_one():
    views = [(np.array([3.0, 2.0, 1.0], dtype=np.float32), 1.0), (np.array([9.0, 0.0, 5.0], dtype=np.float32), 2.0)]
    fused = fuse(views)
    assert fused[0] == pytest.approx(1.0)
    assert fused[1] == pytest.approx((61 / 62 + 2 * 61 / 63) / 3)
    assert fused.argsort()[::-1].tolist() == [0, 2, 1]


def test_equal_scores_share_a_rank():
    nothing = np.zeros(4, dtype=np.float32)
    np.testing.assert_array_equal(fuse([(nothing, 1.0)]), np.ones(4))
    assert fuse([(np.array([0, 0, 1, 0], dtype=np.float32), 1.0), (nothing, 9.0)]).argmax() == 2
    tied = fuse([(np.array([5, 7, 5, 3], dtype=np.float32), 1.0)])
    np.testing.assert_allclose(tied, [61 / 62, 1, 61 / 62, 61 / 64], rtol=1e-6)


@pytest.mark.parametrize(
    ("language", "question", "source"),
    [
        ("en", "what does a repair of the pump cost", "en/repairs.xlsx"),
        ("en", "money back on opened coffee", "en/returns.md"),
        ("en", "how long is the warranty for grinders", "en/warranty.pdf"),
        ("en", "capacity of the Heron", "en/kettle.docx"),
        ("en", "normal delivery, how much", "en/delivery.html"),
        ("zh", "品茶会在哪天", "zh/tasting.txt"),
        ("zh", "开发票", "zh/faq.csv"),
        ("zh", "质量问题退货谁出运费", "zh/returns.md"),
    ],
)
def test_the_passage_that_answers_is_first(index, language, question, source):
    best = retrieve(index.languages[language], question).hits[0]
    assert index.documents[best.passage.document_id].source == source
    assert 0 < best.score <= 1


@pytest.mark.parametrize("question", ["", "?!", "xyzzy", "Ж", "🙂" * 50, "a" * 5000])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_any_text_gives_a_ranking_without_a_break(index, language, question):
    found = retrieve(index.languages[language], question, limit=3)
    assert len(found.hits) == 3
    assert np.isfinite(found.unit_similarity).all()
    assert len(found.asked_similarity) == len(index.languages[language].units)
