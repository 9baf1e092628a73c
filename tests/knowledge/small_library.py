"""A small library in both languages and every readable kind of file, written by the tests."""

import contextlib
import json
import os
import zipfile
from pathlib import Path
from unittest import mock
from xml.sax.saxutils import escape

from openpyxl import Workbook

from textkit.settings import settings

TEXTS = {
    "en/returns.md": """# Returns

## How long you have

You have 30 days from delivery to send goods back. Opened coffee cannot be returned.

## What it costs

The return label costs £2.95. Faulty goods travel free.

- Card refunds take 3 to 5 working days.
- Gift cards come back as a new gift card.
""",
    "en/faq.csv": """question,answer
Do you have a car park in Bristol?,"No, but the Quay Street garage is two minutes away."
Can I bring my dog?,Dogs are welcome in every store.
""",
    "en/delivery.html": """<html><head><title>Delivery</title></head><body>
<nav><a href="/">Home</a> <form><input name="q"> Search the shop</form></nav>
<main><h1>Delivery</h1><p>We deliver in the whole of the United&nbsp;Kingdom.</p>
<table><tr><th>Method</th><th>Time</th><th>Price</th></tr>
<tr><td>Standard</td><td>2 to 3 working days</td><td>£3.95</td></tr>
<tr><td>Express</td><td>next working day</td><td>£6.95</td></tr></table></main>
<footer>Company number 0000</footer></body></html>
""",
    "zh/returns.md": """# 退货

## 退货期限

签收后 30 天内可以退货。已拆封的咖啡豆不能退货。

## 退货运费

质量问题由我们承担退货运费。无理由退货第 8 天起自付 15 元。
""",
    "zh/tasting.txt": "成都店品茶会\n\n成都店每周六 15:00 举办品茶会，免费参加，先到先得。每场最多 12 人。\n",
    "zh/faq.csv": """问题,答案
门店可以带狗吗？,可以，门店欢迎带宠物。
可以开发票吗？,可以，下单后 180 天内都能申请电子发票。
""",
}
GLOSSARY = [
    ("tea tasting", "品茶会"),
    ("chengdu", "成都"),
    ("car park", "停车场"),
    ("bristol", "布里斯托"),
    ("free", "免费"),
]
ATTACHED = {
    "en": [
        ("returns.md", "You have 30 days", ["how long do I have to send it back", "can i return it after a month"]),
        ("returns.md", "Opened coffee cannot be returned.", ["I tried the beans and hate them, money back?"]),
        (
            "returns.md",
            "The return label costs £2.95.",
            ["what do I pay to post it to you", "postage for sending it back"],
        ),
        ("returns.md", "Card refunds take", ["when is my money back on my card", "how long does a refund take"]),
        ("delivery.html", "| Standard |", ["how much is normal shipping", "standard delivery price"]),
        ("delivery.html", "| Express |", ["what does it cost to get it tomorrow", "how much is express delivery"]),
        ("repairs.xlsx", "| New pump |", ["price of a new pump", "what does a pump repair cost"]),
        ("warranty.pdf", "| Grinders |", ["how long is a grinder guaranteed", "guarantee on grinders"]),
        ("kettle.docx", "The Heron kettle holds", ["how much water fits in the heron kettle"]),
    ],
    "zh": [
        ("returns.md", "签收后 30 天内可以退货。", ["买了多久还能退", "退货有时间限制吗"]),
        ("returns.md", "已拆封的咖啡豆不能退货。", ["豆子打开了还能退吗", "咖啡拆了能退钱吗"]),
        ("tasting.txt", "成都店每周六", ["成都品茶会什么时候", "成都的品茶活动几点开始"]),
        ("tasting.txt", "每场最多 12 人。", ["成都品茶会最多多少人", "品茶会一场能来几个人"]),
        ("faq.csv", "可以，下单后 180 天内", ["发票多久内可以开", "能补开发票吗"]),
    ],
}

# An encoder is adapted from 200 attached questions on, so each is asked in many ways.
WAYS = {
    "en": (
        "{}/{}?/hi, {}/hello, {} please/quick question: {}/sorry, {}/{} thanks/tell me {}/i would like to know {}"
        "/{} for my last order/{} these days/ok so {}/{} asap"
    ).split("/"),
    "zh": (
        "{}/{}？/你好，{}/请问{}/麻烦问下{}/想知道{}/{}谢谢/亲，{}/在吗，{}/客服，{}/那{}/{}呀/{}呢/我想问{}/{}啊"
        "/帮忙看看{}/{}急/嗨，{}/老板，{}/问一下{}/{}哈/喂，{}"
    ).split("/"),
}


@contextlib.contextmanager
def configured(**changes):
    """The settings of this process changed for a while: `models_dir=...` is FRONTDESK_MODELS_DIR."""
    environment = {f"FRONTDESK_{name.upper()}": str(value) for name, value in changes.items()}
    with mock.patch.dict(os.environ, environment):
        settings.cache_clear()
        try:
            yield
        finally:
            settings.cache_clear()


def write_library(folder: Path, *, attached: bool = True) -> Path:
    """Nine documents and a glossary, with or without attached questions; `folder`."""
    for name, text in TEXTS.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    write_docx(folder / "en/kettle.docx", "Heron kettle", ["The Heron kettle holds 0.9 litres.", "It weighs 1.1 kg."])
    write_xlsx(folder / "en/repairs.xlsx")
    write_pdf(folder / "en/warranty.pdf")
    for language, rows in ATTACHED.items() if attached else ():
        lines = []
        for name, quote, asked in rows:
            questions = [way.format(question) for question in asked for way in WAYS[language]]
            lines.append(json.dumps({"document": name, "quote": quote, "questions": questions}))
        (folder / language / "questions.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "glossary.json").write_text(json.dumps({"pairs": GLOSSARY}), encoding="utf-8")
    return folder


def write_docx(file: Path, heading: str, paragraphs: list[str]) -> None:
    """The least that Word accepts: a heading and paragraphs."""
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    style = '<w:pPr><w:pStyle w:val="Heading1"/></w:pPr>'
    texts = [(style, heading), *(("", p) for p in paragraphs)]
    body = "".join(f"<w:p>{s}<w:r><w:t>{escape(t)}</w:t></w:r></w:p>" for s, t in texts)
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{kind}"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships">'
            f'<Relationship Id="r1" Type="{office}" Target="word/document.xml"/></Relationships>',
        )
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{word}"><w:body>{body}</w:body></w:document>')


def write_xlsx(file: Path) -> None:
    """A price list with a caption, money, a remark and a hidden sheet."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "Repairs"
    for row in [("Prices of common repairs",), ("Repair", "Price", "Days"), ("New pump", 64, 7), ("New seal", 18.5, 2)]:
        sheet.append(row)
    for cell in (sheet["B3"], sheet["B4"]):
        cell.number_format = "£#,##0.00"
    sheet.append([])
    sheet.append(("A diagnosis costs £25.",))
    workbook.create_sheet("Drafts").sheet_state = "hidden"
    workbook["Drafts"].append(("Secret", "margin"))
    workbook.save(file)


def write_pdf(file: Path) -> None:
    """One page: a heading, a paragraph over two lines, a table with ruled cells."""
    rows = [("Goods", "Warranty"), ("Espresso machines", "3 years"), ("Grinders", "2 years")]
    ops = [
        _text(72, 760, 22, "Warranty"),
        _text(72, 720, 11, "The warranty begins on the day of delivery and goes over to"),
    ]
    ops.append(_text(72, 706, 11, "a second owner. Limescale is not covered."))
    for n, row in enumerate(rows):
        top = 660 - 24 * n
        for column, cell in enumerate(row):
            ops += [f"{72 + 200 * column} {top - 24} 200 24 re S", _text(78 + 200 * column, top - 16, 11, cell)]
    stream = "\n".join(ops).encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    data, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(data))
    file.write_bytes(data + head + table + tail)


def _text(x: int, y: int, size: int, text: str) -> str:
    return f"BT /F1 {size} Tf {x} {y} Td ({text}) Tj ET"
