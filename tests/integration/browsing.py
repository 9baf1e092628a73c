"""A customer with a browser: opens pages, talks to the widget, sees what it shows."""

import base64
import contextlib
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, WebSocketRoute, expect, sync_playwright

if TYPE_CHECKING:
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
needs_chromium = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no {CHROMIUM}")
PHONE = {"viewport": {"width": 360, "height": 640}, "is_mobile": True, "has_touch": True}


class Visitor:
    """One tab and the widget in it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.chat = page.locator("frontdesk-chat")
        self.launcher = self.chat.locator(".launcher")
        self.panel = self.chat.locator("#panel")
        self.box = self.chat.locator("#text")
        self.replies = self.chat.locator(".entries > .bot")
        self.own = self.chat.locator(".entries > .customer")

    def open(self) -> "Visitor":
        self.launcher.click()
        expect(self.panel).to_be_visible()
        return self

    def say(self, text: str) -> None:
        self.box.fill(text)
        self.box.press("Enter")

    def ask(self, text: str) -> Locator:
        """Type and press Enter; the bot's next message."""
        shown = self.replies.count()
        self.say(text)
        return self.answered(shown)

    def press(self, button: Locator) -> Locator:
        shown = self.replies.count()
        button.click()
        return self.answered(shown)

    def answered(self, shown: int) -> Locator:
        expect(self.replies).to_have_count(shown + 1, timeout=20_000)
        expect(self.chat.locator(".typing")).to_be_hidden()
        return self.replies.last

    def button(self, name: str | re.Pattern[str]) -> Locator:
        return self.chat.get_by_role("button", name=name, exact=isinstance(name, str))

    @property
    def session(self) -> str:
        """The conversation's name, out of the token that the browser keeps."""
        token = self.page.evaluate("JSON.parse(localStorage.getItem(`frontdesk ${location.origin} token`))")
        claims = token.split(".")[1]
        return str(json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["sub"])


def said(frontdesk: "Frontdesk", conversation: str) -> list[str]:
    """What the bot has heard in a conversation."""
    return [event["text"] for event in frontdesk.events(conversation) if event["event"] == "user"]


class Stage:
    """A socket that a test speaks into: the widget talks to the real server, and hears more than that says."""

    def __init__(self, page: Page) -> None:
        self.heard: list[dict[str, Any]] = []
        self.mute: Callable[[dict[str, Any]], bool] = lambda frame: False
        self._route: WebSocketRoute | None = None
        page.route_web_socket(re.compile("/api/socket"), self._connect)

    def _connect(self, route: WebSocketRoute) -> None:
        server = route.connect_to_server()
        self._route = route

        def hear(data: str | bytes) -> None:
            frame = json.loads(data)
            self.heard.append(frame)
            if not self.mute(frame):
                server.send(data)

        route.on_message(hear)

    def tell(self, **frame: Any) -> None:
        assert self._route
        self._route.send(json.dumps(frame))

    def show(self, *entries: dict[str, Any]) -> None:
        """Entries of the bot, or of whom they name."""
        made = [{"id": f"told-{id(entry)}/0", "from": "bot", "at": 1764000000.0, **entry} for entry in entries]
        self.tell(type="entries", entries=made)


@contextlib.contextmanager
def launched() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


class Visits:
    """Opens tabs, and keeps what they write into their consoles; a breach of a page's policy is written there too."""

    def __init__(self, frontdesk: "Frontdesk", browser: Browser) -> None:
        self.frontdesk, self._browser = frontdesk, browser
        self.errors: list[str] = []
        self._contexts: list[BrowserContext] = []

    def context(self, locale: str = "en-GB", **options: Any) -> BrowserContext:
        context = self._browser.new_context(locale=locale, **options)
        self._contexts.append(context)
        context.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
        return context

    def __call__(self, path: str = "/", locale: str = "en-GB", **options: Any) -> Visitor:
        """A tab of a browser of its own at `path`."""
        page = self.context(locale, **options).new_page()
        page.goto(self.frontdesk.url + path)
        return Visitor(page)

    def staged(self, path: str = "/", locale: str = "en-GB", **options: Any) -> tuple[Visitor, Stage]:
        """The same with a Stage."""
        page = self.context(locale, **options).new_page()
        stage = Stage(page)
        page.goto(self.frontdesk.url + path)
        return Visitor(page), stage

    def close(self) -> None:
        for context in self._contexts:
            context.close()
