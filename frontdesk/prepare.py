"""What `frontdesk up` makes before it starts the servers, each only when something it depends on has changed."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

from frontdesk.runtimes import child_environment, rasa_command
from knowledge.encoder_install import FORMAT, install_encoder
from knowledge.index import Ingested, current_version, index_root, ingest
from textkit.encoders import LEXICAL
from textkit.errors import FrontdeskError
from textkit.language import LANGUAGES
from textkit.promoted import intent_encoder
from textkit.registry import Registry, digest_of, read_manifest
from textkit.settings import ROOT, settings

Report = Callable[[str], None]


def make_message_encoders(report: Report) -> None:
    """Install the pretrained encoders that read messages: what the dialogue model is trained with."""
    _install(map(settings().encoder, LANGUAGES), report)


def make_encoders(report: Report) -> None:
    """Install all pretrained encoders that the settings name and the registry does not have yet."""
    make_message_encoders(report)
    _install(map(settings().knowledge_encoder, LANGUAGES), report)


def _install(names: Iterable[str], report: Report) -> None:
    for name in dict.fromkeys(names):
        if name != LEXICAL and not _is_intact(name):
            report(f"building the encoder {name}")
            install_encoder(name)


def _is_intact(name: str) -> bool:
    folder = Registry().find(name)
    if folder is None:
        return False
    manifest = read_manifest(folder)
    # What was promoted cannot be built from a name, and is read in the format that it has.
    current = manifest.get("format") == FORMAT or "promoted" in manifest
    return current and manifest["digest"] == digest_of(folder)


def make_database(report: Report) -> None:
    """Bring the database to the newest schema; an empty one gets the sample shop. The dialogue gets its catalogue."""
    from actions.catalogue_file import write_catalogue
    from actions.sample.generate import seed
    from actions.services import services

    services().database.upgrade()
    if services().database.seed_if_empty(seed):
        report("filled the database with the sample shop")
    with services().database.read() as session:
        write_catalogue(session, settings().path(settings().models_dir) / "registry/catalogue/catalogue.json")


def make_index(report: Report) -> Ingested:
    """Index the documents that the index in service was made from, or the library of the settings."""
    origin = [settings().path(settings().library_dir)]
    version = current_version()
    if version:
        origin = [Path(p) for p in read_manifest(index_root() / version).get("origin", [])] or origin
    return ingest(origin, report=report)


def make_dialogue_model(report: Report, force: bool = False, as_shipped: bool = False) -> bool:
    """Train rasa's model when its inputs have changed; tells whether it did.

    `as_shipped`: a first training takes them as they come with a checkout, without the ten seconds of validating them.
    """
    folder = settings().path(settings().models_dir) / "rasa"
    note = folder / "trained.json"
    digest = _inputs_digest()
    trained = json.loads(note.read_text(encoding="utf-8")) if note.is_file() else {}
    if not force and trained.get("digest") == digest and (folder / str(trained.get("model"))).is_file():
        return False
    report("training the dialogue model")
    options = ["--skip-validation"] if as_shipped and not note.is_file() else []
    run = subprocess.run(
        rasa_command(["train", *options]),
        cwd=ROOT,
        env=child_environment(),
        capture_output=True,
        text=True,
        errors="replace",
    )
    models = sorted(folder.glob("*.tar.gz"), key=lambda p: p.stat().st_mtime)
    if run.returncode or not models:
        tail = "\n".join((run.stderr + run.stdout).strip().splitlines()[-15:])
        raise FrontdeskError(f"rasa could not train:\n{tail}\n", "Check with `frontdesk rasa data validate`.")
    note.write_text(json.dumps({"digest": digest, "model": models[-1].name}) + "\n", encoding="utf-8")
    for old in models[:-3]:
        old.unlink()
    return True


def _inputs_digest() -> str:
    """Of everything that the model is made from."""
    total = hashlib.sha256()
    for file in _files((ROOT / "bot/domain", ROOT / "bot/data", ROOT / "bot/components", ROOT / "textkit")):
        total.update(f"{file.relative_to(ROOT)}\0{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    total.update((ROOT / "config.yml").read_bytes())
    for name in map(intent_encoder, LANGUAGES):
        total.update((name if name == LEXICAL else str(Registry().manifest(name)["digest"])).encode())
    return total.hexdigest()


def _files(folders: Iterable[Path]) -> list[Path]:
    found = (p for folder in folders for p in folder.rglob("*") if p.is_file() and p.suffix in (".py", ".yml"))
    return sorted(found)
