import re
from html.parser import HTMLParser

import pytest

from bot.channels.pages import document_page, not_found_page

TEXT = """# Returns & <refunds>

You have **30 days**. Send it "unused" back!

## How <script>alert(1)</script> it goes ##

- Open your account
- Print the *label*

1. Pack it
2. Post it

| Goods | Days |
|---|---|
| Coffee | 14 <b>days</b> |
| Tea & cups | 30 |

退货需在 30 天内寄出。运费由我们承担。
"""
VOID = {"meta", "link"}


class Tags(HTMLParser):
    """Checks that every tag is closed in order and keeps what stands in each."""

    def __init__(self, page):
        super().__init__()
        self.open, self.seen, self.ids, self.marked = [], [], [], ""
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.seen.append(tag)
        self.ids += [value for name, value in attributes if name == "id"]
        if tag not in VOID:
            self.open.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        if any(tag == "mark" or attributes.get("class") == "quote" for tag, attributes in self.open):
            self.marked += f"{data} "


def page(span=(0, 0), text=TEXT, **changes):
    return document_page({"title": "Returns", "language": "en", "text": text, **changes}, span)


def span_of(quote):
    start = TEXT.index(quote)
    return start, start + len(quote)


def test_markdown_becomes_the_page():
    body = page()
    for line in (
        "<h1>Returns &amp; &lt;refunds&gt;</h1>",
        "<ul>\n<li>Open your account</li>",
        "<tr><th>Goods</th><th>Days</th></tr>",
        "<tr><td>Coffee</td><td>14 &lt;b&gt;days&lt;/b&gt;</td></tr>",
        "<p>退货需在 30 天内寄出。运费由我们承担。</p>",
    ):
        assert line in body
    assert "---" not in body


def test_no_document_brings_tags_of_its_own():
    assert set(Tags(page()).seen) <= {
        *("html", "head", "meta", "title", "link", "script", "body", "main"),
        *("h1", "h2", "p", "ul", "ol", "li", "table", "tr", "th", "td"),
    }


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</main></body><iframe src='//evil'>",
    '"><svg onload=alert(1)>',
    "&lt;script&gt;",
    "{title} {0} %s",
    "\ue000<b>\ue001",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("form", ["{}", "# {}", "- {}", "| {} | b |", "1. {}", "> {}"])
def test_hostile_text_is_shown_as_text(text, form):
    made = page(text=form.format(text) if "{title}" not in text else form.replace("{}", text))
    assert not {"svg", "img", "iframe", "b"} & set(Tags(made).seen)
    assert made.count("<script") == 1


@pytest.mark.parametrize("text", HOSTILE[:4])
def test_a_hostile_title_and_language_are_escaped(text):
    made = page(title=text, language=text)
    assert not {"svg", "img", "iframe"} & set(Tags(made).seen)
    assert made.count("<script") == 1


@pytest.mark.parametrize(
    ("quote", "shown"),
    [
        ('Send it "unused" back!', '<mark id="quote">Send it &quot;unused&quot; back!</mark></p>'),
        ("Print the *label*", '<li><mark id="quote">Print the *label*</mark></li>'),
        ("- Open your account", '<li><mark id="quote">Open your account</mark></li>'),
        ("Pack it", '<mark id="quote">Pack it</mark></li>'),
        ("运费由我们承担。", '<p>退货需在 30 天内寄出。<mark id="quote">运费由我们承担。</mark></p>'),
        ("| Tea & cups | 30 |", '<tr class="quote" id="quote"><td>Tea &amp; cups</td><td>30</td></tr>'),
        ("# Returns & <refunds>", '<h1><mark id="quote">Returns &amp; &lt;refunds&gt;</mark></h1>'),
        ("Returns & <refunds>", '<h1><mark id="quote">Returns &amp; &lt;refunds&gt;</mark></h1>'),
        ("How <script>", '<h2><mark id="quote">How &lt;script&gt;</mark>alert(1)&lt;/script&gt; it goes</h2>'),
    ],
)
def test_the_quote_is_marked(quote, shown):
    assert shown in page(span_of(quote))


@pytest.mark.parametrize("span", [(0, 0), (5, 5), (9, 3), (-4, 6), (0, len(TEXT) + 1), (10**9, 10**9 + 5)])
def test_offsets_that_do_not_fit_mark_nothing(span):
    assert page(span) == page()


def test_any_span_gives_a_well_formed_page_with_one_quote():
    shown = re.sub(r"(?m)^\d(?=\. )", " ", TEXT)  # a list's own numbers are not text
    for start in range(0, len(TEXT), 7):
        for end in range(start + 1, len(TEXT), 13):
            tags, words = Tags(page((start, end))), re.findall(r"\w+", shown[start:end])
            assert tags.ids.count("quote") == 1 or (not words and tags.ids.count("quote") == 0)
            assert all(word in tags.marked for word in words)


def test_a_quote_of_several_lines_is_marked_whole():
    tags = Tags(page((TEXT.index("Open your"), TEXT.index("label") + 5)))
    assert re.findall(r"\w+", tags.marked) == ["Open", "your", "account", "Print", "the", "label"]


def test_the_page_of_no_document_speaks_both_languages():
    made = not_found_page()
    assert "no longer here" in made
    assert "已经不存在" in made
    assert Tags(made)
