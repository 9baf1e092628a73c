"""What `frontdesk status` says beside the settings."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Iterator

from knowledge.index import current_version, index_root
from textkit.encoders import LEXICAL
from textkit.language import LANGUAGES
from textkit.registry import Registry, read_manifest
from textkit.settings import settings


def states() -> Iterator[tuple[str, str]]:
    """Pairs of a thing and its state."""
    current = settings()
    for language in LANGUAGES:
        yield f"encoder ({language})", _encoder(current.encoder(language))
        yield f"knowledge encoder ({language})", _encoder(current.knowledge_encoder(language))
    version = current_version()
    if version:
        manifest = read_manifest(index_root() / version)
        yield "index", f"{version}: {manifest['documents']} documents, {manifest['passages']} passages"
    else:
        yield "index", "missing: `frontdesk ingest FOLDER`"
    note = current.path(current.models_dir) / "rasa" / "trained.json"
    model = json.loads(note.read_text(encoding="utf-8"))["model"] if note.is_file() else "missing: `frontdesk train`"
    yield "dialogue model", model
    yield "action server", _health(f"{current.actions_url}/health")
    yield "rasa server", _health(f"http://{current.host}:{current.port}/health")


def _health(url: str) -> str:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return f"answers at {url.removesuffix('/health')}" if response.status == 200 else "does not answer well"
    except urllib.error.HTTPError as error:
        error.close()
        return "does not answer well"
    except http.client.HTTPException:
        return "something else listens there"
    except OSError:
        return "not running"


def _encoder(name: str) -> str:
    folder = None if name == LEXICAL else Registry().find(name)
    made = "fitted to the texts" if name == LEXICAL else folder.name if folder else "missing: `frontdesk train`"
    return f"{name}, {made}"
