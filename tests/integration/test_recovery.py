import os
import re
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.integration.conftest import Frontdesk, assert_clean_end

QUESTIONS = {"en": ("How long is the warranty on the Bastion?", "5 years"), "zh": ("堡垒拉杆机保修多久", "5 年")}
APOLOGIES = {
    "en": re.compile(r"something went wrong on our side\. .* your reference is (E-[0-9A-F]{8})\."),
    "zh": re.compile(r"我们这边出了点问题，请稍后再试。参考编号：(E-[0-9A-F]{8})。"),
}


@pytest.fixture(scope="module")
def shaken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Frontdesk]:
    """A server of this module's own, since its parts get killed."""
    running = Frontdesk(tmp_path_factory.mktemp("shaken"))
    running.start()
    yield running
    assert_clean_end(running)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_killed_action_server_is_waited_for(shaken: Frontdesk, language: str):
    question, expected = QUESTIONS[language]
    customer, seen = shaken.conversation(), len(shaken.log())
    os.kill(shaken.server("actions"), signal.SIGKILL)
    assert expected in customer.say(question)[0]["text"]
    assert "actions ended (signal SIGKILL); starting it again" in shaken.log()[seen:]


def test_an_action_server_that_stays_away_means_an_apology_with_a_reference(shaken: Frontdesk):
    customers, seen = {language: shaken.conversation() for language in QUESTIONS}, len(shaken.log())
    with shaken.nothing_is_restarted(), ThreadPoolExecutor() as pool:
        os.kill(shaken.server("actions"), signal.SIGKILL)
        said = {language: pool.submit(customer.say, QUESTIONS[language][0]) for language, customer in customers.items()}
        replies = {language: waiting.result() for language, waiting in said.items()}
    for language, apology in APOLOGIES.items():
        found = [apology.search(reply["text"]) for reply in replies[language]]
        assert len(found) == 1
        assert found[0]
        shaken.wait_for_log(found[0][1], after=seen)
    shaken.wait_for_log("listening on", after=seen)
    for language, (question, expected) in QUESTIONS.items():
        assert expected in customers[language].say(question)[0]["text"]


def test_a_killed_rasa_server_comes_back_with_its_conversations(shaken: Frontdesk):
    customer, seen = shaken.conversation(), len(shaken.log())
    customer.say("How long is the warranty on the Forge?")
    os.kill(shaken.server("bot.engine"), signal.SIGKILL)
    assert "5 years" in customer.say_until_answered("and on the Bastion?")[0]["text"]
    assert "rasa ended (signal SIGKILL); starting it again" in shaken.log()[seen:]
    assert customer.said() == ["How long is the warranty on the Forge?", "and on the Bastion?"]


def test_a_new_start_keeps_the_conversation(shaken: Frontdesk):
    customer = shaken.conversation()
    customer.say("你好")
    customer.say("How long is the warranty on the Forge?")
    before = shaken.events(customer.id)
    assert_clean_end(shaken)
    shaken.start()
    assert shaken.events(customer.id) == before
    assert "5 years" in customer.say("and on the Bastion?")[0]["text"]
    assert "Bastion" in customer.say("say that again please")[0]["text"]
    assert customer.vote("up")[0]["text"] == "Thank you, I’m glad that helped."
    assert [row["question"] for row in shaken.rows("feedback", customer.id)] == ["and on the Bastion?"]
