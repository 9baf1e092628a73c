"""The pages of cited documents, and the headers of every page."""

from __future__ import annotations

import re
from html import escape
from typing import Any

SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$")
_ITEM = re.compile(r"^\s*(?:[-*+•·]|\d{1,2}[.)、）])\s+")
_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$")
_QUOTE = ' id="quote"'

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


def document_page(document: dict[str, Any], span: tuple[int, int]) -> str:
    """A document of the index with text[start:end] marked; offsets that do not fit mark nothing."""
    text, (start, end) = str(document["text"]), span
    fits = 0 <= start < end <= len(text)
    # The page scrolls to the first marked line; an id stands once in a page.
    before, mark, after = _markdown(text, span if fits else (0, 0)).partition(_QUOTE)
    body = f"<main>\n{before}{mark}{after.replace(_QUOTE, '')}\n</main>"
    head = '<script src="/static/document.js" defer></script>\n'
    title = escape(str(document["title"]))
    return _PAGE.format(language=escape(str(document["language"])), title=title, style="document", head=head, body=body)


def not_found_page() -> str:
    """A document that is not there (any more), in both languages."""
    body = "<main><h1>Not found · 找不到</h1><p>This page is no longer here.</p><p>该页面已经不存在。</p></main>"
    return _PAGE.format(language="en", title="Not found", style="document", head="", body=body)


def _markdown(text: str, span: tuple[int, int]) -> str:
    """Headings, lists, tables and paragraphs of normalised Markdown, everything escaped, text[span] marked."""
    parts: list[str] = []
    open_tag, offset = "", 0
    for line in text.split("\n"):
        marked = _within(span[0] - offset, 0, len(line)), _within(span[1] - offset, 0, len(line))
        offset += len(line) + 1
        heading, item = _HEADING.match(line), _ITEM.match(line)
        row = line.strip().startswith("|") and line.strip().endswith("|") and len(line.strip()) > 1
        tag = "table" if row else "ul" if item else ""
        if tag != open_tag:
            parts += [f"</{open_tag}>"] * bool(open_tag) + [f"<{tag}>"] * bool(tag)
            cell, open_tag = "th", tag
        if not line.strip() or _RULE.match(line):
            continue
        if heading:
            parts.append(f"<h{len(heading[1])}>{_inline(line, heading.span(2), marked)}</h{len(heading[1])}>")
        elif row:
            parts.append(_table_row(line, cell, marked[0] < marked[1]))
            cell = "td"
        elif item:
            parts.append(f"<li>{_inline(line, (item.end(), len(line)), marked)}</li>")
        else:
            parts.append(f"<p>{_inline(line, (0, len(line)), marked)}</p>")
    return "\n".join(parts + [f"</{open_tag}>"] * bool(open_tag))


def _table_row(line: str, cell: str, marked: bool) -> str:
    shown = "".join(f"<{cell}>{escape(c.strip())}</{cell}>" for c in line.strip().strip("|").split("|"))
    return f'<tr class="quote"{_QUOTE}>{shown}</tr>' if marked else f"<tr>{shown}</tr>"


def _inline(line: str, content: tuple[int, int], marked: tuple[int, int]) -> str:
    """line[content], escaped; what of it lies in `marked` is marked."""
    left, right = content
    start, end = (_within(edge, left, right) for edge in marked)
    if start >= end:
        return escape(line[left:right])
    return f"{escape(line[left:start])}<mark{_QUOTE}>{escape(line[start:end])}</mark>{escape(line[end:right])}"


def _within(value: int, low: int, high: int) -> int:
    return min(max(value, low), high)
