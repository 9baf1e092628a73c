import contextlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.integration.conftest import Frontdesk

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=2</script><b>&lt;</b>'
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no {CHROMIUM}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield launched
        launched.close()


@pytest.fixture
def open_page(frontdesk: Frontdesk, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens the chat page; at the end no page may have written an error into its console."""
    errors: list[str] = []
    with contextlib.ExitStack() as stack:

        def open_one(locale: str = "en-GB", **options: Any) -> Page:
            context = browser.new_context(locale=locale, **options)
            stack.callback(context.close)
            context.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
            context.on("weberror", lambda error: errors.append(str(error.error)))
            page = context.new_page()
            page.goto(frontdesk.url)
            return page

        yield open_one
    assert errors == []


def ask(page: Page, text: str) -> Locator:
    """Type and press Enter; the bot's next message."""
    shown = page.locator(".message.bot:not(.typing)").count()
    page.locator("#text").fill(text)
    page.locator("#text").press("Enter")
    return answered(page, shown)


def press(page: Page, button: Locator) -> Locator:
    shown = page.locator(".message.bot:not(.typing)").count()
    button.click()
    return answered(page, shown)


def answered(page: Page, shown: int) -> Locator:
    expect(page.locator(".message.bot:not(.typing)")).to_have_count(shown + 1, timeout=20_000)
    expect(page.locator(".typing")).to_have_count(0)
    return page.locator(".message.bot").last


ASKED = {
    "en-GB": ("en", "Lark & Ember", "How long do you keep invoices?", "We keep invoices for 6 years.", "Invoices"),
    "zh-CN": ("zh", "云雀小炉", "我一喝牛奶就肚子疼，打奶泡那门课还能报吗？", "拉花课备了燕麦奶", "冲煮课堂"),
}


@pytest.mark.parametrize("locale", list(ASKED))
def test_a_question_gets_an_answer_and_its_source_opens(open_page: Callable[..., Page], tmp_path: Path, locale: str):
    language, business, question, answer, title = ASKED[locale]
    page = open_page(locale)
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("h1")).to_have_text(business)
    reply = ask(page, question)
    expect(page.locator(".message.customer").last).to_have_text(question)
    expect(reply).to_contain_text(answer)
    expect(reply.locator("sup a").first).to_have_text("[1]")
    with page.expect_popup() as opened:
        reply.locator(".sources a").first.click()
    source = opened.value
    expect(source.locator("h1")).to_have_text(title)
    expect(source.locator("mark#quote")).to_contain_text(answer.rstrip("."))
    expect(source.locator("mark#quote")).to_be_in_viewport()
    page.screenshot(path=tmp_path / f"chat-{language}.png")
    source.screenshot(path=tmp_path / f"source-{language}.png")


def test_each_mark_of_an_answer_opens_its_own_quote(open_page: Callable[..., Page]):
    page = open_page()
    reply = ask(page, "What are the opening hours of the Bristol shop?")
    with page.expect_popup() as opened:
        reply.locator("sup a").first.click()
    expect(opened.value.locator("tr#quote")).to_contain_text("Mon–Sat 9:30–18:30")
    expect(opened.value.locator("tr#quote")).to_be_in_viewport()


@pytest.mark.parametrize(
    ("locale", "question", "person", "handed"),
    [
        ("en-GB", "Who won the world cup in 2018?", "Talk to a person", r"Your reference is T-"),
        ("zh-CN", "2018 年世界杯冠军是谁", "转人工", r"编号是 T-"),
    ],
)
def test_a_button_is_pressed_once(open_page: Callable[..., Page], locale: str, question: str, person: str, handed: str):
    page = open_page(locale)
    buttons = ask(page, question).locator(".buttons button")
    offered = buttons.filter(has_text=person)
    reply = press(page, offered)
    expect(reply).to_contain_text(re.compile(handed))
    expect(page.locator(".message.customer").last).to_have_text(person)
    for position in range(buttons.count()):
        expect(page.locator(".buttons button").nth(position)).to_be_disabled()


@pytest.mark.parametrize(
    ("locale", "thumb", "thanks"),
    [
        ("en-GB", "This helped", "Thank you, I’m glad that helped."),
        ("en-GB", "This did not help", "Shall I pass you to a colleague?"),
        ("zh-CN", "有帮助", "谢谢，能帮上忙就好。"),
        ("zh-CN", "没帮助", "需要帮您转给同事吗？"),
    ],
)
def test_thumbs(open_page: Callable[..., Page], locale: str, thumb: str, thanks: str):
    page = open_page(locale)
    ask(page, ASKED[locale][2])
    button = page.get_by_role("button", name=thumb, exact=True)
    expect(press(page, button)).to_contain_text(thanks)
    expect(button).to_be_disabled()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".message.customer")).to_have_count(1)  # a vote is no message


def test_everything_can_be_reached_from_the_keyboard(open_page: Callable[..., Page]):
    page = open_page()
    page.keyboard.type("Who won the")  # the box has the focus from the start
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("world cup in 2018?")
    expect(page.locator("#text")).to_have_value("Who won the\nworld cup in 2018?")
    page.keyboard.press("Enter")
    answered(page, 1)
    expect(page.locator("#text")).to_have_value("")
    last = page.locator(".buttons button").last
    page.keyboard.press("Shift+Tab")
    expect(last).to_be_focused()
    page.keyboard.press("Enter")
    expect(answered(page, 2)).to_contain_text("Your reference is T-")


def test_a_blank_message_is_not_sent(open_page: Callable[..., Page]):
    page = open_page()
    page.locator("#text").fill("   ")
    page.locator("#text").press("Enter")
    expect(ask(page, "hello there")).to_contain_text("Hello!")
    expect(page.locator(".message.customer")).to_have_count(1)


def test_hostile_text_is_shown_as_text(open_page: Callable[..., Page]):
    page = open_page()
    title = page.title()
    ask(page, HOSTILE)
    expect(page.locator(".message.customer .bubble")).to_have_text(HOSTILE)
    assert page.locator("#log img, #log script, #log b").count() == 0
    assert page.title() == title


@pytest.mark.parametrize("locale", list(ASKED))
def test_a_phone_needs_no_scrolling_to_the_side(open_page: Callable[..., Page], tmp_path: Path, locale: str):
    page = open_page(locale, viewport={"width": 360, "height": 640}, is_mobile=True, has_touch=True)
    ask(page, ASKED[locale][2])
    ask(page, "https://example.com/" + "x" * 300)
    expect(page.locator("#send")).to_be_in_viewport()
    page.screenshot(path=tmp_path / "phone.png")
    for shown in (page, opened_source(page)):
        assert shown.evaluate("document.documentElement.scrollWidth") <= 360


def opened_source(page: Page) -> Page:
    with page.expect_popup() as opened:
        page.locator(".sources a").first.click()
    expect(opened.value.locator("#quote")).to_have_count(1)
    return opened.value


def brightness(page: Page, selector: str, style: str) -> float:
    colour = page.locator(selector).first.evaluate(f"element => getComputedStyle(element).{style}")
    return sum(int(part) for part in re.findall(r"\d+", colour)[:3]) / 3


@pytest.mark.parametrize(("scheme", "dark"), [("light", False), ("dark", True)])
def test_both_colour_schemes(open_page: Callable[..., Page], tmp_path: Path, scheme: str, dark: bool):
    page = open_page(color_scheme=scheme)
    ask(page, "How long do you keep invoices?")
    page.screenshot(path=tmp_path / f"{scheme}.png")
    for shown in (page, opened_source(page)):
        text, ground = (brightness(shown, "body", style) for style in ("color", "backgroundColor"))
        assert (text > ground) is dark
        assert abs(text - ground) > 120


def test_an_expired_session_goes_on_in_a_new_one(frontdesk: Frontdesk, browser: Browser):
    with contextlib.closing(browser.new_context(locale="en-GB")) as context:  # the refusal stands in the console
        page = context.new_page()
        page.goto(frontdesk.url)
        page.evaluate("sessionStorage.setItem('frontdesk-token', 'expired')")
        page.reload()
        expect(ask(page, "How long do you keep invoices?")).to_contain_text("6 years")
        assert page.evaluate("sessionStorage.getItem('frontdesk-token')") != "expired"


def test_a_button_pressed_after_the_session_has_expired(frontdesk: Frontdesk, browser: Browser):
    with contextlib.closing(browser.new_context(locale="en-GB")) as context:
        page = context.new_page()
        page.goto(frontdesk.url)
        ask(page, "what can you do?")
        page.evaluate("token = 'expired'")
        reply = press(page, page.get_by_role("button", name="Delivery times and costs"))
        expect(reply).to_contain_text("£3.95")


def test_a_reload_keeps_the_conversation(open_page: Callable[..., Page]):
    page = open_page()
    ask(page, "How long is the warranty on the Forge?")
    page.reload()
    expect(ask(page, "and on the Bastion?")).to_contain_text("5 years")


def test_a_message_that_could_not_be_sent_is_sent_again(frontdesk: Frontdesk, browser: Browser):
    with contextlib.closing(browser.new_context(locale="en-GB")) as context:
        page = context.new_page()
        page.goto(frontdesk.url)
        ask(page, "hello there")
        context.set_offline(True)
        note = ask(page, "How long do you keep invoices?")
        expect(page.locator(".customer.failed")).to_have_count(1)
        context.set_offline(False)
        note.get_by_role("button", name="Not sent").click()
        expect(page.locator(".message.bot").last).to_contain_text("6 years")
        expect(page.locator(".customer.failed")).to_have_count(0)
