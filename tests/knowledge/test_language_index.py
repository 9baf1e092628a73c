import dataclasses

import numpy as np
import pytest

from knowledge.adapter import ENOUGH_QUESTIONS, AdaptedEncoder
from knowledge.attached import attach
from knowledge.chunks import split_document
from knowledge.documents import Document, normalise_text
from knowledge.language_index import LanguageIndex, LanguageText
from knowledge.retriever import retrieve
from knowledge.term_sets import Terms
from textkit.encoders import open_encoder
from textkit.errors import MissingArtefactError

GOODS = {
    "en": ["kettle", "grinder", "dripper", "teapot", "scale", "tamper", "basket", "filter", "cup", "tray"],
    "zh": ["水壶", "磨豆机", "滤杯", "茶壶", "电子秤", "压粉锤", "粉碗", "滤纸", "杯子", "茶盘"],
}
SENTENCE = {"en": "The {} costs {} pounds.", "zh": "{}的售价是 {} 元。"}
ASKED = {
    "en": ["what do i pay for your {}", "is the {} dear", "price tag on a {}", "how many quid for one {}", "{} money"],
    "zh": ["{}要花多少钱", "{}贵不贵", "买个{}得多少", "{}啥价", "想入手{}什么价位"],
}


def shop(language, variants):
    """Ten sentences, each with `variants` x 5 attached questions."""
    lines = [SENTENCE[language].format(name, 10 + n) for n, name in enumerate(GOODS[language])]
    document = Document("d", "Shop", "d.md", language, normalise_text("# Shop\n\n" + "\n\n".join(lines)))
    asked = [[q.format(name) + "?" * v for q in ASKED[language] for v in range(variants)] for name in GOODS[language]]
    passages, lost = attach(split_document(document), {"d": document}, {"d.md": list(zip(lines, asked, strict=True))})
    assert not lost
    return LanguageText({"d": document}, passages)


@pytest.fixture(
    scope="module", params=[("en", True), ("en", False), ("zh", False)], ids=["en-minilm", "en-lexical", "zh"]
)
def learned(request, registry):
    language, pretrained = request.param
    encoder = open_encoder("sentence-transformers/all-MiniLM-L6-v2", "en", registry) if pretrained else None
    return language, encoder, LanguageIndex.build(language, shop(language, 4), encoder)


def test_with_enough_attached_questions_the_encoder_is_learned(learned):
    language, encoder, index = learned
    assert len(index.text.questions()) >= ENOUGH_QUESTIONS
    assert isinstance(index.encoder, AdaptedEncoder)
    assert index.parts.pretrained is encoder
    assert index.faiss.ntotal == len(index.text.passages) + len(index.units) + len(index.text.questions())


def test_a_new_wording_finds_the_sentence_that_was_asked_for_alike(learned):
    language, _, index = learned
    wording = {"en": "{} price please, is it many pounds", "zh": "{}大概多少钱能买到"}[language]
    for n, name in enumerate(GOODS[language]):
        assert similarities(index, wording.format(name)).units.argmax() == n


def test_what_is_saved_ranks_the_same(learned, tmp_path):
    language, encoder, index = learned
    index.save(tmp_path)
    again = LanguageIndex.load(tmp_path, language, index.text, encoder)
    question = ASKED[language][0].format(GOODS[language][3])
    before, after = (dataclasses.astuple(similarities(i, question)) for i in (index, again))
    for one, other in zip(before, after, strict=True):
        np.testing.assert_allclose(other, one, atol=1e-6)
    assert [h.score for h in retrieve(again, question).hits] == [h.score for h in retrieve(index, question).hits]
    assert again.encoder.digest == index.encoder.digest


def test_with_few_questions_the_encoder_stays_as_it_is(registry):
    encoder = open_encoder("sentence-transformers/all-MiniLM-L6-v2", "en", registry)
    index = LanguageIndex.build("en", shop("en", 1), encoder)
    assert index.encoder is encoder
    assert index.parts.lexical is None


def similarities(index, question):
    return index.similarities(index.encode_question(question).vector)


def test_unanswered_questions_have_places_of_their_own(learned, tmp_path):
    language, encoder, index = learned
    unanswered = {"en": ["who owns the shop", "is the tea poisonous"], "zh": ["老板是谁", "茶叶有毒吗"]}[language]
    text = dataclasses.replace(index.text, unanswered=unanswered)
    built = LanguageIndex.build(language, text, encoder)
    built.save(tmp_path)
    for one in (built, LanguageIndex.load(tmp_path, language, text, encoder)):
        found = similarities(one, unanswered[1])
        assert len(found.asked) == len(index.question_owners)
        assert found.unanswered.argmax() == 1
        assert found.unanswered[1] > 0.95
        assert retrieve(one, unanswered[0]).unanswered_similarity.argmax() == 0


def test_similarities_are_cosines_in_the_order_of_the_texts(learned):
    language, _, index = learned
    question = "tea 茶"
    found = similarities(index, question)
    own = index.encoder.encode([question])[0]
    np.testing.assert_allclose(found.units, index.encoder.encode(index.text.unit_texts()) @ own, atol=0.1)
    assert (len(found.passages), len(found.units)) == (len(index.text.passages), 10)
    assert np.abs(np.concatenate(dataclasses.astuple(found))).max() <= 1 + 1e-5


def test_scores_of_units_and_questions_reach_their_owners(index):
    own = index.languages["en"]
    scores = np.arange(len(own.units), dtype=np.float32)
    best = own.best_of_units(scores)
    for position, passage in enumerate(own.text.passages):
        first = own.first_units[position]
        assert best[position] == first + len(passage.units) - 1
    asked = own.best_question(np.ones(len(own.question_owners), dtype=np.float32))
    assert [bool(a) for a in asked] == [bool(unit.questions) for _, unit in own.units]


def test_terms_of_a_unit_its_headings_and_its_questions(index):
    own = index.languages["en"]
    position = next(
        n for n, (_, u) in enumerate(own.units) if u.kind == "row" and "what does a pump repair cost" in u.questions
    )
    assert {"pump", "64"} <= own.terms("unit", position).words
    assert "repair" in own.terms("asked", position).words
    assert (Terms.of("a b") | Terms.of("退款")).words >= {"b", "退款"}


def test_an_index_without_any_encoder_is_refused(index, tmp_path):
    own = index.languages["zh"]
    own.save(tmp_path)
    (tmp_path / "lexical.json").unlink(missing_ok=True)
    with pytest.raises(MissingArtefactError, match="has no encoder"):
        LanguageIndex.load(tmp_path, "zh", own.text, None)
