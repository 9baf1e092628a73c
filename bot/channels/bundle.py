"""The widget as one script: its modules and its style sheet, put together when the server starts.

The files under bot/widget are ordinary ES modules. Each becomes a function of its own here, so that their private names
do not meet, and a page needs one request and one script source to be allowed by its policy.
"""

from __future__ import annotations

import dataclasses
import gzip
import hashlib
import json
import re
from pathlib import Path

WIDGET = Path(__file__).resolve().parent.parent / "widget"
ENTRY = "widget.js"
STYLES = "widget.css"
_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([a-z]+\.js)";\n', re.M)
_EXPORT = re.compile(r"^export (?=(?:const|function|class) (\w+))", re.M)
_COMMENT = re.compile(r"^\s*(?://.*|/\*\*[^\n]*\*/)\n|^\s*/\*\*\n(?:\s*\*.*\n)+?\s*\*/\n", re.M)
_STYLE_COMMENT = re.compile(r"/\*.*?\*/\s*", re.S)


@dataclasses.dataclass(frozen=True)
class Asset:
    """A file as it goes over the wire."""

    body: bytes
    packed: bytes
    etag: str


def widget_asset(folder: Path = WIDGET) -> Asset:
    """The widget's script, as it is and gzipped."""
    body = bundle(folder).encode("utf-8")
    digest = hashlib.sha256(body).hexdigest()[:20]
    return Asset(body, gzip.compress(body, 9, mtime=0), f'"{digest}"')


def bundle(folder: Path = WIDGET) -> str:
    """All modules that `widget.js` imports, each before the first that needs it, then itself."""
    styles = _STYLE_COMMENT.sub("", (folder / STYLES).read_text("utf-8"))
    parts = ["(() => {", '"use strict";', f"const STYLES = {json.dumps(styles, ensure_ascii=False)};"]
    seen: set[str] = set()

    def add(name: str) -> None:
        if name in seen:
            return
        seen.add(name)
        source = (folder / name).read_text("utf-8")
        for found in _IMPORT.finditer(source):
            add(found[2])
        parts.append(_as_function(name, source))

    add(ENTRY)
    return "\n".join([*parts, "})();\n"])


def _as_function(name: str, source: str) -> str:
    body = _IMPORT.sub(lambda found: f"const {{{found[1]}}} = {_variable(found[2])};\n", source)
    exported = ", ".join(_EXPORT.findall(body))
    body = _COMMENT.sub("", _EXPORT.sub("", body))
    if re.search(r"^(?:import|export)\b", body, re.M):
        raise ValueError(f"{name} has an import or export of a form that this bundle does not know")
    return f"const {_variable(name)} = (() => {{\n{body}return {{ {exported} }};\n}})();"


def _variable(module: str) -> str:
    return f"{module.removesuffix('.js')}Module"
