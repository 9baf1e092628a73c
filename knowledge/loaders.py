"""Files to documents: Markdown, text, HTML, CSV (questions and answers), PDF, DOCX and XLSX."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable
from pathlib import Path

from knowledge.documents import Document, document_title, normalise_text
from knowledge.pdf import pdf_to_markdown
from knowledge.spreadsheet import xlsx_to_markdown
from textkit.errors import DocumentError
from textkit.language import LANGUAGES, Language, detect_language

SUFFIXES = {".md", ".markdown", ".txt", ".html", ".htm", ".csv", ".pdf", ".docx", ".xlsx"}
MAX_BYTES = 25 * 1024 * 1024
_QUESTION_COLUMNS = ("question", "questions", "q", "问题", "问")
_ANSWER_COLUMNS = ("answer", "answers", "a", "答案", "回答", "答")


def find_files(paths: Iterable[Path]) -> list[tuple[Path, Path]]:
    """Every readable file under `paths`, with the folder that its source is named from; sorted by name."""
    found: list[tuple[Path, Path]] = []
    for path in paths:
        if path.is_dir():
            files = (p for p in path.rglob("*") if p.is_file() and p.suffix.lower() in SUFFIXES)
            found.extend((p, path) for p in files if not _is_hidden(p.relative_to(path)))
        elif not path.exists():
            raise DocumentError(f"{path} does not exist.", "Name a file or a folder of documents.")
        elif path.suffix.lower() not in SUFFIXES:
            kinds = " ".join(sorted(SUFFIXES))
            raise DocumentError(f"{path.name} is of a kind that is not read.", f"Kinds that are: {kinds}.")
        else:
            found.append((path, path.parent))
    return _once(sorted(found))


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _once(files: list[tuple[Path, Path]]) -> list[tuple[Path, Path]]:
    """`files` without those named twice; two of one name would be one document, and raise DocumentError."""
    by_file = {path.resolve(): (path, base) for path, base in reversed(files)}
    by_name: dict[str, Path] = {}
    for path, base in by_file.values():
        name = path.relative_to(base).as_posix()
        if name in by_name:
            raise DocumentError(f"Two documents are called {name}: {by_name[name]} and {path}.", "Rename one.")
        by_name[name] = path
    return sorted(by_file.values())


def load_document(path: Path, base: Path) -> Document:
    """The document in `path`; raises DocumentError, naming the file, when it is empty, too large or unreadable."""
    source = path.relative_to(base).as_posix()
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise DocumentError(f"{source} has {size:,} bytes; the limit is {MAX_BYTES:,}.", "Split it.")
    text = normalise_text(_to_markdown(path, source), printed=path.suffix.lower() == ".txt")
    if not re.search(r"\w", text):
        raise DocumentError(f"{source} holds no text.", "A scanned PDF needs text recognition first.")
    language = _language(Path(source), text)
    digest = hashlib.sha256(source.encode()).hexdigest()[:6]
    slug = re.sub(r"[^\w]+", "-", str(Path(source).with_suffix("")).lower()).strip("-")
    return Document(f"{slug}-{digest}", document_title(text, path.stem), source, language, text)


def _language(source: Path, text: str) -> Language:
    """A folder named `en` or `zh` decides; otherwise the text does."""
    for part in source.parts[:-1]:
        if part in LANGUAGES:
            return part
    han = len(re.findall(r"[\u4e00-\u9fff]", text))
    return "zh" if han > len(text) / 10 else detect_language(text[:4000]) or "en"


def _to_markdown(path: Path, source: str) -> str:
    """What cannot be read, for whatever reason, is an error that names the file."""
    try:
        return _read(path, source)
    except DocumentError:
        raise
    except Exception as error:
        kind = path.suffix[1:].upper()
        raise DocumentError(f"{source} cannot be read as {kind} ({type(error).__name__}).", "Is it damaged?") from error


def _read(path: Path, source: str) -> str:
    suffix = path.suffix.lower()
    # markitdown loses the headings and tables of a PDF and takes a sheet's caption for its header.
    if suffix == ".pdf":
        return pdf_to_markdown(path)
    if suffix == ".xlsx":
        return xlsx_to_markdown(path)
    if suffix == ".docx":
        return _docx_to_markdown(path)
    text = _decode(path.read_bytes(), source)
    if suffix in (".html", ".htm"):
        return _html_to_markdown(text)
    return _faq_to_markdown(text, source, path.stem) if suffix == ".csv" else text


def _decode(data: bytes, source: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DocumentError(f"{source} is neither UTF-8 nor GB18030.", "Save it as UTF-8.")


def _faq_to_markdown(text: str, source: str, name: str) -> str:
    reader = csv.DictReader(io.StringIO(text))
    columns = {(c or "").strip().lower(): c for c in reader.fieldnames or []}
    question = next((columns[c] for c in _QUESTION_COLUMNS if c in columns), None)
    answer = next((columns[c] for c in _ANSWER_COLUMNS if c in columns), None)
    if question is None or answer is None:
        found = ", ".join(columns) or "none"
        raise DocumentError(f"{source} needs the columns question and answer; found: {found}.", "Rename its header.")
    chinese = len(re.findall(r"[\u4e00-\u9fff]", text)) > len(text) / 10
    titles = {"faq": "常见问题" if chinese else "Frequently asked questions"}
    parts = [f"# {titles.get(name.lower(), name.replace('-', ' ').replace('_', ' '))}"]
    for row in reader:
        if (row[question] or "").strip() and (row[answer] or "").strip():
            parts.append(f"## {' '.join(row[question].split())}\n\n{row[answer].strip()}")
    return "\n\n".join(parts)


# markitdown's converters are called by name: it would guess the kind and the encoding of short or damaged files.
def _docx_to_markdown(path: Path) -> str:
    from markitdown import StreamInfo
    from markitdown.converters import DocxConverter

    return str(DocxConverter().convert(io.BytesIO(path.read_bytes()), StreamInfo(extension=".docx")).markdown)


def _html_to_markdown(page: str) -> str:
    """The page's main part: its navigation, header and footer are not knowledge."""
    from bs4 import BeautifulSoup
    from markitdown.converters import HtmlConverter

    soup = BeautifulSoup(page, "html.parser")
    for tag in soup(["script", "style", "nav", "header", "footer", "aside", "form", "noscript", "template"]):
        if tag.name != "header" or tag.find("h1") is None:
            tag.decompose()
    articles = soup.find_all("article")
    main = soup.find("main") or (articles[0] if len(articles) == 1 else soup.body) or soup
    if soup.title and soup.title.string and main.find(["h1", "h2"]) is None:
        heading = soup.new_tag("h1")
        heading.string = soup.title.string.strip()
        main.insert(0, heading)
    return str(HtmlConverter().convert_string(f"<html><body>{main}</body></html>", strict=True).markdown)
