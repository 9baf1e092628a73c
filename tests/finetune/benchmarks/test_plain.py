from finetune.benchmarks.plain import taught_less
from knowledge.answerer import Answerer
from knowledge.index import ingest, open_index


def test_the_same_documents_are_indexed_without_their_questions(answerer, lexical):
    with taught_less(answerer, "plain") as plain:
        assert plain.index.documents == answerer.index.documents
        assert all(own.text.questions() == [] and not own.adapted for own in plain.index.languages.values())
        assert plain.glossary is answerer.glossary
        assert plain.answer("The return label costs how much?", "en").language == "en"
    assert answerer.index.languages["en"].adapted


def test_a_library_of_single_files_is_copied_as_well(answerer, lexical, tmp_path):
    (tmp_path / "hours.md").write_text("# Hours\n\nWe open at nine.")
    ingest([tmp_path / "hours.md"], tmp_path / "index")
    with taught_less(Answerer(open_index(tmp_path / "index"), answerer.glossary), "plain") as plain:
        assert [d.source for d in plain.index.documents.values()] == ["hours.md"]
