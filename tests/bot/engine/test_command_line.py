import json
from pathlib import Path

from tests.bot.engine.running import rasa


def test_train_writes_a_model(trained):
    folder, training = trained
    assert training.returncode == 0, training.stdout
    assert len(list((folder / "models").glob("*.tar.gz"))) == 1
    assert "Finished training component 'LogisticRegressionClassifier'" in training.stdout


def test_data_validate_accepts_the_bot(bot_folder: Path):
    validation = rasa(bot_folder, "data", "validate", "--fail-on-warnings")
    assert validation.returncode == 0, validation.stdout
    assert "No story structure conflicts found" in validation.stdout


def test_good_conversations_pass_and_reports_are_written(bot_folder: Path):
    run = rasa(bot_folder, "test", "--stories", "conversations", "--nlu", "data/nlu.yml", "--fail-on-prediction-errors")
    assert run.returncode == 0, run.stdout
    report = json.loads((bot_folder / "results/story_report.json").read_text())
    assert report["conversation_accuracy"]["accuracy"] == 1.0
    assert json.loads((bot_folder / "results/intent_report.json").read_text())["accuracy"] > 0.9
    for picture in ("story_confusion_matrix.png", "intent_confusion_matrix.png", "intent_histogram.png"):
        assert (bot_folder / "results" / picture).read_bytes().startswith(b"\x89PNG")


def test_a_wrong_conversation_fails_the_command(bot_folder: Path):
    run = rasa(bot_folder, "test", "core", "--stories", "wrong", "--fail-on-prediction-errors")
    assert run.returncode == 1, run.stdout
    assert "WrongPredictionException" in run.stdout
    assert "- action: utter_goodbye  # predicted: utter_greet" in run.stdout


def test_developers_can_type_intents_in_the_shell(bot_folder: Path):
    shell = rasa(bot_folder, "shell", "nlu", typed='/inform{"city": "Atlantis"}\n')
    assert shell.returncode == 0, shell.stdout
    parsed = json.loads(shell.stdout[shell.stdout.index("{\n") : shell.stdout.rindex("}") + 1])
    assert parsed["intent"] == {"name": "inform", "confidence": 1.0}
    assert parsed["entities"][0]["value"] == "Atlantis"
