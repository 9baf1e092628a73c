import json
import threading

import pytest

from actions.services import services
from actions.store.models import Product
from knowledge.index import ingest
from tests.actions.conftest import configured
from tests.actions.small_shop import CHINESE, ENGLISH, write_documents
from tests.actions.store.test_models import PRODUCT
from textkit.errors import FrontdeskError, MissingArtefactError
from textkit.settings import settings


@pytest.fixture
def opened(own_models):
    made = services()
    made.database.upgrade()
    yield made
    made.database.close()


def test_there_is_one_of_everything(shop):
    assert services() is shop
    assert shop.answerer() is shop.answerer()


def test_without_an_index_the_command_is_named(opened):
    with pytest.raises(MissingArtefactError, match="There is no index.*frontdesk ingest"):
        opened.answerer()


def test_a_new_index_is_taken_up(opened, tmp_path):
    folder = write_documents(tmp_path / "documents")
    ingest([folder])
    before = opened.answerer()
    assert "30 days" in before.answer(ENGLISH).answer
    (folder / "en/returns.md").write_text(
        "# Returns\n\n## How long do I have to return something?\n\nYou have 45 days from delivery.\n", encoding="utf-8"
    )
    ingest([folder])
    after = opened.answerer()
    assert after is not before
    assert "45 days" in after.answer(ENGLISH).answer
    assert "30 天" in after.answer(CHINESE).answer
    assert opened.answerer() is after


def test_many_threads_open_one_answerer(shop):
    found = []
    threads = [threading.Thread(target=lambda: found.append(shop.answerer())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len({id(answerer) for answerer in found}) == 1


def test_the_glossary_is_the_business_s_and_the_catalogue_s(opened, tmp_path):
    folder = write_documents(tmp_path / "documents")
    (folder / "glossary.json").write_text(json.dumps({"pairs": [["diagnosis", "检测费"]]}), encoding="utf-8")
    ingest([folder])
    with opened.database.write() as session:
        session.add(Product(sku="EM-WREN1", name_en="Wren", name_zh="鹪鹩咖啡机", **PRODUCT))
    glossary = opened.answerer().glossary
    english, chinese = (
        str(glossary.translate(text, language))
        for text, language in (("a diagnosis of the Wren", "en"), ("鹪鹩咖啡机的检测费", "zh"))
    )
    assert "检测费" in english
    assert "鹪鹩咖啡机" in english
    assert "Wren" in chinese
    assert "diagnosis" in chinese


def test_an_index_of_another_encoder_is_refused(models, tmp_path):
    encoders = {"encoder_en": "lexical", "encoder_zh": "lexical", "knowledge_encoder_en": ""}
    with configured(models_dir=models, database_url=f"sqlite:///{tmp_path}/shop.db", **encoders):
        made = services()
        made.database.upgrade()
        with pytest.raises(FrontdeskError, match="another en encoder than 'lexical'"):
            made.answerer()
        made.database.close()


def test_an_index_that_cannot_be_opened_leaves_the_one_in_service(opened, tmp_path, monkeypatch, caplog):
    folder = write_documents(tmp_path / "documents")
    ingest([folder])
    before = opened.answerer()
    (folder / "en/new.md").write_text("# New\n\nSomething new is here.\n", encoding="utf-8")
    version = ingest([folder]).version
    (settings().path(settings().models_dir) / "index" / version / "manifest.json").write_text("{}", encoding="utf-8")
    assert opened.answerer() is before
    assert "The new index cannot be opened" in caplog.text
    assert "30 days" in opened.answerer().answer(ENGLISH).answer
