import json
import os
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from typer.testing import CliRunner

from finetune.examples import Example, ExampleError
from finetune.export import trained_head, write_model
from finetune.intents.model import FITTED, TRAINED, IntentModel
from finetune.train.intent import Data, label_names, train_intent
from finetune.train.run import last_checkpoint
from finetune.train.settings import TrainSettings
from frontdesk.finetune import app
from tests.finetune.train.conftest import made_up
from textkit.classifier import read_head
from textkit.encoders import OnnxEncoder
from textkit.errors import FrontdeskError
from textkit.registry import digest_of, read_manifest
from textkit.settings import ROOT

FAST = TrainSettings(epochs=1, learning_rate=3e-3, batch=16)


def write_csv(file, examples):
    file.write_text("text,label\n" + "".join(f"{e.text},{e.label}\n" for e in examples))
    return file


def test_training_gives_a_model_that_serving_opens(trained):
    encoder = OnnxEncoder(trained)
    assert encoder.encode(["my card was stolen"]).shape == (1, 32)
    assert encoder.digest == digest_of(trained)
    model = IntentModel.load(trained)
    assert model.predict(["block card please", "refund money back"]) == ["lost_card", "refund_request"]
    assert abs(model.probabilities(["block card"]).sum() - 1) < 1e-5


def test_the_manifest_says_what_it_was_made_from(trained):
    manifest = read_manifest(trained)
    assert manifest["kind"] == "intent"
    assert manifest["data"]["train"] == 72
    assert manifest["data"]["labels"] == 3
    assert manifest["settings"]["few_shot"] is False
    assert manifest["figures"]["dev_accuracy"] > 0.9
    assert manifest["figures"]["parity"]["texts"] == 24
    card = (trained / "card.md").read_text()
    assert "CC0" in card
    assert "examples.csv" in card


def test_the_head_that_was_trained_is_kept_with_the_weights(trained):
    head, model = trained_head(trained / "weights"), IntentModel.load(trained)
    vectors = model.encoder.encode([e.text for e in made_up(8, 30)])
    found = [head.labels[n] for n in head.logits(vectors).argmax(axis=1)]
    assert np.mean([label == e.label for label, e in zip(found, made_up(8, 30), strict=True)]) > 0.7
    assert read_manifest(trained)["figures"]["head"] == model.head == FITTED


@pytest.mark.parametrize("joined", [False, True])
def test_a_trained_head_that_is_right_more_often_is_what_is_exported(trained, tmp_path, joined):
    shutil.copytree(trained / "weights", tmp_path / "weights")
    wrong = [Example(e.text, "lost_card" if e.label == "arrival" else e.label) for e in made_up(24)]
    learned = [*wrong[:40], *made_up(24)[40:], *made_up(2)]
    _, figures = write_model(tmp_path, learned, made_up(8, 30), few=False, joined=joined, outside=True)
    model = IntentModel.fit(OnnxEncoder(trained), made_up(2), made_up(2))
    kept = read_head(tmp_path / "head_meaning.safetensors", model.labels)
    network = trained_head(tmp_path / "weights")
    assert figures["head"] == TRAINED
    assert np.allclose(kept.weights / kept.weights.max(), network.weights / network.weights.max(), atol=1e-5)


def test_weights_without_a_head_and_few_examples_get_a_fitted_one(trained, tmp_path):
    shutil.copytree(trained / "weights", tmp_path / "weights")
    wrong = [Example(e.text, "lost_card" if e.label == "arrival" else e.label) for e in made_up(24)]
    learned = [*wrong[:40], *made_up(24)[40:], *made_up(2)]
    assert write_model(tmp_path, learned, made_up(8, 30), few=True)[1]["head"] == FITTED
    (tmp_path / "weights/head.json").unlink()
    assert write_model(tmp_path, learned, made_up(8, 30), few=False)[1]["head"] == FITTED


def test_nothing_in_a_model_is_a_pickle(trained):
    files = [p for p in trained.rglob("*") if p.is_file()]
    assert {p.suffix for p in files} == {".json", ".onnx", ".safetensors", ".md"}
    assert not (trained / "checkpoints").exists()


def test_a_trained_encoder_can_be_a_base_again_and_a_teacher_of_fewer_layers(trained, tmp_path):
    settings = TrainSettings(epochs=1, layers=1, teacher=str(trained), tensorboard=True)
    made = train_intent(made_up(6), None, str(trained / "weights"), tmp_path / "small", settings)
    assert json.loads((made / "weights/config.json").read_text())["num_hidden_layers"] == 1
    assert list((made / "tensorboard").iterdir())
    assert read_manifest(made)["data"]["dev_split_from_train"]


def test_few_examples_per_label_are_trained_in_the_few_shot_way():
    assert Data.of(made_up(20), made_up(2, 30), 0).few
    assert not Data.of(made_up(21), made_up(2, 30), 0).few
    assert Data.of(made_up(20), None, 0).train != made_up(20)


def test_a_label_of_words_is_an_example_of_itself():
    found = label_names([Example("x", "lost_card"), Example("x", "17"), Example("x", "退款")])
    assert found == [Example("lost card", "lost_card")]


def test_a_label_with_one_example_and_an_unknown_one_are_named(base, tmp_path):
    with pytest.raises(ExampleError, match="one example only of 'alone'"):
        train_intent([*made_up(3), Example("x", "alone")], None, base, tmp_path / "m")
    with pytest.raises(ExampleError, match="labels that the training examples lack: 'other'"):
        train_intent(made_up(3), [Example("x", "other")], base, tmp_path / "m")
    assert not (tmp_path / "m").exists()


def test_a_killed_training_goes_on_where_it_was(base, tmp_path):
    train, dev = write_csv(tmp_path / "a.csv", made_up(24)), write_csv(tmp_path / "b.csv", made_up(4, 30))
    options = ["intent", "--train", str(train), "--dev", str(dev), "--base", base, "--out", str(tmp_path / "m")]
    options += ["--epochs", "14", "--batch", "24", "--patience", "99", "--precision", "int8"]
    command = [sys.executable, "-m", "frontdesk", "finetune", *options]
    env = {**os.environ, "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    checkpoints = tmp_path / "m/checkpoints"
    limit = time.monotonic() + 90
    while not list(checkpoints.glob("checkpoint-*/trainer_state.json")):
        assert process.poll() is None
        assert time.monotonic() < limit
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    refused = CliRunner().invoke(app, options)
    assert isinstance(refused.exception, FrontdeskError)
    assert "--resume" in refused.exception.hint
    step = int(str(last_checkpoint(checkpoints)).rsplit("-", 1)[1])
    done = CliRunner().invoke(app, [*options, "--resume"])
    assert done.exit_code == 0, done.exception
    epochs = [line for line in done.stderr.splitlines() if "of 14" in line]
    assert len(epochs) == 14 - step // 3
    assert OnnxEncoder(tmp_path / "m").encode(["card"]).shape == (1, 32)
    assert not checkpoints.exists()


def test_a_half_written_checkpoint_is_taken_away(tmp_path):
    for step, whole in ((5, True), (10, False)):
        folder = tmp_path / f"checkpoint-{step}"
        folder.mkdir()
        for name in ("model.safetensors", "optimizer.pt", "scheduler.pt"):
            (folder / name).touch()
        (folder / "trainer_state.json").write_text("{}" if whole else '{"epoch')
    assert last_checkpoint(tmp_path) == str(tmp_path / "checkpoint-5")
    assert not (tmp_path / "checkpoint-10").exists()


def test_a_training_resumes_only_with_the_data_that_it_began_with(base, tmp_path):
    (tmp_path / "checkpoints").mkdir()
    (tmp_path / "checkpoints/run.json").write_text(json.dumps({"kind": "intent", "base": base}))
    with pytest.raises(FrontdeskError, match="begun with other .*data"):
        train_intent(made_up(3), None, base, tmp_path, TrainSettings(resume=True))


def test_a_model_is_not_written_over(trained, base):
    with pytest.raises(FrontdeskError, match="There is a model"):
        train_intent(made_up(3), None, base, trained, FAST)


def test_impossible_settings_are_named(base, tmp_path):
    with pytest.raises(FrontdeskError, match="epochs must be greater than 0, got -1"):
        TrainSettings(epochs=-1)
    with pytest.raises(FrontdeskError, match="between 1 and 2, got 3"):
        train_intent(made_up(3), None, base, tmp_path / "m", TrainSettings(layers=3))
