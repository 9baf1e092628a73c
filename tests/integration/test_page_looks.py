"""How the widget looks and reads: colours, themes, rules of accessibility, pages with a strict policy."""

import contextlib
import http.server
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, expect

from tests.integration.browsing import PHONE, Visitor, Visits, needs_chromium
from tests.integration.conftest import free_port
from tests.integration.test_page_line import CARDS

pytestmark = needs_chromium
QUESTION = {"en-GB": "How long do you keep invoices?", "zh-CN": "我一喝牛奶就肚子疼，打奶泡那门课还能报吗？"}


def assert_accessible(visitor: Visitor) -> None:
    """No rule of axe-core is broken, and none is left undecided but those that need eyes."""
    found = Axe().run(visitor.page).response
    broken = [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found["violations"]]
    assert broken == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/?category=all", "/products/EM-WREN1", "/privacy", "/products/NONE"])
def test_the_shop_is_accessible(visits: Visits, path: str, scheme: str):
    assert_accessible(visits(path, color_scheme=scheme))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", list(QUESTION))
@pytest.mark.parametrize("options", [{}, PHONE], ids=["desk", "phone"])
def test_the_chat_is_accessible(visit: Visits, tmp_path: Path, locale: str, scheme: str, options: dict[str, Any]):
    visitor, stage = visit.staged("/products/EM-WREN1", locale, color_scheme=scheme, reduced_motion="reduce", **options)
    visitor.open()
    assert_accessible(visitor)
    visitor.ask(QUESTION[locale])
    stage.tell(type="operator", name="Mia")
    stage.show(
        {"text": "`code` [link](https://example.com)\n- item", "custom": {"cards": CARDS}, "id": "told-1/0"},
        {"custom": {"cards": [{**CARDS[0], "kind": "order", "status": "cancelled"}]}, "text": "One", "id": "told-2/0"},
        {"from": "system", "event": "operator_joined", "name": "Mia", "id": "p-1"},
        {"from": "operator", "name": "Mia", "text": "Hi", "id": "p-2"},
        {
            "text": "T",
            "custom": {"kind": "handoff", "reference": "T-1"},
            "buttons": [{"id": "x", "title": "B"}],
            "id": "t-3/0",
        },
    )
    visitor.chat.locator(".vote").first.click()
    stage.mute = lambda frame: frame["type"] == "message"
    visitor.say("x")
    visitor.say("y")
    stage.tell(type="error", code="too_many_messages", id=stage.heard[-1]["id"])
    expect(visitor.chat.locator(".failed")).to_have_count(1)
    for place in (0, 1):
        visitor.chat.locator(".log").evaluate("(log, end) => { log.scrollTop = end ? log.scrollHeight : 0; }", place)
        assert_accessible(visitor)
    visitor.page.screenshot(path=tmp_path / "chat.png")
    visitor.chat.locator("[aria-controls=menu]").click()
    assert_accessible(visitor)
    visitor.chat.locator("#menu button").last.click()
    expect(visitor.chat.locator(".confirm")).to_be_visible()
    assert_accessible(visitor)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_of_the_chat_is_accessible(visit: Visits, scheme: str):
    visitor = visit("/chat", color_scheme=scheme, reduced_motion="reduce")
    visitor.ask(QUESTION["en-GB"])
    assert_accessible(visitor)


def test_old_replies_are_not_announced_again(visit: Visits):
    visitor = visit().open()
    log = visitor.chat.get_by_role("log", name="Conversation")
    expect(log).to_have_attribute("aria-live", "polite")
    visitor.ask(QUESTION["en-GB"])
    visitor.page.reload()
    expect(visitor.own).to_have_count(1)
    expect(log).to_have_attribute("aria-live", "polite", timeout=2000)


def brightness(part: Locator, style: str) -> float:
    colour = part.evaluate(f"node => getComputedStyle(node).{style}")
    return sum(int(value) for value in re.findall(r"\d+", colour)[:3]) / 3


@pytest.mark.parametrize(("scheme", "dark"), [("light", False), ("dark", True)])
def test_both_colour_schemes(visit: Visits, scheme: str, dark: bool):
    visitor = visit(color_scheme=scheme).open()
    for part in (visitor.panel, visitor.page.locator("body")):
        text, ground = brightness(part, "color"), brightness(part, "backgroundColor")
        assert (text > ground) is dark
        assert abs(text - ground) > 120


def test_less_motion_where_the_customer_wants_less(visit: Visits):
    visitor = visit(reduced_motion="reduce").open()
    for part in (visitor.panel, visitor.launcher):
        assert part.evaluate(
            "node => [getComputedStyle(node).animationName, getComputedStyle(node).transitionDuration]"
        ) == [
            "none",
            "0s",
        ]


POLICY = (
    "default-src 'none'; script-src {server}; connect-src {server} ws://{host}; base-uri 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
EMBEDDING = """<!doctype html><html lang="zh"><head><title>Elsewhere</title>
<style>body {{ color: red }}</style></head><body><main><h1>Elsewhere</h1></main>
<script src="{server}/widget.js" data-color="{color}" data-greeting="Hi from **elsewhere**" data-language="en"
 data-position="left" data-name="Elsewhere" data-consent="We keep this." data-consent-link="https://example.com/privacy"
 data-starters="One|Two" data-theme="dark"></script></body></html>"""


@contextlib.contextmanager
def elsewhere(server: str, port: int) -> Iterator[str]:
    """Pages of another origin, with a strict policy, that embed the widget; their address but for the colour."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802
            body = EMBEDDING.format(server=server, color=self.path[1:]).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", POLICY.format(server=server, host=server.split("//")[1]))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    running = http.server.ThreadingHTTPServer(("127.0.0.1", port), Page)
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{port}/"
    running.shutdown()
    thread.join()
    running.server_close()


def breaches(visits: Visits) -> list[str]:
    """What the consoles say, but for the page's own style, which shows that the policy is in force."""
    errors = [error for error in visits.errors if "favicon" not in error]
    own = [error for error in errors if "inline style" in error]
    assert len(own) == 1
    return [error for error in errors if error not in own]


@pytest.mark.parametrize("color", ["teal", "yellow", "rgb(20,20,20)"])
def test_it_stands_in_a_page_of_another_origin_with_a_strict_policy(visits: Visits, color: str):
    with elsewhere(visits.frontdesk.url, visits.frontdesk.embedder_port) as address:
        page = visits.context(reduced_motion="reduce").new_page()
        page.goto(address + color)
        visitor = Visitor(page).open()
        expect(visitor.chat.locator("#title")).to_have_text("Elsewhere")
        expect(visitor.replies.first.locator("strong")).to_have_text("elsewhere")
        expect(visitor.button("Two")).to_be_visible()
        expect(visitor.chat.locator(".consent")).to_have_text("We keep this. Privacy notice")
        place = visitor.launcher.bounding_box()
        assert place
        assert place["x"] < 100
        reply = visitor.ask(QUESTION["en-GB"])
        expect(reply).to_contain_text("6 years")
        source = reply.locator(".sources a").first
        assert str(source.get_attribute("href")).startswith(visits.frontdesk.url + "/documents/")
        assert_accessible(visitor)
    assert breaches(visits) == []


def test_a_page_that_is_not_allowed_cannot_use_it(visits: Visits):
    with elsewhere(visits.frontdesk.url, free_port()) as address:
        visitor = Visitor(visits.context().new_page())
        visitor.page.goto(address + "teal")
        visitor.open().say("hello there")
        expect(visitor.chat.locator(".banner")).to_contain_text("No connection", timeout=10_000)
        expect(visitor.replies).to_have_count(1)
