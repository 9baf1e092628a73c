import json
import shutil

import pytest
from typer.testing import CliRunner

from finetune import promote as way
from finetune.export import AGREEMENT, Parity, table
from finetune.promote import compare, default_name, fallen, promote
from finetune.significance import McNemar
from frontdesk.cli import app
from tests.finetune.train.conftest import made_up
from textkit.errors import FrontdeskError
from textkit.registry import Registry, read_manifest
from textkit.settings import settings


@pytest.fixture
def registry(tmp_path):
    return Registry(tmp_path / "registry")


def comparison(**changed):
    values = {"texts": 100, "accuracy": 0.9, "accuracy_in_service": 0.8, "in_service": "old", "falls": {}}
    return way.Comparison(**{**values, "test": McNemar(15, 5, 0.04), **changed})


def test_better_beyond_noise_goes_into_service_and_comes_out_again(trained, registry):
    first = promote(trained, "intent-en", comparison(), "better", registry)
    assert registry.get("intent-en") == first
    assert read_manifest(first)["promoted"]["p"] == 0.04
    assert not [p for p in first.iterdir() if p.is_dir()]
    assert registry.history("intent-en")[0]["before"] is None
    assert registry.roll_back("intent-en") is None
    assert registry.find("intent-en") is None


def test_what_is_better_by_chance_or_for_some_only_stays_out():
    assert comparison().better
    assert "by chance" in comparison(test=McNemar(9, 5, 0.4)).objections()[0]
    assert "not better" in comparison(test=McNemar(5, 15, 0.04)).objections()[0]
    assert comparison(falls={"lost_card": 20.0}).objections() == ["Labels fall: lost_card by 20 points."]


def test_a_label_falls_when_enough_of_its_examples_say_so():
    labels, old = ["a"] * 20 + ["b"] * 5, [True] * 25
    new = [False] * 3 + [True] * 17 + [False] * 5
    assert fallen(labels, new, old, 10.0) == {"a": 15.0}
    assert fallen(labels, new, old, 15.0) == {}


def test_the_model_in_service_is_what_a_candidate_is_compared_with(trained, registry):
    promote(trained, "intent-en", None, "first", registry)
    found = compare(trained, made_up(8, 40), "intent-en", registry=registry)
    assert found.test.p == 1.0
    assert found.in_service.startswith("intent-en ")
    assert default_name(trained, made_up(2)) == "intent-en"


def test_without_a_model_in_service_the_base_as_it_came_is_it(trained, registry, tmp_path):
    copied = tmp_path / "copy"
    shutil.copytree(trained, copied)
    with pytest.raises(FrontdeskError, match="not where they were"):
        compare(copied, made_up(4, 40), "intent-en", registry=registry)
    files = {"train_file": tmp_path / "a.jsonl", "dev_file": tmp_path / "b.jsonl"}
    for file, examples in zip(files.values(), (made_up(24), made_up(8, 30)), strict=True):
        file.write_text("".join(json.dumps({"text": e.text, "label": e.label}) + "\n" for e in examples))
    manifest = read_manifest(copied) | {"about": {key: str(file) for key, file in files.items()}}
    (copied / "manifest.json").write_text(json.dumps(manifest))
    found = compare(copied, made_up(8, 40), "intent-en", registry=registry)
    assert found.in_service.startswith("the base as it came")
    assert found.accuracy >= found.accuracy_in_service


def test_a_changed_model_is_refused(trained, registry, tmp_path):
    copied = tmp_path / "copy"
    shutil.copytree(trained, copied)
    (copied / "intent.json").write_text("{}")
    with pytest.raises(FrontdeskError, match="not those that its manifest names"):
        promote(copied, "intent-en", None, "because", registry)


def test_int8_serves_only_where_it_answers_as_full_precision_does():
    assert Parity(1000, AGREEMENT, 0.9, 0.897).holds
    assert not Parity(1000, 0.98, 0.9, 0.9).holds
    assert not Parity(1000, 0.99, 0.9, 0.896).holds
    small = Parity(50, 0.96, 0.9, 0.88)
    assert small.holds
    assert "fewer than 200" in small.sentence()


def test_the_table_of_an_export_has_both_precisions_and_smaller_models(trained):
    rows = table(trained, made_up(8, 30), [trained])
    assert list(rows) == ["float32", "int8", "intent, 2 layers"]
    assert rows["float32"]["agreement"] == 1.0
    assert rows["int8"]["precision"] == "int8"


@pytest.fixture
def run(tmp_path, monkeypatch):
    """The command line on a registry of the test's own."""
    monkeypatch.setenv("FRONTDESK_MODELS_DIR", str(tmp_path / "models"))
    settings.cache_clear()
    yield lambda *words: CliRunner().invoke(app, [str(word) for word in words])
    monkeypatch.undo()
    settings.cache_clear()


def test_the_commands_promote_list_and_roll_back(trained, run, tmp_path):
    test = tmp_path / "test.csv"
    test.write_text("text,label\n" + "".join(f"{e.text},{e.label}\n" for e in made_up(8, 40)))
    assert isinstance(run("promote", trained, "--test", test).exception, FrontdeskError)  # nothing to compare it with
    assert run("promote", trained, "--test", test, "--force", "the first").exit_code == 0
    refused = run("promote", trained, "--test", test)
    assert refused.exit_code == 1
    assert "not better" in refused.stderr
    assert "intent-en" in run("models").stdout
    assert Registry().history("intent-en")[0]["reason"] == "the first"
    assert run("rollback", "intent-en").exit_code == 0
    assert Registry().find("intent-en") is None
    assert isinstance(run("promote", trained, "--test", test, "--force", " ").exception, FrontdeskError)
