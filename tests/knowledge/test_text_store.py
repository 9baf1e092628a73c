from knowledge import text_store
from knowledge.chunks import Passage, Unit, split_document
from knowledge.loaders import find_files, load_document


def test_everything_reads_back_in_its_order(library, tmp_path):
    documents = [load_document(path, base) for path, base in find_files([library])]
    passages = [p for d in documents for p in split_document(d)]
    folder = tmp_path / "50% off #1?"
    folder.mkdir()
    unanswered = [("en", "do you post labels?"), ("zh", "寄标签吗"), ("en", "or e-mail them?")]
    text_store.write(folder / "text.sqlite", documents, passages, unanswered)
    assert text_store.read(folder / "text.sqlite") == ({d.id: d for d in documents}, passages)
    assert text_store.read_unanswered(folder / "text.sqlite", "en") == ["do you post labels?", "or e-mail them?"]
    assert list(text_store.read(folder / "text.sqlite")[0]) == [d.id for d in documents]


def test_headers_leads_and_questions_are_kept(library, tmp_path):
    made = load_document(library / "en/returns.md", library)
    unit = Unit(0, 9, "row", ("Method", "价格"), "We need:", ('what"s it', "多少钱"))
    passage = Passage("p#0", made.id, ("Returns", "A / B"), 0, 9, (unit,))
    text_store.write(tmp_path / "t.sqlite", [made], [passage], [])
    assert text_store.read(tmp_path / "t.sqlite")[1] == [passage]
