"""Every setting of Frontdesk: its name in the environment, its type, its default and what it means.

Values come from the environment first, then from the `.env` file in the project folder, then from the defaults here.
"""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints

from dotenv import dotenv_values

from textkit.errors import SettingError

PREFIX = "FRONTDESK_"
ROOT = Path(__file__).resolve().parent.parent
LAST_PORT = 65535
OF_THE_TESTS = frozenset({"FRONTDESK_ALLOW_SKIPS", "FRONTDESK_TEST_POSTGRES_URL"})  # read by scripts/test.sh


def _setting(default: Any, about: str, *, secret: bool = False) -> Any:
    return dataclasses.field(default=default, metadata={"about": about, "secret": secret})


@dataclasses.dataclass(frozen=True)
class Settings:
    """All settings, typed; the environment variable of `field` is `FRONTDESK_FIELD`."""

    host: str = _setting("127.0.0.1", "address that the public server (page, channels) listens on")
    port: int = _setting(5005, "port of the public server")
    actions_host: str = _setting("127.0.0.1", "address that the action server listens on")
    actions_port: int = _setting(5055, "port of the action server")
    action_secret: str = _setting("", "shared secret of every call between the servers", secret=True)
    session_secret: str = _setting("", "key that signs customers' sessions and buttons", secret=True)
    session_hours: int = _setting(24, "hours that a customer's session token is good for")
    database_url: str = _setting("sqlite:///var/frontdesk.db", "orders, customers, tickets, feedback", secret=True)
    conversations_url: str = _setting("sqlite:///var/conversations.db", "Rasa's conversations", secret=True)
    models_dir: Path = _setting(Path("models"), "folder of the model registry, the index and Rasa's models")
    library_dir: Path = _setting(Path("knowledge/library"), "folder of the documents that `frontdesk up` ingests")
    encoder_en: str = _setting("sentence-transformers/all-MiniLM-L6-v2", "encoder of English text (hub name or folder)")
    encoder_zh: str = _setting("intfloat/multilingual-e5-small", "encoder of Chinese text; `lexical` needs no weights")
    knowledge_encoder_en: str = _setting(
        "sentence-transformers/all-mpnet-base-v2", "encoder of English documents and questions; empty: encoder_en"
    )
    knowledge_encoder_zh: str = _setting("", "encoder of Chinese documents and questions; empty: encoder_zh")
    business_name_en: str = _setting("Lark & Ember", "the business's name in English replies")
    business_name_zh: str = _setting("云雀小炉", "the business's name in Chinese replies")
    proof_minutes: int = _setting(30, "minutes that a customer who has shown who they are need not do so again")
    message_limit: int = _setting(1000, "longest message of a customer, in characters")
    messages_per_minute: int = _setting(30, "messages a minute that one session may send")
    sessions_per_minute: int = _setting(20, "new sessions a minute that one network address may open")
    operator_name: str = _setting("", "your name in `frontdesk tickets`, which customers see; empty: your login name")
    sockets_per_network: int = _setting(50, "open WebSockets of one network address")
    allowed_origins: str = _setting("", "other origins whose pages may use the web channel, separated by commas")
    trusted_proxies: str = _setting("", "addresses or networks whose X-Forwarded-For counts, separated by commas")

    def path(self, value: str | Path) -> Path:
        """The absolute path of `value`, which is relative to the project folder."""
        return ROOT / value

    def encoder(self, language: str) -> str:
        """The encoder of messages in `language`."""
        return self.encoder_en if language == "en" else self.encoder_zh

    def knowledge_encoder(self, language: str) -> str:
        """The encoder of documents in `language` and of what is asked of them: deeper, for it reads a message once."""
        own = self.knowledge_encoder_en if language == "en" else self.knowledge_encoder_zh
        return own or self.encoder(language)

    @property
    def actions_url(self) -> str:
        """Where the Rasa server reaches the action server."""
        return f"http://{self.actions_host}:{self.actions_port}"

    @property
    def resolved_database_url(self) -> str:
        """`database_url` with a relative SQLite path anchored in the project folder."""
        return anchored(self.database_url)

    @property
    def resolved_conversations_url(self) -> str:
        """`conversations_url`, likewise."""
        return anchored(self.conversations_url)


def anchored(url: str) -> str:
    """`url` with a relative SQLite path anchored in the project folder."""
    scheme, _, rest = url.partition(":///")
    if scheme.startswith("sqlite") and rest and not rest.startswith("/") and rest != ":memory:":
        return f"{scheme}:///{ROOT / rest}"
    return url


@dataclasses.dataclass(frozen=True)
class ShownSetting:
    """One row of `frontdesk status`: secrets arrive masked."""

    name: str
    value: str
    source: str
    about: str


def read_settings(environ: Mapping[str, str], dotenv: Mapping[str, str | None]) -> Settings:
    """Settings from the two sources; raises SettingError on an unknown name or a value of the wrong form."""
    types = get_type_hints(Settings)
    names = {PREFIX + field.name.upper(): field.name for field in dataclasses.fields(Settings)}
    given = {**{k: v for k, v in dotenv.items() if v is not None}, **environ}
    unknown = sorted(k for k in given if k.startswith(PREFIX) and k not in names and k not in OF_THE_TESTS)
    if unknown:
        raise SettingError(f"Unknown setting {unknown[0]}.", "`frontdesk status` lists the settings that exist.")
    values = {field: _parse(name, given[name], types[field]) for name, field in names.items() if name in given}
    return Settings(**values)


def _parse(name: str, text: str, kind: type) -> Any:
    if kind is int:
        if not text.strip().isdecimal() or int(text) < 1:
            raise SettingError(f"{name} must be a whole number above 0, got {text!r}.", "Correct it in .env.")
        if name.endswith("PORT") and int(text) > LAST_PORT:
            raise SettingError(f"{name} must be a port, at most {LAST_PORT}, got {text!r}.", "Correct it in .env.")
        return int(text)
    return kind(text)


def export_settings() -> dict[str, str]:
    """Every setting by its name in the environment, for endpoints.yml and for child processes."""
    current = settings()
    return {PREFIX + f.name.upper(): str(getattr(current, f.name)) for f in dataclasses.fields(Settings)}


def load_dotenv_file() -> dict[str, str | None]:
    """The `.env` file of the project folder; empty when there is none."""
    return dict(dotenv_values(ROOT / ".env"))


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return read_settings(os.environ, load_dotenv_file())


def shown_settings() -> list[ShownSetting]:
    """Every setting with its value, secrets masked, and where the value came from."""
    current, dotenv = settings(), load_dotenv_file()
    rows = []
    for field in dataclasses.fields(Settings):
        name, value = PREFIX + field.name.upper(), str(getattr(current, field.name))
        source = "environment" if name in os.environ else ".env" if name in dotenv else "default"
        rows.append(ShownSetting(name, _mask(value, field.metadata["secret"]), source, field.metadata["about"]))
    return rows


def _mask(value: str, secret: bool) -> str:
    if not secret:
        return value
    if "://" in value:
        head, at, tail = re.sub(r"(password=)[^&]*", r"\1***", value).rpartition("@")
        return f"{head.split('://')[0]}://***@{tail}" if at else tail
    return "*** (set)" if value else "(not set)"


def require_secret(name: str) -> str:
    """The secret setting `name`; raises SettingError when it is not set, since no server runs without it."""
    value: str = getattr(settings(), name)
    if len(value) < 16:
        raise SettingError(
            f"{PREFIX}{name.upper()} is not set or shorter than 16 characters.", "`frontdesk up` writes one into .env."
        )
    return value
