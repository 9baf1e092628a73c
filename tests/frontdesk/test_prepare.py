import json
import shutil
import sys

import pytest

from frontdesk import prepare
from knowledge.index import current_version, ingest
from tests.actions.small_shop import ENCODER, write_documents
from textkit.errors import DocumentError
from textkit.registry import MANIFEST, Registry
from textkit.settings import settings


def test_an_encoder_that_is_there_is_left_alone(in_process):
    said = []
    prepare.make_encoders(said.append)
    assert said == []


@pytest.mark.parametrize("fault", ["missing", "damaged", "of another format"])
def test_an_encoder_is_built_when_missing_or_unfit(own_models, in_process, models, fault):
    registry = own_models / "registry"
    registry.unlink()
    if fault != "missing":
        shutil.copytree(models / "registry", registry)
    if fault == "damaged":
        (Registry().get(ENCODER) / "tokenizer.json").write_text("{}", encoding="utf-8")
    if fault == "of another format":
        manifest = Registry().get(ENCODER) / MANIFEST
        manifest.write_text(json.dumps({**json.loads(manifest.read_text(encoding="utf-8")), "format": 1}))
    said = []
    prepare.make_encoders(said.append)
    assert said == [f"building the encoder {ENCODER}"]
    assert Registry().manifest(ENCODER)["digest"] == Registry(models / "registry").manifest(ENCODER)["digest"]
    assert (Registry().get(ENCODER) / "tokenizer.json").stat().st_size > 1000


def test_a_promoted_encoder_is_read_in_the_format_that_it_has(own_models, in_process, models):
    registry = own_models / "registry"
    registry.unlink()
    shutil.copytree(models / "registry", registry)
    manifest = Registry().get(ENCODER) / MANIFEST
    kept = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps({**kept, "format": 1, "promoted": {"reason": "better"}}))
    said = []
    prepare.make_encoders(said.append)
    assert said == []


def test_the_index_follows_its_own_documents(own_models, in_process, tmp_path):
    folder = write_documents(tmp_path / "documents")
    ingest([folder])
    version = current_version()
    assert not prepare.make_index(lambda line: None).changed
    (folder / "en/new.md").write_text("# New\n\nSomething new is here.\n", encoding="utf-8")
    made = prepare.make_index(lambda line: None)
    assert (made.changed, made.documents) == (True, 7)
    assert current_version() == made.version != version


def test_without_an_index_the_library_of_the_settings_is_read(own_models, in_process, monkeypatch, tmp_path):
    monkeypatch.setenv("FRONTDESK_LIBRARY_DIR", str(write_documents(tmp_path / "library")))
    settings.cache_clear()
    said = []
    assert prepare.make_index(said.append).documents == 6
    assert any("indexing 3 documents in zh" in line for line in said)


def test_a_library_that_is_not_there_is_named(own_models, in_process, monkeypatch, tmp_path):
    monkeypatch.setenv("FRONTDESK_LIBRARY_DIR", str(tmp_path / "nowhere"))
    settings.cache_clear()
    with pytest.raises(DocumentError, match="nowhere does not exist"):
        prepare.make_index(lambda line: None)


def test_the_dialogue_model_depends_on_what_it_is_made_from(in_process, monkeypatch):
    before = prepare._inputs_digest()
    assert prepare._inputs_digest() == before
    monkeypatch.setenv("FRONTDESK_ENCODER_EN", "lexical")
    settings.cache_clear()
    assert prepare._inputs_digest() != before


def test_what_has_changed_since_the_checkout_is_validated_before_it_is_trained(own_models, in_process, monkeypatch):
    folder = own_models / "rasa"
    model = f"import pathlib; pathlib.Path({str(folder)!r}, 'model.tar.gz').touch()"
    trainings = []

    def command(words):
        trainings.append(words)
        return [sys.executable, "-c", model]

    folder.unlink(missing_ok=True)
    folder.mkdir()
    monkeypatch.setattr(prepare, "rasa_command", command)
    said = []
    assert prepare.make_dialogue_model(said.append, as_shipped=True)
    assert not prepare.make_dialogue_model(said.append, as_shipped=True)
    monkeypatch.setenv("FRONTDESK_ENCODER_EN", "lexical")
    settings.cache_clear()
    assert prepare.make_dialogue_model(said.append, as_shipped=True)
    assert trainings == [["train", "--skip-validation"], ["train"]]
