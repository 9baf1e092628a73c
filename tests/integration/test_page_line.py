"""The widget's line to the server: lost and found again, refused, doubled; and what a person on the other side does."""

import json
import os
import re
import signal
import urllib.request
import uuid
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, WebSocketRoute, expect

from tests.integration.browsing import Visitor, Visits, needs_chromium, said
from tests.integration.conftest import Frontdesk

pytestmark = needs_chromium
QUESTION, ANSWER = "How long do you keep invoices?", "6 years"
STATE = ".customer .delivery"


def delivery(visitor: Visitor) -> list[str]:
    return [text for text in visitor.chat.locator(STATE).all_inner_texts() if text]


def test_what_is_written_without_a_network_goes_out_once_when_it_is_back(visits: Visits):
    visitor = visits().open()
    visitor.ask("hello there")
    context = visitor.page.context
    context.set_offline(True)
    visitor.say(QUESTION)
    visitor.say("How long is the warranty on the Bastion?")
    expect(visitor.own).to_have_count(3)
    assert delivery(visitor) == ["Waiting for the connection"] * 2
    expect(visitor.chat.locator(".banner")).to_contain_text("No connection")
    context.set_offline(False)
    expect(visitor.replies.last).to_contain_text("5 years", timeout=20_000)
    expect(visitor.chat.locator(".pending")).to_have_count(0)
    assert said(visits.frontdesk, visitor.session) == [
        "hello there",
        QUESTION,
        "How long is the warranty on the Bastion?",
    ]


def test_what_waits_outlives_a_reload(visits: Visits):
    page = visits.context().new_page()
    cut: list[bool] = []
    page.route(re.compile("/api/"), lambda route: route.abort() if cut else route.continue_())
    page.route_web_socket(re.compile("/api/socket"), lambda route: route.close() if cut else route.connect_to_server())
    page.goto(visits.frontdesk.url)
    visitor = Visitor(page).open()
    visitor.ask("hello there")
    cut.append(True)
    page.reload()
    visitor.say(QUESTION)
    expect(visitor.chat.locator(".pending")).to_have_count(1)
    cut.clear()
    page.reload()
    expect(visitor.replies.last).to_contain_text(ANSWER, timeout=20_000)
    expect(visitor.chat.locator(".pending")).to_have_count(0)
    assert said(visits.frontdesk, visitor.session) == ["hello there", QUESTION]


def test_where_no_socket_opens_plain_requests_do(visits: Visits):
    page = visits.context().new_page()
    tries: list[WebSocketRoute] = []
    page.route_web_socket(re.compile("/api/socket"), lambda route: (tries.append(route), route.close())[1])
    page.goto(visits.frontdesk.url)
    visitor = Visitor(page).open()
    visitor.say(QUESTION)
    expect(visitor.replies.last).to_contain_text(ANSWER, timeout=20_000)
    assert len(tries) == 2
    visitor.ask("and in China?")
    assert delivery(visitor) == []
    page.reload()
    expect(visitor.own).to_have_count(2, timeout=20_000)
    assert said(visits.frontdesk, visitor.session) == [QUESTION, "and in China?"]


def test_a_message_that_was_accepted_twice_is_said_once(visits: Visits):
    """The server's word gets lost, the line breaks, the message goes out again."""
    visitor, stage = visits.staged()
    visitor.open()
    visitor.ask("hello there")
    sent = len(stage.heard)
    visitor.say(QUESTION)
    visitor.answered(2)
    message = next(frame for frame in stage.heard[sent:] if frame["type"] == "message")
    visitor.page.evaluate(
        """(message) => {
            const chat = document.querySelector("frontdesk-chat");
            chat.line.outbox.add({ ...message, at: Date.now() / 1000, state: "waiting" });
            chat.line.deliver();
        }""",
        message,
    )
    expect(visitor.chat.locator(".pending")).to_have_count(0)
    expect(visitor.own).to_have_count(2)
    expect(visitor.replies).to_have_count(3)
    assert said(visits.frontdesk, visitor.session) == ["hello there", QUESTION]


def test_a_refused_message_can_be_sent_again(visit: Visits):
    visitor, stage = visit.staged()
    visitor.open()
    visitor.ask("hello there")
    stage.mute = lambda frame: frame["type"] == "message"
    visitor.say(QUESTION)
    expect(visitor.chat.locator(STATE).last).to_have_text("Sending …")
    stage.tell(type="error", code="too_many_messages", id=stage.heard[-1]["id"])
    again = visitor.button(re.compile("That was rather fast"))
    expect(visitor.own.last).to_have_class(re.compile("failed"))
    stage.mute = lambda frame: False
    visitor.press(again)
    expect(visitor.replies.last).to_contain_text(ANSWER)
    expect(visitor.chat.locator(".failed")).to_have_count(0)


def test_a_button_of_a_conversation_that_has_expired_says_its_title(visit: Visits):
    visitor, stage = visit.staged()
    visitor.open()
    visitor.ask("hello there")
    stage.show({"text": "Which one?", "buttons": [{"id": "m-00000001/0/0", "title": QUESTION}]})
    expect(visitor.press(visitor.button(QUESTION))).to_contain_text(ANSWER)
    expect(visitor.own.last).to_contain_text(QUESTION)


def test_an_expired_session_goes_on_in_a_new_one(visit: Visits):
    visitor = visit().open()
    visitor.ask("hello there")
    visitor.page.evaluate("localStorage.setItem(`frontdesk ${location.origin} token`, '\"expired\"')")
    visitor.page.reload()
    expect(visitor.chat.locator(".banner")).to_contain_text("has expired")
    expect(visitor.own).to_have_count(0)
    expect(visitor.ask(QUESTION)).to_contain_text(ANSWER)


def test_a_person_takes_over(visit: Visits):
    visitor, stage = visit.staged()
    visitor.open()
    visitor.ask("hello there")
    stage.tell(type="operator", name="Mia")
    stage.show(
        {"from": "system", "event": "operator_joined", "name": "Mia", "id": "p-1"},
        {"from": "operator", "name": "Mia", "text": "Hi, I have **your order** here.", "id": "p-2"},
    )
    expect(visitor.chat.locator(".who")).to_have_text("Mia is here for you")
    expect(visitor.chat.locator(".event")).to_have_text("Mia has joined the conversation")
    expect(visitor.chat.locator(".operator .name")).to_have_text("Mia")
    expect(visitor.chat.locator(".operator strong")).to_have_text("your order")
    stage.tell(type="typing", on=True, **{"from": "operator"})
    expect(visitor.chat.locator(".who")).to_have_text("Mia is typing")
    expect(visitor.chat.locator(".typing")).to_be_visible()
    stage.tell(type="operator", name=None)
    expect(visitor.chat.locator(".who")).to_have_text("Assistant, answers at once")


def event(visits: Visits, conversation: str, **body: str) -> None:
    """What the business's side does in a conversation, over the real servers."""
    request = urllib.request.Request(
        f"{visits.frontdesk.url}/internal/conversations/{conversation}/events",
        json.dumps({"id": uuid.uuid4().hex, "name": "Mia", **body}).encode(),
        {"Authorization": f"Bearer {visits.frontdesk.action_secret}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.status == 200


def test_a_person_s_reply_comes_at_once_and_stays(visit: Visits):
    visitor = visit().open()
    visitor.ask("hello there")
    event(visit, visitor.session, event="operator_joined")
    expect(visitor.chat.locator(".who")).to_have_text("Mia is here for you")
    visitor.say("Are you a real person?")  # the bot keeps silent
    event(visit, visitor.session, event="operator_message", text="Yes, I am.")
    expect(visitor.chat.locator(".operator .bubble")).to_contain_text("Yes, I am.", timeout=2000)
    expect(visitor.replies).to_have_count(2)
    expect(visitor.chat.locator(".typing")).to_be_hidden()
    before = visitor.chat.locator(".entries").inner_text()
    visitor.page.reload()
    expect(visitor.chat.locator(".who")).to_have_text("Mia is here for you")
    expect(visitor.chat.locator(".operator .bubble")).to_contain_text("Yes, I am.")
    assert visitor.chat.locator(".entries").inner_text() == before
    event(visit, visitor.session, event="operator_left")
    expect(visitor.chat.locator(".who")).to_have_text("Assistant, answers at once")
    expect(visitor.ask(QUESTION)).to_contain_text(ANSWER)


def test_unread_messages_are_counted_and_then_read(visit: Visits):
    visitor, stage = visit.staged()
    visitor.open()
    visitor.ask("hello there")
    title = visitor.page.title()
    visitor.page.keyboard.press("Escape")
    stage.show({"text": "One", "id": "told-1/0"}, {"from": "operator", "name": "Mia", "text": "Two", "id": "p-2"})
    expect(visitor.chat.locator(".badge")).to_have_text("2")
    expect(visitor.launcher).to_have_attribute("aria-label", "Open the chat, unread messages: 2")
    assert visitor.page.title() == f"(2) {title}"
    visitor.open()
    expect(visitor.chat.locator(".badge")).to_be_hidden()
    assert visitor.page.title() == title


CARDS = [
    {
        "kind": "product",
        "title": f"Forge {number}",
        "subtitle": "58 mm",
        "price": "£649.00",
        "was": "£699.00",
        "status": "in_stock",
        "url": "/products/EM-FORGE",
        "lines": [{"label": "Warranty", "value": "5 years"}],
        "buttons": [{"id": f"m-00000001/0/{number}", "title": f"Is number {number} in stock?"}],
    }
    for number in range(4)
]


def test_cards_stand_side_by_side(visit: Visits):
    visitor, stage = visit.staged()
    visitor.open()
    visitor.ask("hello there")
    stage.show({"text": "These:", "custom": {"kind": "cards", "cards": CARDS}})
    cards = visitor.chat.locator(".card")
    expect(cards).to_have_count(4)
    expect(cards.first).to_contain_text("£649.00")
    expect(cards.first.get_by_text("In stock", exact=True)).to_be_visible()
    expect(cards.last).not_to_be_in_viewport(ratio=1)
    forward = visitor.button("Next")
    while forward.is_enabled():
        forward.click()
        visitor.page.wait_for_timeout(600)
    expect(cards.last).to_be_in_viewport()
    expect(cards.first.get_by_role("link")).to_have_attribute("href", re.compile(r"/products/EM-FORGE$"))
    visitor.press(visitor.button("Is number 3 in stock?"))
    expect(visitor.own.last).to_contain_text("Is number 3 in stock?")


LINKS = {
    "[a](https://example.com/x)": "https://example.com/x",
    "[a](mailto:help@example.com)": "mailto:help@example.com",
    "[a](/products/CUP)": "/products/CUP",
    "see https://example.com/x.": "https://example.com/x",
    "[a](javascript:alert(1))": None,
    "[a](JaVaScRiPt:alert(1))": None,
    "[a](\x01javascript:alert)": None,
    "[a](data:text/html,<script>alert(1)</script>)": None,
    "[a](vbscript:x)": None,
    "[a](blob:https://example.com/1)": None,
    "[a](file:///etc/passwd)": None,
    "![a](https://example.com/x.png)": "https://example.com/x.png",
    '<a href="https://example.com">x</a>': "https://example.com/",
}
HOSTILE = [
    '<img src=x onerror="document.title=1">',
    "<script>document.title=2</script>",
    "**<svg onload=alert(1)>** *<iframe src=//x>* `<b>`",
    "```\n<style>*{display:none}</style>\n```",
    "- <math><mi xlink:href='javascript:x'>\n1. </div></section>",
    "[<img src=x onerror=document.title=3>](https://example.com)",
    "*" * 5000 + "`" * 5000 + "[" * 5000 + "](" * 5000,
    "\u202e\u2066 &lt;b&gt; &#60;b&#62;",
]


def test_hostile_text_of_a_reply_is_shown_as_text(visit: Visits):
    visitor, stage = visit.staged()
    visitor.open()
    visitor.ask("hello there")
    title = visitor.page.title()
    for number, text in enumerate([*HOSTILE, *LINKS]):
        stage.show({"text": text, "id": f"told-{number}/0"})
    expect(visitor.replies).to_have_count(2 + len(HOSTILE) + len(LINKS))
    inside = visitor.chat.locator(".bubble")
    for tag in ("img", "script", "svg", "iframe", "style", "math", "b", "div", "section"):
        assert inside.locator(tag).count() == 0, tag
    assert visitor.page.title() == title
    for number, (text, address) in enumerate(LINKS.items()):
        bubble = visitor.replies.nth(2 + len(HOSTILE) + number).locator(".bubble")
        found = [link.evaluate("link => link.href") for link in bubble.locator("a").all()]
        expected = [] if address is None else [visit.frontdesk.url + address] if address[0] == "/" else [address]
        assert found == expected, text


MARKDOWN = """Hello **bold** and *italic*, `code`:
second line

- one
- two **2**

3. three
4. four"""


def test_markdown_becomes_nodes(visit: Visits):
    visitor, stage = visit.staged()
    visitor.open()
    visitor.ask("hello there")
    stage.show({"text": MARKDOWN})
    bubble = visitor.replies.last.locator(".bubble")
    expect(bubble.locator("ul li")).to_have_text(["one", "two 2"])
    expect(bubble.locator("ol li")).to_have_text(["three", "four"])
    expect(bubble.locator("ol")).to_have_attribute("start", "3")
    expect(bubble.locator("strong")).to_have_text(["bold", "2"])
    expect(bubble.locator("em")).to_have_text("italic")
    expect(bubble.locator("code")).to_have_text("code")
    expect(bubble.locator("br")).to_have_count(1)


SPEECH = """
window.SpeechRecognition = class {
  start() { setTimeout(() => {
    this.onresult({ results: [Object.assign([{ transcript: "hello there" }], { isFinal: true })] });
    this.onend();
  }, 50); }
  stop() { this.onend(); }
};
window.spoken = [];
window.speechSynthesis.speak = (said) => window.spoken.push([said.text, said.lang]);
"""


def test_speech_in_and_out(visit: Visits):
    page = visit.context().new_page()
    page.add_init_script(SPEECH)
    page.goto(visit.frontdesk.url)
    visitor = Visitor(page).open()
    visitor.button("More").click()
    visitor.button("Read replies aloud").click()
    visitor.button("Speak instead of typing").click()
    expect(visitor.box).to_have_value("hello there")
    shown = visitor.replies.count()
    visitor.box.press("Enter")
    text = visitor.answered(shown).locator(".bubble").inner_text()
    spoken = page.evaluate("window.spoken")
    assert spoken[0][1] == "en-GB"
    assert spoken[0][0][:12] in text


def test_without_speech_nothing_offers_it(visit: Visits):
    page = visit.context().new_page()
    page.add_init_script(
        "delete window.webkitSpeechRecognition; delete window.SpeechRecognition; delete window.speechSynthesis;"
    )
    page.goto(visit.frontdesk.url)
    visitor = Visitor(page).open()
    expect(visitor.chat.locator(".mic")).to_have_count(0)
    visitor.button("More").click()
    expect(visitor.button("Read replies aloud")).to_have_count(0)


@pytest.fixture(scope="module")
def shaken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Frontdesk]:
    running = Frontdesk(tmp_path_factory.mktemp("widget"))
    running.start()
    yield running
    running.stop()


def test_a_killed_server_comes_back_to_the_same_conversation(shaken: Frontdesk, browser: Browser):
    visits = Visits(shaken, browser)
    visitor = visits().open()
    visitor.ask("How long is the warranty on the Forge?")
    os.kill(shaken.server("bot.engine"), signal.SIGKILL)
    visitor.say("and on the Bastion?")
    visitor.say("How long do you keep invoices?")
    expect(visitor.replies.last).to_contain_text(ANSWER, timeout=60_000)
    expect(visitor.chat.locator(".pending, .failed")).to_have_count(0)
    expect(visitor.replies.nth(2)).to_contain_text("5 years")
    assert said(shaken, visitor.session)[1:] == ["and on the Bastion?", QUESTION]
    visits.close()
