"""What no person wrote in a message: machines' messages, signatures, quoted mail, the same text in many chats."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from finetune.chats.message import Message
from textkit.words import normalise

_MACHINE = re.compile(
    r"""^\s*(?:
    \W*(?:automatic\ reply|auto[-\ ]?reply|out\ of\ office|autoreply|自动回复|自动答复)\b.*
    |i\ am\ (?:currently\ )?out\ of\ (?:the\ )?office.*
    |(?:mail\ delivery\ (?:failed|subsystem)|delivery\ status\ notification|undeliverable:|returned\ mail).*
    |\[?\W?(?:image|photo|picture|video|audio|file|sticker|attachment|gif|voice\ message)\W?\]?
    |\[?\W?(?:图片|视频|语音|文件|表情|链接|位置)\W?\]?
    |(?:<media\ omitted>|!\[[^\]]*\]\([^)]*\))
    |(?:.{0,60}\ )?(?:has\ )?(?:joined|left)\ the\ (?:chat|conversation)\W*
    |.{0,40}(?:已|加入了?|退出了?|结束了?)(?:加入|接入|结束|离开)?(?:会话|对话|聊天)\W*
    |(?:chat|conversation)\ (?:started|ended|closed|transferred|assigned)\b.{0,60}
    |\{.*\}|<\?xml.*|<html.*|\[object\ object\]
    )\s*$""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
# From here to the end a mail holds nothing of its own.
_TAIL = re.compile(
    r"""^(?:
    --\s?$|_{5,}\s*$|-{2,}\s*(?:original\ message|forwarded\ message|原始邮件|转发邮件)
    |sent\ from\ my\ |get\ outlook\ for\ |发自我的|从我的.{0,10}发送|on\ .{4,80}\ wrote:\s*$|在.{4,60}写道[:：]
    |(?:kind\ |best\ |warm\ |many\ )?regards,?\s*$
    |(?:best\ wishes|yours\ sincerely|yours\ faithfully|sincerely|cheers),\s*$
    |此致\s*$|祝好[,，!！]?\s*$
    )""",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
_QUOTED = re.compile(r"^>.*$\n?", re.MULTILINE)
_LETTER = re.compile(r"\w")


def is_machine(text: str) -> bool:
    """Whether a machine wrote the whole message."""
    return _MACHINE.match(text) is not None


def is_empty(text: str) -> bool:
    """Whether there is no letter and no digit in it."""
    return _LETTER.search(text) is None


def without_tail(text: str) -> str:
    """The message without its signature and the mail that it quotes; unchanged where nothing else would be left."""
    body = _QUOTED.sub("", text)
    tail = _TAIL.search(body)
    body = (body[: tail.start()] if tail else body).strip()
    return body or text


def boilerplate(messages: Sequence[Message], conversations: int) -> set[str]:
    """The normalised texts that agents or bots wrote in at least that many conversations."""
    seen: dict[str, set[str]] = defaultdict(set)
    for message in messages:
        if message.sender != "customer":
            seen[key_of(message.text)].add(message.conversation)
    return {text for text, where in seen.items() if len(where) >= conversations}


def key_of(text: str) -> str:
    """By what texts are the same: case, width, spaces and punctuation do not count."""
    return re.sub(r"[\W_]+", " ", normalise(text)).strip()
