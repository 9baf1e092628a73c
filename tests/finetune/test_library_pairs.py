import pytest

from finetune.examples import read_pairs
from finetune.library_pairs import library_pairs, write_pairs


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_attached_question_has_its_unit_and_others_beside_it(answerer, language, tmp_path):
    text = answerer.index.languages[language].text
    units = set(text.unit_texts())
    made = list(library_pairs(answerer, language))
    answered = [pair for pair in made if pair.positive]
    assert {pair.query for pair in answered} == {question for _, question in text.questions()}
    assert [pair.query for pair in made if not pair.positive] == text.unanswered
    for pair in made:
        assert pair.negatives
        assert units.issuperset({pair.positive or pair.negatives[0], *pair.negatives})
        assert pair.positive not in pair.negatives
    file = tmp_path / "new" / "pairs.jsonl"
    assert write_pairs(made, file) == len(made)
    assert read_pairs(file, unanswered=True) == made
