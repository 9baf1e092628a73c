import shutil

import pytest

from knowledge import loaders
from knowledge.loaders import find_files, load_document
from tests.knowledge.small_library import TEXTS
from textkit.errors import DocumentError


def load(tmp_path, name, content):
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return load_document(file, tmp_path)


@pytest.mark.parametrize(
    ("name", "title", "said"),
    [
        ("en/returns.md", "Returns", "The return label costs £2.95."),
        ("en/delivery.html", "Delivery", "| Express | next working day | £6.95 |"),
        ("en/faq.csv", "Frequently asked questions", "## Can I bring my dog?\n\nDogs are welcome"),
        ("en/kettle.docx", "Heron kettle", "# Heron kettle\n\nThe Heron kettle holds 0.9 litres."),
        ("en/repairs.xlsx", "Repairs", "| New seal | £18.50 | 2 |"),
        ("en/warranty.pdf", "Warranty", "| Grinders | 2 years |"),
        ("zh/tasting.txt", "成都店品茶会", "每场最多 12 人。"),
        ("zh/faq.csv", "常见问题", "## 可以开发票吗？"),
    ],
)
def test_every_kind_of_file_becomes_a_document(library, name, title, said):
    made = load_document(library / name, library)
    assert (made.title, made.source, made.language) == (title, name, name[:2])
    assert said in made.text


def test_what_frames_a_page_is_not_knowledge(library):
    text = load_document(library / "en/delivery.html", library).text
    assert "United Kingdom." in text
    assert not any(frame in text for frame in ("Home", "Search", "Company number"))


def test_a_page_of_several_articles_keeps_them_all(tmp_path):
    page = (
        "<title>Help</title><article><h2>One</h2><p>First.</p></article><article><h2>Two</h2><p>Second.</p></article>"
    )
    text = load(tmp_path, "a.html", page).text
    assert "First." in text
    assert "Second." in text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize(
    ("name", "pattern"), [("a.html", "<h1>{}</h1><p>{}</p>"), ("a.md", "# {}\n\n{}"), ("a.csv", "问题,答案\n{},{}\n")]
)
def test_chinese_is_read_in_the_encodings_that_offices_save(tmp_path, encoding, name, pattern):
    made = load(tmp_path, name, pattern.format("退货", "三十天内可退，费用 15 元。").encode(encoding))
    assert made.language == "zh"
    assert "三十天内可退，费用 15 元。" in made.text


@pytest.mark.parametrize("sentence", ["£5 – naïve café", "退", "¥15 起", "“So” — it’s €9.80"])
def test_a_short_page_is_never_guessed_to_be_in_another_encoding(tmp_path, sentence):
    assert sentence in load(tmp_path, "a.html", f"<p>{sentence}</p>").text


@pytest.mark.parametrize(
    ("name", "text", "language"),
    [
        ("zh/a.md", "Forge Duo", "zh"),
        ("en/a.md", "退货说明", "en"),
        ("a.md", "退货说明", "zh"),
        ("a.md", "How to return", "en"),
        ("b/zh/c/a.md", "Forge", "zh"),
        ("a.md", "12345", "en"),
    ],
)
def test_the_folder_decides_on_the_language_then_the_text(tmp_path, name, text, language):
    assert load(tmp_path, name, text).language == language


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.pdf", b"%PDF-1.4 broken", r"a\.pdf cannot be read as PDF"),
        ("a.docx", b"PK\x03\x04 broken", r"a\.docx cannot be read as DOCX"),
        ("a.xlsx", b"not a sheet", r"a\.xlsx cannot be read as XLSX"),
        ("a.md", b"\xff\xff\xff\x81", r"a\.md is neither UTF-8 nor GB18030"),
        ("a.md", b" \n---\n", r"a\.md holds no text"),
        ("a.html", b"<script>x()</script>", r"a\.html holds no text"),
        ("a.csv", b"name,price\na,b\n", r"needs the columns question and answer; found: name, price"),
        ("a.csv", b"", "needs the columns question and answer; found: none"),
        ("a.csv", b"question,answer\nq," + b"x" * 200_000, r"a\.csv cannot be read as CSV"),
        ("a.html", b"<div>" * 20_000 + b"deep", r"a\.html cannot be read as HTML"),
    ],
    ids=["pdf", "docx", "xlsx", "bytes", "blank", "script", "columns", "empty", "long field", "deep"],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path, name, content, said):
    with pytest.raises(DocumentError, match=said):
        load(tmp_path, name, content)


def test_a_file_that_is_too_large_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(loaders, "MAX_BYTES", 10)
    with pytest.raises(DocumentError, match=r"a\.md has 11 bytes; the limit is 10"):
        load(tmp_path, "a.md", "x" * 11)


def test_a_row_without_an_answer_is_left_out(tmp_path):
    text = load(tmp_path, "faq.csv", "Question,Answer,Note\nopen?,yes,x\nclosed?,,\nalone\n").text
    assert "open?" in text
    assert "closed?" not in text


def test_ids_are_stable_and_apart(tmp_path):
    first = load(tmp_path, "en/returns.md", "# A\n\nText.")
    assert load(tmp_path, "en/returns.md", "# B\n\nOther.").id == first.id
    others = [load(tmp_path, name, "<p>Text.</p>").id for name in ("en/returns.html", "en-returns.md", "en/退货.md")]
    assert len({first.id, *others}) == 4


def test_folders_are_walked_and_hidden_or_foreign_files_left(library, tmp_path):
    shutil.copytree(library, tmp_path / "lib")
    for name in (".git/notes.md", "en/.draft.md", "photo.png"):
        (tmp_path / "lib" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "lib" / name).write_text("x")
    found = [path.relative_to(base).as_posix() for path, base in find_files([tmp_path / "lib"])]
    assert found == sorted([*TEXTS, "en/kettle.docx", "en/repairs.xlsx", "en/warranty.pdf"])


def test_a_library_inside_a_hidden_folder_is_read(tmp_path):
    (tmp_path / ".shop/library").mkdir(parents=True)
    (tmp_path / ".shop/library/a.md").write_text("# A")
    assert len(find_files([tmp_path / ".shop/library"])) == 1


def test_a_file_named_twice_counts_once(tmp_path):
    (tmp_path / "a.md").write_text("# A")
    assert len(find_files([tmp_path, tmp_path / "a.md", tmp_path])) == 1


def test_two_files_of_one_name_cannot_be_told_apart(tmp_path):
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "faq.md").write_text("# A")
    with pytest.raises(DocumentError, match=r"Two documents are called faq\.md"):
        find_files([tmp_path / "one", tmp_path / "two"])
    assert len(find_files([tmp_path])) == 2


@pytest.mark.parametrize(("name", "said"), [("missing", "does not exist"), ("photo.png", r"photo\.png")])
def test_a_path_that_cannot_be_read_is_named(tmp_path, name, said):
    (tmp_path / "photo.png").write_bytes(b"")
    with pytest.raises(DocumentError, match=said):
        find_files([tmp_path / name])
