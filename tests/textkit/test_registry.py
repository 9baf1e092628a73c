import json

import pytest

from textkit.errors import MissingArtefactError
from textkit.registry import Registry, digest_of, point, read_manifest, slug


def writer(content):
    return lambda folder: (folder / "model.onnx").write_text(content)


def test_a_published_model_is_found_with_its_manifest(tmp_path):
    registry = Registry(tmp_path)
    folder = registry.publish("hub/name", {"dimensions": 8}, writer("one"))
    assert registry.get("hub/name") == folder
    assert registry.manifest("hub/name") == {"name": "hub/name", "digest": digest_of(folder), "dimensions": 8}
    assert folder.parent.name == slug("hub/name") == "hub--name"


def test_a_new_version_takes_over_and_the_old_one_stays_on_disk(tmp_path):
    registry = Registry(tmp_path)
    old = registry.publish("m", {}, writer("one"))
    new = registry.publish("m", {}, writer("two"))
    assert registry.get("m") == new != old
    assert (old / "model.onnx").read_text() == "one"


def test_publishing_the_same_files_again_never_takes_the_model_away(tmp_path):
    registry = Registry(tmp_path)
    folder = registry.publish("m", {"max_length": 128}, writer("one"))
    before = (folder / "model.onnx").stat().st_ino
    assert registry.publish("m", {"max_length": 256}, writer("one")) == folder
    assert (folder / "model.onnx").stat().st_ino == before
    assert registry.manifest("m")["max_length"] == 256
    assert {p.name for p in folder.parent.iterdir()} == {folder.name, "current"}


def test_publishing_again_mends_a_damaged_model(tmp_path):
    registry = Registry(tmp_path)
    folder = registry.publish("m", {}, writer("one"))
    (folder / "model.onnx").write_text("broken")
    assert (registry.publish("m", {}, writer("one")) / "model.onnx").read_text() == "one"


def test_a_writer_that_fails_leaves_the_model_in_service(tmp_path):
    registry = Registry(tmp_path)
    folder = registry.publish("m", {}, writer("one"))

    def fail(draft):
        (draft / "model.onnx").write_text("half")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        registry.publish("m", {}, fail)
    assert registry.get("m") == folder
    assert {p.name for p in folder.parent.iterdir()} == {folder.name, "current"}


def test_a_model_that_is_not_there_is_named_with_the_command_that_makes_it(tmp_path):
    with pytest.raises(MissingArtefactError, match=r"'hub/name' is not in the registry .* `frontdesk train`"):
        Registry(tmp_path).get("hub/name")
    assert Registry(tmp_path).find("hub/name") is None


def test_a_manifest_that_is_not_json_is_an_error_that_names_the_file(tmp_path):
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(MissingArtefactError, match=r"manifest\.json cannot be read"):
        read_manifest(tmp_path)


def test_the_digest_depends_on_names_and_contents_alone(tmp_path):
    (tmp_path / "a").write_text("1")
    first = digest_of(tmp_path)
    (tmp_path / "manifest.json").write_text(json.dumps({"any": "thing"}))
    assert digest_of(tmp_path) == first
    (tmp_path / "a").rename(tmp_path / "b")
    assert digest_of(tmp_path) != first


def test_a_pointer_is_replaced_in_one_step(tmp_path):
    for name in ("one", "two"):
        point(tmp_path / "current", name)
    assert (tmp_path / "current").read_text() == "two\n"
    assert [p.name for p in tmp_path.iterdir()] == ["current"]


def test_the_default_registry_lies_in_the_models_folder(setting, tmp_path):
    setting("models_dir", tmp_path)
    assert Registry().root == tmp_path / "registry"


def test_what_was_in_service_before_comes_back_step_by_step(tmp_path):
    registry = Registry(tmp_path)
    first = registry.publish("m", {}, writer("one"))
    registry.record("m", None, "better", p=0.01)
    registry.publish("m", {}, writer("two"))
    registry.record("m", first, "better")
    assert registry.roll_back("m") == first == registry.get("m")
    assert registry.roll_back("m") is None
    assert registry.find("m") is None
    assert [row["reason"] for row in registry.history("m")] == ["better", "better", "rolled back", "rolled back"]
    assert registry.history("m")[0]["p"] == 0.01


def test_a_model_that_nobody_promoted_has_nothing_to_go_back_to(tmp_path):
    registry = Registry(tmp_path)
    registry.publish("hub/m", {}, writer("one"))
    assert registry.names() == ["hub/m"]
    assert registry.versions("hub/m") == [registry.get("hub/m")]
    with pytest.raises(MissingArtefactError, match="Nothing says what was in service before"):
        registry.roll_back("hub/m")
