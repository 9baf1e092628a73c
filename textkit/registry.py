"""The model registry: a folder per model, a folder per version in it, and a pointer to the current one.

    models/registry/<name>/<version>/manifest.json, model.onnx, tokenizer.json, ...
    models/registry/<name>/current                  one line: the version in service
    models/registry/<name>/history.jsonl            when which version was put into service by a decision, and why

A version is written beside the others under a temporary name and renamed, and the pointer is replaced in one step,
so a reader never sees half a model. Nothing in it is a pickle.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from textkit.errors import MissingArtefactError
from textkit.settings import settings

MANIFEST = "manifest.json"
HISTORY = "history.jsonl"


def slug(name: str) -> str:
    """The folder name of a model: `sentence-transformers/all-MiniLM-L6-v2` becomes `sentence-transformers--all-...`."""
    return name.strip("/").replace("/", "--")


def digest_of(folder: Path) -> str:
    """SHA-256 over the names and contents of the files in `folder`, without its manifest; hexadecimal."""
    total = hashlib.sha256()
    for file in sorted(p for p in folder.iterdir() if p.is_file() and p.name != MANIFEST):
        total.update(f"{file.name}\0{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


class Registry:
    """The versions of models under one folder."""

    def __init__(self, root: Path | None = None) -> None:
        self.root = root or settings().path(settings().models_dir) / "registry"

    def find(self, name: str) -> Path | None:
        """The folder of the current version of `name`, or None."""
        pointer = self.root / slug(name) / "current"
        if not pointer.is_file():
            return None
        return self._current(pointer.parent)

    def get(self, name: str) -> Path:
        """The folder of the current version of `name`; raises MissingArtefactError when there is none."""
        folder = self.find(name)
        if folder is None:
            raise MissingArtefactError(
                f"The model {name!r} is not in the registry ({self.root / slug(name)}).",
                "Make it with `frontdesk train`.",
            )
        return folder

    def manifest(self, name: str) -> dict[str, Any]:
        """What the current version of `name` says of itself."""
        return read_manifest(self.get(name))

    def publish(self, name: str, manifest: dict[str, Any], write: Callable[[Path], None]) -> Path:
        """Let `write` fill a new version of `name`, then make it the current one; returns its folder."""
        home = self.root / slug(name)
        home.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=home))
        try:
            write(draft)
            digest = digest_of(draft)
            text = json.dumps({"name": name, "digest": digest, **manifest}, ensure_ascii=False, indent=2)
            (draft / MANIFEST).write_text(text + "\n", encoding="utf-8")
            folder = home / digest[:16]
            if folder.exists() and digest_of(folder) == digest:  # in service, perhaps: it stays where it is
                os.replace(draft / MANIFEST, folder / MANIFEST)
                shutil.rmtree(draft)
            else:
                shutil.rmtree(folder, ignore_errors=True)
                draft.chmod(0o755)
                draft.rename(folder)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        point(home / "current", folder.name)
        return folder

    def names(self) -> list[str]:
        """Of all models that have a version in service."""
        found = (pointer.parent for pointer in self.root.glob("*/current"))
        return sorted(str(read_manifest(folder).get("name")) for h in found if (folder := self._current(h)))

    def versions(self, name: str) -> list[Path]:
        """The folders of all versions of `name`, the oldest first."""
        made = (self.root / slug(name)).glob(f"*/{MANIFEST}")
        return [m.parent for m in sorted(made, key=lambda p: p.stat().st_mtime) if not m.parent.name.startswith(".")]

    def history(self, name: str) -> list[dict[str, Any]]:
        """What was decided about `name`, the oldest first: `at`, `version`, `before`, `reason` and what else is known.

        `at` is in UTC; `before` is the version that it took the place of, or None.
        """
        file = self.root / slug(name) / HISTORY
        return [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.is_file() else []

    def record(self, name: str, before: Path | None, reason: str, **known: Any) -> None:
        """Add to the history of `name` that its current version took the place of `before`."""
        self._note(name, version=self.get(name).name, before=before.name if before else None, reason=reason, **known)

    def roll_back(self, name: str, reason: str = "rolled back") -> Path | None:
        """Put what was in service before the current version into service again; its folder, None if nothing was."""
        current = self.get(name)
        rows = [r for r in self.history(name) if r["version"] == current.name and not r.get("rolled_back")]
        if not rows:
            raise MissingArtefactError(
                f"Nothing says what was in service before {name!r} {current.name}.", "See `frontdesk models`."
            )
        home, before = current.parent, rows[-1]["before"]
        if before is None:
            (home / "current").unlink()
        elif not (home / before / MANIFEST).is_file():
            raise MissingArtefactError(f"The version {before} of {name!r} is gone from {home}.", "Promote another.")
        else:
            point(home / "current", before)
        self._note(name, version=before, before=current.name, reason=reason, rolled_back=True)
        return home / before if before else None

    def _note(self, name: str, **row: Any) -> None:
        at = datetime.now(UTC).isoformat(timespec="seconds")
        with (self.root / slug(name) / HISTORY).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"at": at, **row}, ensure_ascii=False) + "\n")

    def _current(self, home: Path) -> Path | None:
        folder = home / (home / "current").read_text(encoding="utf-8").strip()
        return folder if (folder / MANIFEST).is_file() else None


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest in `folder`; raises MissingArtefactError when it is absent or not JSON."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise MissingArtefactError(f"{folder / MANIFEST} cannot be read ({error}).", "Make the model again.") from error
    return manifest


def point(pointer: Path, target: str) -> None:
    """Make the file `pointer` name `target`, in one step."""
    draft = pointer.with_name(f".{pointer.name}.{os.getpid()}")
    draft.write_text(target + "\n", encoding="utf-8")
    os.replace(draft, pointer)
