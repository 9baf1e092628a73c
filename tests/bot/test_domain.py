"""The domain, the responses, the rules and the examples fit each other and the action server."""

import ast
import re

import pytest
from rasa.shared.utils.io import read_yaml_file

from textkit.language import LANGUAGES, detect_language
from textkit.settings import ROOT

DOMAIN = read_yaml_file(ROOT / "bot/domain/domain.yml")
RESPONSES = read_yaml_file(ROOT / "bot/domain/responses.yml")["responses"]
CHINESE = [{"type": "slot", "name": "language", "value": "zh"}]
SAME_IN_BOTH = {"utter_answer"}  # the documents' own words
INTENTS = {name if isinstance(name, str) else next(iter(name)) for name in DOMAIN["intents"]}
PAYLOAD = re.compile(r"/(\w+)(\{\{.*\}\})?")


def steps():
    files = (("rules", "rules/rules.yml"), ("rules", "rules/tasks.yml"), ("stories", "stories/stories.yml"))
    for kind, file in files:
        for story in read_yaml_file(ROOT / "bot/data" / file)[kind]:
            yield from story.get("condition", [])
            yield from story["steps"]


def classes():
    """Every class of the action server that ACTIONS names, with the name that rasa calls it by."""
    tree = ast.parse((ROOT / "actions/server.py").read_text(encoding="utf-8"))
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    files = {a.name: ROOT / f"{node.module.replace('.', '/')}.py" for node in imports for a in node.names}
    assigned = {ast.unparse(n.targets[0]): n.value for n in tree.body if isinstance(n, ast.Assign)}
    return {called(files[item.id], item.id) for item in assigned["ACTIONS"].elts}


def called(file, name):
    tree = ast.parse(file.read_text(encoding="utf-8"))
    made = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name)
    method = next(node for node in made.body if isinstance(node, ast.FunctionDef) and node.name == "name")
    return next(node.value.value for node in ast.walk(method) if isinstance(node, ast.Return))


def offered(variant):
    return [PAYLOAD.fullmatch(button["payload"])[1] for button in variant.get("buttons", [])]


@pytest.mark.parametrize("name", sorted(set(RESPONSES) - SAME_IN_BOTH))
def test_a_response_speaks_both_languages(name):
    english, chinese = RESPONSES[name]
    assert "condition" not in english
    assert chinese["condition"] == CHINESE
    assert detect_language(english["text"]) == "en"
    assert detect_language(chinese["text"]) == "zh"


@pytest.mark.parametrize("name", sorted(set(RESPONSES) - SAME_IN_BOTH))
def test_both_variants_say_the_same_things(name):
    english, chinese = RESPONSES[name]
    assert set(re.findall(r"\{\w+\}", english["text"])) == set(re.findall(r"\{\w+\}", chinese["text"]))
    intents = [
        [PAYLOAD.fullmatch(b["payload"])[1] for b in variant.get("buttons", [])] for variant in (english, chinese)
    ]
    assert intents[0] == intents[1]


def test_the_documents_own_words_are_not_translated():
    assert RESPONSES["utter_answer"] == [{"text": "{answer}"}]


def test_every_button_carries_an_intent_of_the_domain():
    buttons = [b for variants in RESPONSES.values() for v in variants for b in v.get("buttons", [])]
    assert len(buttons) >= 6
    assert {PAYLOAD.fullmatch(button["payload"])[1] for button in buttons} <= INTENTS


def test_the_domain_s_actions_are_those_of_the_action_server():
    assert set(DOMAIN["actions"]) == classes()


def test_the_responses_that_actions_utter_exist():
    source = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "actions").glob("*.py"))
    uttered = set(re.findall(r"\butter_\w+(?=\")", source)) - {"utter_message"}
    uttered |= {f"utter_feedback_{vote}" for vote in ("up", "down")}
    assert {"utter_answer", "utter_unknown", "utter_failed", "utter_handoff"} <= uttered <= set(RESPONSES)


def test_every_response_is_used():
    source = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "actions").glob("*.py"))
    used = {step["action"] for step in steps() if "action" in step} | set(re.findall(r"\butter_\w+", source))
    assert set(RESPONSES) - used <= {"utter_feedback_up", "utter_feedback_down", "utter_default"}


@pytest.mark.parametrize(
    ("key", "known"),
    [
        ("intent", INTENTS),
        ("action", {*DOMAIN["actions"], *DOMAIN["forms"], *RESPONSES}),
        ("slot_was_set", set(DOMAIN["slots"])),
    ],
)
def test_rules_and_stories_name_only_what_there_is(key, known):
    named = [step[key] for step in steps() if key in step]
    flat = {name for value in named for name in ([value] if isinstance(value, str) else [n for v in value for n in v])}
    assert flat
    assert flat <= known


def test_a_condition_names_a_value_that_its_slot_can_have():
    values = {(n, v) for step in steps() for item in step.get("slot_was_set", []) for n, v in item.items()}
    assert ("offer", "person") in values
    for name, value in values:
        assert value is None or value in DOMAIN["slots"][name]["values"]


def test_every_intent_has_a_rule():
    assert {step["intent"] for step in steps() if "intent" in step} == INTENTS


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_intent_that_is_typed_has_examples(language):
    intents = {item["intent"] for item in read_yaml_file(ROOT / f"bot/data/nlu/{language}.yml")["nlu"]}
    assert intents == INTENTS - {"choose", "feedback", "unclear", "upset"}  # buttons, and the bot's own words


def test_the_fallback_is_an_intent_and_its_action_exists():
    config = read_yaml_file(ROOT / "config.yml")
    classifier = next(c for c in config["pipeline"] if c["name"].endswith("EncoderIntentClassifier"))
    rules = next(p for p in config["policies"] if p["name"] == "RulePolicy")
    assert classifier["fallback_intent"] in INTENTS
    # Rasa's own: it says `utter_default` and waits, where an action of ours would be predicted again and again.
    assert rules["core_fallback_action_name"] == "action_default_fallback"
    assert "utter_default" in RESPONSES
