"""Chromium drives the widget on the demo shop, against the real servers."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.integration.browsing import PHONE, Visitor, Visits, needs_chromium

pytestmark = needs_chromium
HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=2</script><b>&lt;</b>'
ASKED = {
    "en-GB": ("en", "Lark & Ember", "How long do you keep invoices?", "We keep invoices for 6 years.", "Invoices"),
    "zh-CN": ("zh-CN", "云雀小炉", "我一喝牛奶就肚子疼，打奶泡那门课还能报吗？", "拉花课备了燕麦奶", "冲煮课堂"),
}


@pytest.mark.parametrize("locale", list(ASKED))
def test_a_question_gets_an_answer_and_its_source_opens(visit: Visits, locale: str):
    language, business, question, answer, title = ASKED[locale]
    visitor = visit("/", locale)
    expect(visitor.page.locator("html")).to_have_attribute("lang", language)
    visitor.open()
    expect(visitor.chat.locator("#title")).to_have_text(business)
    reply = visitor.ask(question)
    expect(visitor.own.last).to_contain_text(question)
    expect(reply).to_contain_text(answer)
    expect(reply.locator("sup a").first).to_have_text("1")
    with visitor.page.expect_popup() as opened:
        reply.locator(".sources a").first.click()
    source = opened.value
    expect(source.locator("h1")).to_have_text(title)
    expect(source.locator("mark#quote")).to_contain_text(answer.rstrip("."))
    expect(source.locator("mark#quote")).to_be_in_viewport()


def test_each_mark_of_an_answer_opens_its_own_quote(visit: Visits):
    reply = visit().open().ask("How much is the Gongfu tea class?")
    with reply.page.expect_popup() as opened:
        reply.locator("sup a").first.click()
    expect(opened.value.locator("tr#quote")).to_contain_text("£28")
    expect(opened.value.locator("tr#quote")).to_be_in_viewport()


@pytest.mark.parametrize(
    ("locale", "question", "person", "handed"),
    [
        ("en-GB", "Who won the world cup in 2018?", "Talk to a person", r"Your reference is T-"),
        ("zh-CN", "2018 年世界杯冠军是谁", "转人工", r"编号是 T-"),
    ],
)
def test_a_quick_reply_is_pressed_once(visit: Visits, locale: str, question: str, person: str, handed: str):
    visitor = visit("/", locale).open()
    visitor.ask(question)
    reply = visitor.press(visitor.button(person))
    expect(reply).to_contain_text(re.compile(handed))
    expect(visitor.own.last).to_contain_text(person)
    expect(visitor.button(person)).to_have_count(0)
    expect(visitor.box).to_be_focused()


@pytest.mark.parametrize(
    ("locale", "thumb", "vote"),
    [("en-GB", "This helped", "up"), ("en-GB", "This did not help", "down"), ("zh-CN", "没帮助", "down")],
)
def test_a_thumb_and_its_comment(visit: Visits, locale: str, thumb: str, vote: str):
    visitor = visit("/", locale).open()
    visitor.ask(ASKED[locale][2])
    visitor.press(visitor.button(thumb))
    expect(visitor.button(thumb)).to_be_disabled()
    expect(visitor.button(thumb)).to_have_attribute("aria-pressed", "true")
    visitor.chat.locator(".comment input").fill("Too long <b>")
    visitor.chat.locator(".comment input").press("Enter")
    expect(visitor.chat.locator(".thanks")).to_be_visible()
    expect(visitor.box).to_be_focused()
    rows = visit.frontdesk.rows("feedback", visitor.session)
    assert [row["vote"] for row in rows] == [vote]
    expect(visitor.own).to_have_count(1)  # a thumb is no message
    visitor.page.reload()
    expect(visitor.own).to_have_count(1)
    expect(visitor.button(thumb)).to_be_disabled()
    expect(visitor.button(thumb)).to_have_attribute("aria-pressed", "true")


def test_a_reload_shows_and_goes_on_with_the_conversation(visit: Visits):
    visitor = visit().open()
    visitor.ask("How long is the warranty on the Forge?")
    before = visitor.chat.locator(".entries").inner_text()
    visitor.page.reload()
    expect(visitor.panel).to_be_visible()  # it was open
    expect(visitor.own).to_have_count(1)
    assert visitor.chat.locator(".entries").inner_text() == before
    expect(visitor.ask("and on the Bastion?")).to_contain_text("5 years")


def test_what_is_not_sent_yet_is_still_in_the_box_on_the_next_page(visit: Visits):
    visitor = visit().open()
    visitor.box.fill("How long do you")
    visitor.page.goto(visit.frontdesk.url + "/?category=tea")
    expect(visitor.box).to_have_value("How long do you")
    visitor.ask("hello there")
    visitor.page.reload()
    expect(visitor.box).to_have_value("")


def test_two_tabs_show_one_conversation(visit: Visits):
    first = visit().open()
    first.ask("How long is the warranty on the Forge?")
    page = first.page.context.new_page()
    page.goto(visit.frontdesk.url)
    second = Visitor(page).open()
    expect(second.own).to_have_count(1)
    second.ask("and on the Bastion?")
    expect(first.own).to_have_count(2)
    expect(first.replies.last).to_contain_text("5 years")
    assert first.session == second.session


def test_starting_over_in_one_tab_empties_the_other(visit: Visits):
    first = visit().open()
    first.ask("How long is the warranty on the Forge?")
    page = first.page.context.new_page()
    page.goto(visit.frontdesk.url)
    second = Visitor(page).open()
    expect(second.own).to_have_count(1)
    before = first.session
    first.button("More").click()
    first.button("Start over").click()
    expect(first.button("Keep it")).to_be_focused()
    first.chat.locator(".confirm").get_by_role("button", name="Start over").click()
    expect(first.own).to_have_count(0)
    expect(second.own).to_have_count(0)
    first.ask("hello there")
    expect(second.own).to_have_count(1)
    assert first.session == second.session != before


def test_the_widget_tells_which_product_is_in_view(visit: Visits):
    visitor = visit("/products/EM-WREN1").open()
    expect(visitor.chat.locator(".context")).to_contain_text("Wren Compact Espresso Machine")
    visitor.ask("How long is the warranty on this?")
    told = [e["metadata"].get("product") for e in visit.frontdesk.events(visitor.session) if e["event"] == "user"]
    assert told == ["EM-WREN1"]
    visitor.button("My question is not about this product").click()
    expect(visitor.chat.locator(".context")).to_be_hidden()
    visitor.page.evaluate("Frontdesk.setPage({ product: 'GR-ROOK', name: 'Rook' })")
    expect(visitor.chat.locator(".context")).to_contain_text("Rook")


def test_the_script_s_functions(visit: Visits):
    visitor = visit()
    visitor.page.evaluate("Frontdesk.send('How long do you keep invoices?')")
    expect(visitor.panel).to_be_visible()
    expect(visitor.replies.last).to_contain_text("6 years", timeout=20_000)
    visitor.page.evaluate("Frontdesk.close()")
    expect(visitor.panel).to_be_hidden()
    visitor.page.evaluate("Frontdesk.open()")
    expect(visitor.panel).to_be_visible()


def test_the_interface_follows_the_customer_s_language(visit: Visits):
    visitor = visit().open()
    expect(visitor.ask("发票你们保存多久？")).to_contain_text("年")
    expect(visitor.box).to_have_attribute("placeholder", "想问什么直接说……")
    expect(visitor.chat.locator(".root")).to_have_attribute("lang", "zh-CN")
    visitor.button("更多").click()
    visitor.button("English interface").click()
    expect(visitor.box).to_have_attribute("placeholder", "Write a message …")
    visitor.page.goto(visit.frontdesk.url + "/?lang=zh")
    expect(visitor.box).to_have_attribute("placeholder", "想问什么直接说……")
    visitor.page.goto(visit.frontdesk.url + "/?lang=en")
    visitor.ask("发票你们保存多久？")
    visitor.page.reload()
    expect(visitor.own).to_have_count(2)
    expect(visitor.box).to_have_attribute("placeholder", "想问什么直接说……")


def test_everything_can_be_reached_from_the_keyboard(visit: Visits):
    visitor = visit("/privacy")
    keyboard = visitor.page.keyboard
    for _ in range(60):
        if visitor.page.evaluate("document.activeElement.shadowRoot?.activeElement?.className") == "launcher":
            break
        keyboard.press("Tab")
    keyboard.press("Enter")
    expect(visitor.box).to_be_focused()
    keyboard.type("Who won the")
    keyboard.press("Shift+Enter")
    keyboard.type("world cup in 2018?")
    expect(visitor.box).to_have_value("Who won the\nworld cup in 2018?")
    keyboard.press("Enter")
    visitor.answered(1)
    expect(visitor.box).to_have_value("")
    person = visitor.button("Talk to a person")
    for _ in range(6):
        keyboard.press("Shift+Tab")
        if person.evaluate("node => node.getRootNode().activeElement === node"):
            break
    expect(person).to_be_focused()
    keyboard.press("Enter")
    expect(visitor.answered(2)).to_contain_text("Your reference is T-")
    visitor.button("More").focus()
    keyboard.press("Enter")
    expect(visitor.button("Download the conversation")).to_be_focused()
    keyboard.press("ArrowDown")
    expect(visitor.button("Read replies aloud")).to_be_focused()
    keyboard.press("Escape")
    expect(visitor.button("More")).to_be_focused()
    keyboard.press("Escape")
    expect(visitor.panel).to_be_hidden()
    expect(visitor.launcher).to_be_focused()


def test_a_blank_message_is_not_sent(visit: Visits):
    visitor = visit().open()
    visitor.say("   ")
    expect(visitor.ask("hello there")).to_contain_text("Hello!")
    expect(visitor.own).to_have_count(1)


def test_hostile_text_of_a_customer_is_shown_as_text(visit: Visits):
    visitor = visit().open()
    title = visitor.page.title()
    visitor.ask(HOSTILE)
    expect(visitor.own.locator(".bubble")).to_have_text(f"You: {HOSTILE}")
    assert visitor.chat.locator(".entries img, .entries script, .entries b").count() == 0
    assert visitor.page.title() == title


def test_the_transcript(visit: Visits):
    visitor = visit().open()
    visitor.ask("How long do you keep invoices?")
    visitor.button("More").click()
    with visitor.page.expect_download() as started:
        visitor.button("Download the conversation").click()
    assert re.fullmatch(r"chat-\d{4}-\d\d-\d\d\.txt", started.value.suggested_filename)
    text = started.value.path().read_text("utf-8-sig")
    assert text.startswith("Lark & Ember Customer service")
    assert "You: How long do you keep invoices?" in text
    assert "Assistant: We keep invoices for 6 years." in text
    assert "[1] Invoices: " in text


@pytest.mark.parametrize("locale", list(ASKED))
def test_a_phone_shows_the_chat_on_the_whole_screen(visit: Visits, locale: str):
    visitor = visit("/", locale, **PHONE).open()
    visitor.ask(ASKED[locale][2])
    visitor.ask("https://example.com/" + "x" * 300)
    assert visitor.panel.bounding_box() == {"x": 0, "y": 0, "width": 360, "height": 640}
    expect(visitor.chat.locator(".send")).to_be_in_viewport(ratio=1)
    expect(visitor.launcher).to_be_hidden()
    for shown in (
        "document.documentElement",
        "document.querySelector('frontdesk-chat').shadowRoot.querySelector('.log')",
    ):
        assert visitor.page.evaluate(f"{shown}.scrollWidth - {shown}.clientWidth") == 0
    visitor.chat.locator(".closer").click()
    expect(visitor.panel).to_be_hidden()


def test_on_a_phone_the_focus_stays_in_the_chat(visit: Visits):
    visitor = visit("/", **PHONE).open()
    for _ in range(30):
        visitor.page.keyboard.press("Tab")
        assert visitor.page.evaluate("document.activeElement.localName") == "frontdesk-chat"


@pytest.mark.parametrize("path", ["/chat", "/privacy", "/", "/products/EM-WREN1", "/?category=tea"])
def test_a_phone_needs_no_scrolling_to_the_side(visit: Visits, path: str):
    visitor = visit(path, **PHONE)
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_chat_as_a_page_of_its_own(visit: Visits):
    visitor = visit("/chat")
    expect(visitor.panel).to_be_visible()
    expect(visitor.launcher).to_have_count(0)
    expect(visitor.ask("How long do you keep invoices?")).to_contain_text("6 years")
    visitor.page.keyboard.press("Escape")
    expect(visitor.panel).to_be_visible()


def test_a_conversation_goes_on_from_page_to_page(visit: Visits):
    visitor = visit("/products/EM-WREN1").open()
    visitor.ask("How long is the warranty on the Forge?")
    visitor.page.goto(visit.frontdesk.url + "/?category=grinders")
    expect(visitor.panel).to_be_visible()
    expect(visitor.own).to_have_count(1)


def test_the_shop_filters_and_switches_its_language(visit: Visits):
    page = visit("/").page
    page.get_by_role("navigation").get_by_role("link", name="Grinders").click()
    expect(page.locator("h1")).to_have_text("Grinders")
    page.get_by_role("link", name="中文").click()
    expect(page.locator("h1")).to_have_text("磨豆机")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")


def test_nothing_is_asked_of_the_server_before_the_chat_is_opened(visit: Visits):
    context = visit.context()
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.goto(visit.frontdesk.url)
    page.wait_for_function("window.Frontdesk")
    page.wait_for_timeout(300)
    assert all(url.startswith(visit.frontdesk.url) for url in asked)
    assert not any("/api/" in url for url in asked)
    assert page.evaluate("localStorage.length") == 0


def test_the_widget_is_ready_soon(visit: Visits):
    """The widget's own work, and the whole page from its first byte; on a cold cache."""
    own, whole = [], []
    for _ in range(5):
        visitor = visit()
        visitor.page.wait_for_function("window.Frontdesk")
        marks = visitor.page.evaluate(
            """() => {
                const at = (name) => performance.getEntriesByName(name)[0].startTime;
                const page = performance.getEntriesByType("navigation")[0];
                const ready = at("frontdesk-interactive");
                return [ready - at("frontdesk-start"), ready - page.responseStart];
            }"""
        )
        own.append(marks[0])
        whole.append(marks[1])
    print(json.dumps({"own_ms": sorted(own), "page_ms": sorted(whole)}))  # noqa: T201
    assert sorted(own)[2] < 200
