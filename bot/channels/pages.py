"""The HTML that the web channel serves: the chat page and the pages of cited documents."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from textkit.settings import Settings

_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$")
_ITEM = re.compile(r"^\s*(?:[-*+•·]|\d{1,2}[.)、）])\s+")
_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$")
_MARK_ON, _MARK_OFF = "\ue000", "\ue001"  # private use: never in a normalised document

_PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="/static/{style}.css">
<link rel="icon" href="data:,">
{head}</head>
<body>
{body}
</body>
</html>
"""

_CHAT = {
    "en": {
        "placeholder": "Ask about delivery, returns, a product …",
        "send": "Send",
        "label": "Your message",
        "log": "Conversation",
        "intro": "Customer service",
    },
    "zh": {
        "placeholder": "配送、退换货、商品使用……想问什么直接说",
        "send": "发送",
        "label": "您的消息",
        "log": "对话",
        "intro": "在线客服",
    },
}


def chat_page(current: Settings, accept_language: str) -> str:
    """The chat page in the browser's language; `accept_language` is its header."""
    language = "zh" if accept_language.strip().lower().startswith("zh") else "en"
    words = _CHAT[language]
    name = current.business_name_zh if language == "zh" else current.business_name_en
    body = f"""<main id="chat" data-language="{language}" data-limit="{current.message_limit}">
<header><h1>{escape(name)}</h1><p>{words["intro"]}</p></header>
<div id="log" role="log" aria-live="polite" aria-label="{words["log"]}"></div>
<form id="form">
<label class="hidden" for="text">{words["label"]}</label>
<textarea id="text" rows="1" maxlength="{current.message_limit}" placeholder="{words["placeholder"]}"></textarea>
<button id="send" type="submit">{words["send"]}</button>
</form>
</main>"""
    script = '<script src="/static/chat.js" defer></script>\n'
    return _PAGE.format(
        language=language, title=escape(f"{name} · {words['intro']}"), style="chat", head=script, body=body
    )


def document_page(document: dict[str, Any], span: tuple[int, int]) -> str:
    """A document of the index with text[start:end] marked; offsets that do not fit mark nothing."""
    text, (start, end) = str(document["text"]), span
    if 0 <= start < end <= len(text):
        text = f"{text[:start]}{_MARK_ON}{text[start:end]}{_MARK_OFF}{text[end:]}"
    body = f"<main>\n{_markdown(text)}\n</main>"
    head = '<script src="/static/document.js" defer></script>\n'
    title = escape(str(document["title"]))
    return _PAGE.format(language=escape(str(document["language"])), title=title, style="document", head=head, body=body)


def not_found_page() -> str:
    """A document that is not there (any more), in both languages."""
    body = "<main><h1>Not found · 找不到</h1><p>This page is no longer here.</p><p>该页面已经不存在。</p></main>"
    return _PAGE.format(language="en", title="Not found", style="document", head="", body=body)


def _markdown(text: str) -> str:
    """Headings, lists, tables and paragraphs of normalised Markdown, everything escaped."""
    parts: list[str] = []
    open_tag = ""
    for line in text.split("\n"):
        bare = line.replace(_MARK_ON, "").replace(_MARK_OFF, "")
        heading, item = _HEADING.match(bare), _ITEM.match(bare)
        row = bare.strip().startswith("|") and bare.strip().endswith("|") and len(bare.strip()) > 1
        tag = "table" if row else "ul" if item else ""
        if tag != open_tag:
            parts += [f"</{open_tag}>"] * bool(open_tag) + [f"<{tag}>"] * bool(tag)
            cell, open_tag = "th", tag
        if not bare.strip() or _RULE.match(bare):
            continue
        if heading:
            level = len(heading[1])
            parts.append(f"<h{level}>{_inline(line.replace('#' * level, '', 1).strip())}</h{level}>")
        elif row:
            parts.append(_table_row(line, cell))
            cell = "td"
        elif item:
            parts.append(f"<li>{_inline(_ITEM.sub('', line, count=1) if not line.startswith(_MARK_ON) else line)}</li>")
        else:
            parts.append(f"<p>{_inline(line)}</p>")
    return "\n".join(parts + [f"</{open_tag}>"] * bool(open_tag))


def _table_row(line: str, cell: str) -> str:
    marked = _MARK_ON in line
    cells = line.replace(_MARK_ON, "").replace(_MARK_OFF, "").strip().strip("|").split("|")
    shown = "".join(f"<{cell}>{_inline(c.strip())}</{cell}>" for c in cells)
    return f'<tr class="quote" id="quote">{shown}</tr>' if marked else f"<tr>{shown}</tr>"


def _inline(text: str) -> str:
    return escape(text).replace(_MARK_ON, '<mark id="quote">').replace(_MARK_OFF, "</mark>")
