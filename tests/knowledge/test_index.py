import json
import shutil

import numpy as np
import pytest

from knowledge import index as module
from knowledge.index import current_version, ingest, open_index
from knowledge.retriever import retrieve
from tests.knowledge.conftest import MINILM
from tests.knowledge.small_library import TEXTS, configured
from textkit.encoders import encoder_digest
from textkit.errors import DocumentError, FrontdeskError, MissingArtefactError


@pytest.fixture
def lexical(models_dir):
    """Both languages by the encoder that needs no model: quick to index."""
    with configured(models_dir=models_dir, encoder_en="lexical", knowledge_encoder_en="", encoder_zh="lexical"):
        yield models_dir / "index"


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "documents"
    for name in ("en/returns.md", "zh/returns.md"):
        (made / name).parent.mkdir(parents=True)
        (made / name).write_text(TEXTS[name], encoding="utf-8")
    return made


def versions(root):
    return sorted(p.name for p in root.iterdir() if p.is_dir())


def test_an_index_holds_every_document_and_says_what_it_was_made_from(index, library, registry):
    assert len(index.documents) == 9
    assert set(index.languages) == {"en", "zh"}
    assert index.manifest["origin"] == [str(library)]
    assert index.manifest["encoders"]["zh"] == encoder_digest("intfloat/multilingual-e5-small", registry)
    assert len(index.manifest["encoders"]["en"]) == 64
    assert index.manifest["passages"] == sum(len(own.text.passages) for own in index.languages.values())


def test_nothing_in_an_index_is_a_pickle(index, registry):
    files = [p for p in (registry.root.parent / "index").rglob("*") if p.is_file()]
    assert {p.suffix for p in files} <= {"", ".json", ".sqlite", ".faiss", ".npy", ".safetensors"}
    for file in files:
        assert not file.read_bytes().startswith(b"\x80")
        if file.suffix == ".npy":
            np.load(file, allow_pickle=False)


@pytest.mark.usefixtures("lexical")
def test_an_unchanged_run_does_nothing(folder):
    first = ingest([folder])
    again = ingest([folder])
    assert (first.changed, again.changed) == (True, False)
    assert (again.version, again.documents, again.passages) == (first.version, first.documents, first.passages)


@pytest.mark.parametrize("change", ["content", "name", "questions", "encoder"])
def test_whatever_the_index_depends_on_makes_a_new_one(folder, lexical, change):
    first = ingest([folder])
    settings = {
        "models_dir": lexical.parent,
        "encoder_en": "lexical",
        "knowledge_encoder_en": "",
        "encoder_zh": "lexical",
    }
    if change == "content":
        (folder / "en/returns.md").write_text("# Returns\n\nYou have 40 days.", encoding="utf-8")
    elif change == "name":
        (folder / "en/returns.md").rename(folder / "en/back.md")
    elif change == "questions":
        row = {"document": "returns.md", "quote": "Faulty goods travel free.", "questions": ["broken, who pays?"]}
        (folder / "en/questions.jsonl").write_text(json.dumps(row))
    else:
        settings["encoder_en"] = MINILM
    with configured(**settings):
        again = ingest([folder])
        assert (again.changed, again.version != first.version) == (True, True)
        assert open_index().version == again.version


def test_versions_are_swapped_in_and_the_last_three_kept(folder, lexical):
    made = []
    for days in range(5):
        (folder / "en/returns.md").write_text(f"# Returns\n\nYou have {days} days to return goods.", encoding="utf-8")
        made.append(ingest([folder]).version)
        assert current_version() == made[-1]
        hit = retrieve(open_index().languages["en"], "days to return").hits[0]
        assert f"{days} days" in open_index().documents[hit.passage.document_id].text
    assert versions(lexical) == sorted(made[-3:])


def test_an_open_index_goes_on_while_others_take_its_place(folder, lexical):
    ingest([folder])
    opened = open_index()
    shutil.rmtree(lexical / opened.version)
    assert retrieve(opened.languages["zh"], "退货期限").hits


def test_a_damaged_file_is_reported_by_name_and_the_rest_is_kept(folder, lexical):
    (folder / "en/broken.pdf").write_bytes(b"%PDF-1.4 no")
    (folder / "empty.md").write_text(" \n")
    said = []
    done = ingest([folder], report=said.append)
    assert [e.message.split()[0] for e in done.failures] == ["empty.md", "en/broken.pdf"]
    assert sum("left out" in line and ("empty.md" in line or "broken.pdf" in line) for line in said) == 2
    assert done.documents == len(open_index().documents) == 2


def test_when_every_file_fails_the_old_index_stays(folder, lexical, tmp_path):
    before = ingest([folder]).version
    (empty := tmp_path / "empty").mkdir()
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad/a.pdf").write_bytes(b"no")
    with pytest.raises(DocumentError, match=r"None of the documents could be read.*a\.pdf"):
        ingest([tmp_path / "bad"])
    with pytest.raises(DocumentError, match="no document under"):
        ingest([empty])
    assert open_index().version == before
    assert versions(lexical) == [before]


def test_a_run_that_breaks_leaves_no_trace(folder, lexical, monkeypatch):
    before = ingest([folder]).version
    (folder / "en/returns.md").write_text("# Returns\n\nOther text here.", encoding="utf-8")

    def no_space(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr(module.text_store, "write", no_space)
    with pytest.raises(OSError, match="no space left"):
        ingest([folder])
    assert open_index().version == before
    assert sorted(p.name for p in lexical.iterdir()) == sorted([before, "current"])


@pytest.mark.usefixtures("lexical")
def test_attached_questions_that_found_no_place_are_reported(folder):
    rows = [
        {"document": "returns.md", "quote": "You have 90 days", "questions": ["how long"]},
        {"document": "gone.md", "quote": "x", "questions": ["y"]},
        {"document": "returns.md", "quote": "Faulty goods travel free.", "questions": ["broken, who pays?"]},
    ]
    (folder / "en/questions.jsonl").write_text("\n".join(map(json.dumps, rows)))
    said = []
    ingest([folder], report=said.append)
    assert [line for line in said if "attached" in line] == [
        "attached questions for a document that is not there: en/gone.md",
        "attached questions whose quote is not in the document any more: en/returns.md: 'You have 90 days'",
    ]
    assert [q for _, q in open_index().languages["en"].text.questions()] == ["broken, who pays?"]


def test_an_index_of_another_encoder_is_refused(folder, models_dir):
    ingest([folder])
    with (
        configured(models_dir=models_dir, encoder_en="lexical", knowledge_encoder_en="", encoder_zh="lexical"),
        pytest.raises(FrontdeskError, match="another en encoder"),
    ):
        open_index()
    assert open_index().languages["en"].parts.pretrained


@pytest.mark.usefixtures("lexical")
def test_an_index_of_another_format_is_refused_and_made_again(folder, monkeypatch):
    ingest([folder])
    monkeypatch.setattr(module, "FORMAT", module.FORMAT + 1)
    with pytest.raises(MissingArtefactError, match=r"older format.*frontdesk ingest"):
        open_index()
    assert ingest([folder]).changed
    assert open_index()


def test_without_an_index_the_command_that_makes_one_is_named(models_dir):
    with pytest.raises(MissingArtefactError, match=r"There is no index in .*frontdesk ingest"):
        open_index()
    assert current_version() is None
    (models_dir / "index").mkdir()
    (models_dir / "index/current").write_text("20260101-000000-gone\n")
    with pytest.raises(MissingArtefactError, match=r"manifest\.json"):
        open_index()


@pytest.mark.usefixtures("lexical")
def test_a_library_of_one_language_or_of_one_sentence_is_served(folder, tmp_path):
    ingest([folder / "zh"])
    assert list(open_index().languages) == ["zh"]
    (tmp_path / "one.md").write_text("Closed.")
    ingest([tmp_path / "one.md"])
    assert len(retrieve(open_index().languages["en"], "open?").hits) == 1
    (tmp_path / "one.md").write_text("# A heading alone\n")
    assert ingest([tmp_path / "one.md"]).passages == 0
    assert open_index().languages == {}
