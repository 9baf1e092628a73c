"""The knowledge index on disk: a folder per version, swapped in at once.

models/index/<version>/manifest.json      what it was made from, with which encoders
models/index/<version>/text.sqlite        documents, passages, units
models/index/<version>/<language>/        FAISS and BM25
models/index/<version>/shared/            FAISS over both languages in one space
models/index/current                      one line: the version in service
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from knowledge import text_store
from knowledge.across import SharedSpace
from knowledge.attached import FILE as ATTACHED_FILE
from knowledge.attached import UNANSWERED_FILE, Attached, attach, read_attached, read_unanswered
from knowledge.background import background_questions
from knowledge.chunks import split_document
from knowledge.documents import Document
from knowledge.language_index import LanguageIndex, LanguageText
from knowledge.loaders import find_files, load_document
from textkit.encoders import LEXICAL, OnnxEncoder, RememberingEncoder, TokenEncoder, encoder_digest, open_encoder
from textkit.errors import DocumentError, FrontdeskError, MissingArtefactError
from textkit.language import LANGUAGES, Language, detect_language
from textkit.registry import MANIFEST, point, read_manifest
from textkit.settings import settings

FORMAT = 14
SHARED = "shared"  # folder of the space of both languages
KEPT_VERSIONS = 3
Report = Callable[[str], None]


@dataclasses.dataclass(frozen=True)
class Index:
    """An opened index."""

    version: str
    manifest: dict[str, Any]
    documents: dict[str, Document]
    languages: dict[Language, LanguageIndex]
    shared: SharedSpace | None = None  # where one encoder reads both languages


@dataclasses.dataclass(frozen=True)
class Ingested:
    """What `ingest` did: the version in service, how much is in it, and the files that could not be read."""

    version: str
    documents: int
    passages: int
    changed: bool
    failures: list[DocumentError]


def index_root() -> Path:
    """The folder of all versions."""
    return settings().path(settings().models_dir) / "index"


def ingest(paths: Sequence[Path], root: Path | None = None, report: Report = lambda _: None) -> Ingested:
    """Make an index of exactly the documents under `paths` and put it into service.

    Does nothing when the index in service was made from the same files by the same encoders. A file that cannot be
    read is reported and left out; when none can be read, DocumentError is raised and the old index stays.
    """
    root = root or index_root()
    files = find_files(paths)
    if not files:
        raise DocumentError(f"There is no document under {', '.join(map(str, paths))}.", "Name files or folders.")
    origin = [str(p.resolve()) for p in paths]
    fingerprint = _fingerprint(files, paths)
    current = current_version(root)
    if current:
        manifest = read_manifest(root / current)
        if manifest.get("fingerprint") == fingerprint and manifest.get("format") == FORMAT:
            return Ingested(current, manifest["documents"], manifest["passages"], False, [])
    documents, failures = _load(files, report)
    facts = {"fingerprint": fingerprint, "origin": origin}
    texts = _split(documents, read_attached(paths), read_unanswered(paths), report)
    version, passages = _write(root, documents, texts, facts, report)
    return Ingested(version, len(documents), passages, True, failures)


def _fingerprint(files: Sequence[tuple[Path, Path]], paths: Sequence[Path]) -> str:
    """What the index depends on: the files' names and contents, the encoders, the questions of no shop, the format."""
    total = hashlib.sha256(f"{FORMAT}\n{_encoder_key('en')}\n{_encoder_key('zh')}\n".encode())
    total.update("\n".join(q for language in LANGUAGES for q in background_questions(language)).encode())
    beside = (ATTACHED_FILE, UNANSWERED_FILE)
    extra = [(f, p) for p in paths if p.is_dir() for name in beside for f in sorted(p.rglob(name))]
    for path, base in [*files, *extra]:
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(f"{path.relative_to(base).as_posix()}\0{content}\n".encode())
    return total.hexdigest()


def _encoder_key(language: Language) -> str:
    name = settings().knowledge_encoder(language)
    return LEXICAL if name == LEXICAL else encoder_digest(name)


def _load(files: Sequence[tuple[Path, Path]], report: Report) -> tuple[list[Document], list[DocumentError]]:
    documents: list[Document] = []
    failures: list[DocumentError] = []
    for path, base in files:
        try:
            documents.append(load_document(path, base))
        except DocumentError as error:
            failures.append(error)
            report(f"left out: {error}")
    if not documents:
        raise DocumentError("None of the documents could be read.", str(failures[0]))
    return documents, failures


def _write(
    root: Path,
    documents: list[Document],
    texts: dict[Language, LanguageText],
    facts: dict[str, Any],
    report: Report,
) -> tuple[str, int]:
    root.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=root))
    try:
        digests = {language: _encoder_key(language) for language in texts}
        encoders = {language: _for_building(language) for language in texts}
        for language, text in texts.items():
            report(f"indexing {len(text.documents)} documents in {language} ({len(text.passages)} passages)")
            (draft / language).mkdir()
            LanguageIndex.build(language, text, encoders[language]).save(draft / language)
        shared = _reads_all(encoders)
        if shared:
            report(f"indexing once more with {shared.digest[:8]}, which reads both languages")
            SharedSpace.build(texts, shared).save(draft / SHARED)
        passages = sum(len(t.passages) for t in texts.values())
        every = [p for text in texts.values() for p in text.passages]
        unanswered = [(language, question) for language, text in texts.items() for question in text.unanswered]
        text_store.write(draft / "text.sqlite", documents, every, unanswered)
        version = f"{time.strftime('%Y%m%d-%H%M%S')}-{facts['fingerprint'][:8]}"
        manifest = {"format": FORMAT, "documents": len(documents), "passages": passages, "encoders": digests, **facts}
        manifest["shared"] = shared.digest if shared else None
        (draft / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        draft.chmod(0o755)
        draft.rename(root / version)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    point(root / "current", version)
    _remove_old(root, version)
    return version, passages


def _split(
    documents: list[Document], attached: Attached, unanswered: list[str], report: Report
) -> dict[Language, LanguageText]:
    texts: dict[Language, LanguageText] = {}
    for source in sorted(attached.keys() - {d.source for d in documents}):
        report(f"attached questions for a document that is not there: {source}")
    for language in LANGUAGES:
        own = {d.id: d for d in documents if d.language == language}
        passages, lost = attach([p for d in own.values() for p in split_document(d)], own, attached)
        for quote in lost:
            report(f"attached questions whose quote is not in the document any more: {quote}")
        if passages:
            asked = [q for q in unanswered if (detect_language(q) or "en") == language]
            texts[language] = LanguageText(own, passages, asked)
    return texts


def _for_building(language: Language) -> RememberingEncoder | None:
    encoder = pretrained_encoder(language, os.cpu_count() or 1)
    return RememberingEncoder(encoder) if encoder else None


def pretrained_encoder(language: Language, threads: int = 1) -> OnnxEncoder | None:
    """The pretrained encoder that the settings name for `language`, or None for `lexical`."""
    name = settings().knowledge_encoder(language)
    return None if name == LEXICAL else open_encoder(name, language, threads=threads)


def _reads_all(encoders: Mapping[Language, TokenEncoder | None]) -> TokenEncoder | None:
    """The encoder of the settings that reads every language; the Chinese one is asked first.

    `encoders` holds those of the languages that have documents, which are not opened again.
    """
    for language in sorted(LANGUAGES, reverse=True):
        encoder = encoders[language] if language in encoders else _for_building(language)
        if encoder and set(LANGUAGES) <= set(encoder.languages):
            return encoder
    return None


def _remove_old(root: Path, current: str) -> None:
    versions = [p for p in root.iterdir() if p.is_dir() and not p.name.startswith(".")]
    versions.sort(key=lambda p: p.stat().st_mtime_ns)
    for folder in versions[:-KEPT_VERSIONS]:
        if folder.name != current:
            shutil.rmtree(folder)


def current_version(root: Path | None = None) -> str | None:
    """The version in service, or None."""
    pointer = (root or index_root()) / "current"
    return pointer.read_text(encoding="utf-8").strip() if pointer.is_file() else None


def open_index(root: Path | None = None) -> Index:
    """The index in service; raises when there is none or when its encoder is not the one that is set now."""
    root = root or index_root()
    version = current_version(root)
    if version is None:
        raise MissingArtefactError(f"There is no index in {root}.", "Make one with `frontdesk ingest FOLDER`.")
    manifest = read_manifest(root / version)
    if manifest.get("format") != FORMAT:
        raise MissingArtefactError(f"The index {version} has an older format.", "Run `frontdesk ingest` again.")
    documents, passages = text_store.read(root / version / "text.sqlite")
    languages: dict[Language, LanguageIndex] = {}
    for language, digest in manifest["encoders"].items():
        own = {d.id: d for d in documents.values() if d.language == language}
        unanswered = text_store.read_unanswered(root / version / "text.sqlite", language)
        text = LanguageText(own, [p for p in passages if p.document_id in own], unanswered)
        if digest != _encoder_key(language):
            raise FrontdeskError(
                f"The index was made with another {language} encoder than {settings().knowledge_encoder(language)!r}.",
                "Run `frontdesk ingest` again, or set the encoder back.",
            )
        folder = root / version / language
        languages[language] = LanguageIndex.load(folder, language, text, pretrained_encoder(language))
    encoder = _reads_all({language: index.parts.pretrained for language, index in languages.items()})
    if manifest["shared"] != (encoder.digest if encoder else None):
        raise FrontdeskError(
            "The index was made with another encoder for both languages than the settings name.",
            "Run `frontdesk ingest` again, or set the encoder back.",
        )
    shared = SharedSpace.load(root / version / SHARED, languages, encoder) if encoder else None
    return Index(version, manifest, documents, languages, shared)
