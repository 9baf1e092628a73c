import pytest

from knowledge.term_sets import Terms, TermSets

TEXTS = {"unit": ["Refunds take 14 days.", "退款需要十四天"], "headings": ["Returns", ""]}


@pytest.fixture
def sets():
    return TermSets.build(TEXTS, ["Refunds take days", "a refund", "退款"])


def test_each_text_has_its_terms(sets):
    for kind, texts in TEXTS.items():
        assert [sets.of(kind, n) for n in range(len(texts))] == [Terms.of(text) for text in texts]
    assert "退款" in sets.of("unit", 1).words
    assert sets.of("headings", 1) == Terms(frozenset(), frozenset())


def test_rare_words_weigh_more_and_unknown_ones_most(sets):
    assert sets.rarity["refund"] < sets.rarity["退款"] < sets.rarity_unknown


def test_what_is_saved_is_read(sets, tmp_path):
    sets.save(tmp_path)
    again = TermSets.load(tmp_path)
    assert [again.of(k, n) for k in TEXTS for n in range(2)] == [sets.of(k, n) for k in TEXTS for n in range(2)]
    assert (again.rarity, again.rarity_unknown) == (sets.rarity, sets.rarity_unknown)


def test_an_index_without_texts_of_a_kind_is_kept(tmp_path):
    TermSets.build({"unit": [], "asked": []}, []).save(tmp_path)
    assert TermSets.load(tmp_path).rarity == {}
