"""From what nobody understood to an intent: conversations out, cleaned, compared, labelled, trained, understood."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.integration.conftest import COMMAND, Frontdesk
from textkit.settings import ROOT

ASKED = {
    "en": [
        "are you hiring at the moment?",
        "do you have any job openings",
        "I'd love to work in one of your shops",
        "how do I apply for a job with you",
        "any vacancies for baristas?",
        "where do I send my CV",
        "is there a careers page",
        "looking for part time work, do you need anyone",
        "can I apply for a summer job, my name is Peter Lindqvist",
        "do you take on apprentices",
        "are there open positions in your warehouse",
        "who do I talk to about working for you",
    ],
    "zh": [
        "你们现在招人吗",
        "请问有什么职位在招聘",
        "我想去你们门店上班",
        "怎么投简历",
        "你们招咖啡师吗",
        "简历发到哪个邮箱",
        "有没有招聘页面",
        "想找份兼职，你们缺人吗",
        "暑假工还招不招，我叫王晓梅",
        "你们收学徒吗",
        "仓库那边还有岗位吗",
        "应聘找谁联系",
    ],
}
UNSEEN = {"en": "I would like to apply for a job in your shop", "zh": "请问你们店里还招聘兼职吗"}
INTENT = "job_application"
EXAMPLES = 25  # of each intent that is there already: enough to tell them apart, and trained in seconds


@pytest.fixture(scope="module")
def exported(frontdesk: Frontdesk, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The conversations of customers who ask for what the bot has no intent for."""
    folder = tmp_path_factory.mktemp("learning")
    for texts in ASKED.values():
        for start in range(0, len(texts), 4):
            customer = frontdesk.conversation()
            for text in texts[start : start + 4]:
                customer.say(text)
    environment = {"FRONTDESK_CONVERSATIONS_URL": f"sqlite:///{frontdesk.trackers}"}
    run(folder, "conversations", "export", "--out", "ours.jsonl", **environment)
    lines = (folder / "ours.jsonl").read_text(encoding="utf-8").splitlines()
    asked = {text for texts in ASKED.values() for text in texts}
    ours = [line for line in lines if any(turn["text"] in asked for turn in json.loads(line)["turns"])]
    (folder / "ours.jsonl").write_text("\n".join(ours) + "\n", encoding="utf-8")
    return folder


def run(folder: Path, *arguments: str, **environment: str) -> str:
    """A `frontdesk` command in `folder`; what it prints."""
    inherited = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    made = subprocess.run(
        [*COMMAND, *arguments], cwd=folder, env=inherited, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stdout + made.stderr
    return made.stdout


def few_examples(target: Path) -> None:
    """The training examples of the shop, cut down."""
    target.mkdir()
    for file in sorted((ROOT / "bot/data/nlu").glob("*.yml")):
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        for block in content["nlu"]:
            block["examples"] = "\n".join(str(block["examples"]).splitlines()[:EXAMPLES]) + "\n"
        (target / file.name).write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def test_from_unanswered_to_understood(exported: Path):
    folder = exported
    run(folder, "chats", "import", "ours.jsonl", "--out", "chats.jsonl")
    run(folder, "chats", "clean", "chats.jsonl", "--out", "clean.jsonl", "--report", "report.json")
    clean = (folder / "clean.jsonl").read_text(encoding="utf-8")
    assert "[NAME]" in clean
    assert "Lindqvist" not in clean
    assert "王晓梅" not in clean

    run(folder, "drift", "--messages", "clean.jsonl", "--json", "drift.json")
    drift = json.loads((folder / "drift.json").read_text(encoding="utf-8"))
    assert drift["verdict"] == "moved far"
    assert drift["measures"]["outside"]["recent"] > drift["measures"]["outside"]["known"]

    few_examples(folder / "nlu")
    run(folder, "label", "suggest", "clean.jsonl", "--smallest", "3", "--out", "labels.yml", "--nlu", "nlu")
    sheet = yaml.safe_load((folder / "labels.yml").read_text(encoding="utf-8"))
    assert sum(len(cluster["messages"]) for cluster in sheet["clusters"]) + len(sheet["singles"]) >= 20
    for cluster in sheet["clusters"]:  # what a person does in the file
        cluster |= {"intent": INTENT, "accept": True}
    for single in sheet["singles"]:
        single["intent"] = INTENT
    (folder / "labels.yml").write_text(yaml.safe_dump(sheet, allow_unicode=True), encoding="utf-8")
    run(folder, "label", "write", "labels.yml", "--nlu", "nlu")
    written = {lang: (folder / "nlu" / f"{lang}.yml").read_text(encoding="utf-8") for lang in ASKED}
    assert all(len(re.findall(rf"intent: {INTENT}\b", text)) == 1 for text in written.values())

    (folder / "models").mkdir()
    (folder / "models/registry").symlink_to(ROOT / "models/registry")
    models = {"FRONTDESK_MODELS_DIR": str(folder / "models")}
    before = {lang: json.loads(run(folder, "explain", text, "--json")) for lang, text in UNSEEN.items()}
    assert all(found["route"] == "to the documents" for found in before.values())
    run(folder, "rasa", "train", "nlu", "--nlu", str(folder / "nlu"), "--out", str(folder / "models/rasa"), **models)
    for text in UNSEEN.values():
        found = json.loads(run(folder, "explain", text, "--json", **models))
        assert found["intents"][0]["name"] == INTENT
