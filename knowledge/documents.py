"""A document as the index keeps it: normalised Markdown with code-point offsets that never change afterwards."""

from __future__ import annotations

import dataclasses
import html
import re
import unicodedata

from textkit.language import Language

_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]+)\]\((?:[^()\s]|\([^)]*\))*(?:\s+\"[^\"]*\")?\)")
# Bold stands within words as well: Chinese has no spaces (`签收后**30 天**内`).
_BOLD = re.compile(r"(?<!\*)(\*{2,3})(?=[^\s*])(.+?)(?<=[^\s*])\1(?!\*)")
_EMPHASIS = re.compile(r"(?<![0-9A-Za-z_*])(\*|_{2,3})(?=[^\s*])(.+?)(?<=[^\s*])\1(?![0-9A-Za-z_*])")
_CODE = re.compile(r"`([^`\n]+)`")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_SETEXT = re.compile(r"^(?P<title>[^\n|#>-][^\n|]*)\n(?P<rule>=+|-{3,})[ \t]*$", re.MULTILINE)


@dataclasses.dataclass(frozen=True)
class Document:
    """One document; `id` is stable across versions of the index, `source` is what a customer may be shown."""

    id: str
    title: str
    source: str
    language: Language
    text: str


def normalise_text(markdown: str, *, printed: bool = False) -> str:
    """Markdown without inline marks, in NFC, one line per paragraph; headings, lists and tables keep their marks.

    `printed` text (PDF, plain files) breaks its lines where the page ended. Offsets of citations count code points of
    the text that comes out here.
    """
    text = html.unescape(_COMMENT.sub("", markdown))  # first: an entity may stand for any character
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = text.replace("\ufeff", "").replace("\u00a0", " ").replace("\u200b", "").replace("\f", "\n\n")
    text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Co", "Cs"))
    text = _SETEXT.sub(lambda m: ("# " if m["rule"][0] == "=" else "## ") + m["title"].strip(), text)
    text = _CODE.sub(r"\1", _LINK.sub(r"\1", _IMAGE.sub("", text)))
    for _ in range(2):  # bold within italics
        text = _EMPHASIS.sub(r"\2", _BOLD.sub(r"\2", text))
    text = re.sub(r"\\([\\`*_{}\[\]()#+\-.!|>~])", r"\1", text)
    lines = [line.rstrip() for line in text.replace("\t", "    ").split("\n")]
    text = reflow("\n".join(lines), printed=printed)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"


_BLOCK = re.compile(r"^\s*(?:#{1,6}\s|[-*+•·]\s|\d{1,2}[.)、）]\s*\S|>|\||:?-{3,})")
_ENDED = re.compile(r"[.!?:;。！？：；…][\"'”’）)]*$")


def reflow(text: str, *, printed: bool = False) -> str:
    """Join the lines of a wrapped paragraph, so that a sentence stands on one line.

    In Markdown every line break within a paragraph is soft. In a printed page or a plain text file (`printed`) a line
    goes on only when it is about as long as the longest and does not end a sentence.
    """
    lines = text.split("\n")
    width = max((len(line) for line in lines if not _BLOCK.match(line)), default=0) if printed else 0
    joined: list[str] = []
    for line in lines:
        before = joined[-1] if joined else ""
        goes_on = bool(before.strip() and line.strip()) and not _BLOCK.match(line)
        goes_on = goes_on and not before.lstrip().startswith(("#", "|"))
        if goes_on and printed:
            last = before.rsplit("\0", 1)[-1]
            goes_on = len(last) > 0.7 * width and not _ENDED.search(last)
        if goes_on:
            joined[-1] = glue(before, line.strip(), "\0" if printed else "")
        else:
            joined.append(line)
    return "\n".join(joined).replace("\0", "")


def glue(before: str, after: str, mark: str = "") -> str:
    """Two parts of a sentence as one: with a space, but none beside a Chinese character."""
    space = "" if not before or not after or _is_wide(before[-1]) or _is_wide(after[0]) else " "
    return f"{before}{space}{mark}{after}"


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def document_title(text: str, fallback: str) -> str:
    """The first heading of `text`, or its first short line, or `fallback`."""
    heading = re.search(r"^#{1,6}\s+(.+?)\s*#*$", text, re.MULTILINE)
    if heading:
        return heading[1].strip()
    first = next((line.strip() for line in text.split("\n") if line.strip()), "")
    return first if 0 < len(first) <= 80 and not first.startswith(("|", "-", "*")) else fallback
