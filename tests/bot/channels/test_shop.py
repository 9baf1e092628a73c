"""The demo shop's pages and the widget's script, over HTTP."""

import gzip
import http.client
import re

import pytest

from tests.bot.channels.serving import FULL, Served
from tests.bot.channels.test_pages import Tags

PATHS = ("/", "/?category=all", "/?category=cups", "/products/CUP", "/chat", "/privacy", "/products/NONE")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("path", PATHS)
def test_every_page_is_well_formed(served: Served, path: str, language: str):
    status, headers, text = served.call("GET", path, headers={"Accept-Language": language})
    assert status == (404 if path.endswith("NONE") else 200)
    assert headers["content-type"] == "text/html; charset=utf-8"
    tags = Tags(text)
    assert len(tags.ids) == len(set(tags.ids))
    assert not re.search(r"<script(?! src=)|\son\w+=|<style|\sstyle=|https?://", text)


def test_the_front_shows_categories_and_what_is_new(served: Served):
    text = served.call("GET", "/")[2]
    assert 'href="/?category=teaware"' in text
    assert 'href="/products/CUP"' in text
    assert "Good coffee" in text


def test_a_category_shows_its_own_products(served: Served):
    text = served.call("GET", "/?category=cups")[2]
    assert "<h1>Cups and glasses</h1>" in text
    assert "1 articles" in text
    assert 'href="/products/POT"' not in text
    assert 'href="/products/POT"' in served.call("GET", "/?category=all")[2]


@pytest.mark.parametrize("category", ["nothing", "<script>", "%00", "../cups"])
def test_a_category_that_is_none(served: Served, category: str):
    status, _, text = served.call("GET", f"/?category={category}")
    assert status == 404
    assert "<script>" not in text


def test_names_of_a_foreign_catalogue_are_escaped(served: Served):
    assert "<b>odd" not in served.call("GET", "/?category=all")[2]


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", ("Cup CUP", "£18.50", "In stock", "A cup &amp; &lt;saucer&gt;.", "<td>Porcelain</td>", "Goes with")),
        ("zh", ("杯子 CUP", "¥1,380", "仅剩 3 件", "一只杯子。", "<td>瓷</td>", "搭配使用")),
    ],
)
def test_a_product_in_the_customer_s_market(served: Served, language: str, shown: tuple[str, ...]):
    text = served.call("GET", f"/products/CUP?lang={language}")[2]
    for part in shown:
        assert part in text
    assert "unheard" not in text


def test_the_widget_is_told_which_product_is_in_view(served: Served):
    name = FULL["name"]["en"]
    assert f'data-product="CUP" data-product-name="{name}"' in served.call("GET", "/products/CUP")[2]
    assert "data-product" not in served.call("GET", "/")[2]


def test_the_language_switch_is_remembered(served: Served):
    status, headers, text = served.call("GET", "/products/CUP?lang=zh", headers={"Accept-Language": "en"})
    assert (status, '<html lang="zh-CN">' in text) == (200, True)
    cookie = headers["set-cookie"].split(";")[0]
    assert '<html lang="zh-CN">' in served.call("GET", "/", headers={"Accept-Language": "en", "Cookie": cookie})[2]
    assert 'href="/products/CUP?lang=en"' in text


@pytest.mark.parametrize("cookie", ["frontdesk-language=<b>", "frontdesk-language=", "x"])
def test_a_cookie_of_somebody_else_changes_nothing(served: Served, cookie: str):
    assert '<html lang="en">' in served.call("GET", "/", headers={"Cookie": cookie})[2]


def test_without_the_action_server_the_shop_says_so():
    with Served(actions_port=9) as alone:  # nothing listens there
        for path in ("/", "/products/CUP"):
            status, _, text = alone.call("GET", path)
            assert status == 503
            assert "cannot be shown right now" in text


def raw(served: Served, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
    try:
        connection.request(
            "GET", "/widget.js", headers={name.replace("_", "-"): value for name, value in headers.items()}
        )
        answer = connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def test_the_widget_is_one_small_script(served: Served):
    status, headers, body = raw(served, Accept_Encoding="gzip, br")
    assert (status, headers["content-encoding"]) == (200, "gzip")
    assert headers["content-type"] == "text/javascript; charset=utf-8"
    assert len(body) <= 40 * 1024
    plain = raw(served)[2]
    assert gzip.decompress(body) == plain
    assert not re.search(r"\b(?:innerHTML|outerHTML|insertAdjacentHTML|eval)\b|document\.write", plain.decode())


def test_the_widget_is_sent_once(served: Served):
    _, headers, _ = raw(served)
    status, again, body = raw(served, If_None_Match=headers["etag"])
    assert (status, body, again["etag"]) == (304, b"", headers["etag"])
    assert headers["cache-control"] == "public, max-age=600"
    assert headers["access-control-allow-origin"] == "*"
