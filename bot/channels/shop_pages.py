"""The HTML of the demo shop: its front, a category, a product; and the chat as a page of its own."""

from __future__ import annotations

from html import escape
from typing import Any

from bot.channels.illustrations import illustration, logo, symbols
from bot.channels.shop_words import CATEGORIES, WORDS, attribute_rows, category_name
from textkit.settings import Settings

Product = dict[str, Any]
MARKETS = {"en": ("GBP", "£", "bristol"), "zh": ("CNY", "¥", "kunshan")}
FEW = 5
FRESH = 8
COLOUR = "#9a4521"
TAGS = {"en": "en", "zh": "zh-CN"}

_PAGE = """<!doctype html>
<html lang="{tag}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content">
<title>{title}</title>
<link rel="stylesheet" href="/static/{style}.css">
<link rel="icon" href="/static/logo.svg" type="image/svg+xml">
{widget}
</head>
<body>
{body}
</body>
</html>
"""


class ShopPages:
    """Pages in one language; `path` is where the language switch leads back to."""

    def __init__(self, current: Settings, language: str, path: str = "/") -> None:
        self.language = language
        self.words = WORDS[language]
        self._name = current.business_name_zh if language == "zh" else current.business_name_en
        self._path = path
        self._currency, self._sign, self._warehouse = MARKETS[language]

    def front(self, products: list[Product]) -> str:
        """The entrance: categories, and what is new."""
        words = self.words
        newest = sorted(products, key=lambda p: p["released"], reverse=True)
        fresh = [p for p in newest if p["status"] == "active" and p["category"] not in ("spare-parts", "refurbished")]
        tiles = "".join(
            f'<li><a class="tile" href="{self._category_link(name)}">{illustration(name)}'
            f"<span>{escape(category_name(name, self.language))}</span></a></li>"
            for name in self._categories(products)
        )
        body = f"""<section class="hero"><div>
<h1>{words["hello"]}</h1>
<p>{words["lead"]}</p>
<p class="calls"><a class="call" href="{self._category_link("espresso-machines")}">{words["browse"]}</a>
<button class="call quiet" type="button" data-ask>{words["chat"]}</button></p>
</div><div class="still">{illustration("espresso-machines", "cream")}{illustration("cups", "copper")}{
            illustration("kettles", "moss green")
        }</div></section>
<section><h2>{words["categories"]}</h2><ul class="tiles">{tiles}</ul></section>
<section><h2>{words["fresh"]}</h2>{self._grid(fresh[:FRESH])}</section>"""
        return self._page(self._name, body, {p["category"] for p in products} | {"kettles", "cups"}, products)

    def category(self, products: list[Product], name: str) -> str:
        """One category, or everything when `name` is empty."""
        order = self._categories(products)
        chosen = [p for p in products if p["category"] == name or not name]
        chosen.sort(key=lambda p: order.index(p["category"]))
        title = category_name(name, self.language) if name else self.words["all"]
        count = self.words["count"].format(count=len(chosen))
        heading = f'<div class="heading"><h1>{escape(title)}</h1><p>{count}</p></div>'
        body, used = f"<section>{heading}{self._grid(chosen)}</section>", {p["category"] for p in chosen}
        return self._page(f"{title} · {self._name}", body, used, products, chosen=name or "all")

    def product(self, product: Product) -> str:
        """One product with its attributes, price and stock; the widget knows that it is in view."""
        words, name = self.words, product["name"][self.language]
        rows = "".join(
            f"<tr><th>{escape(label)}</th><td>{escape(value)}</td></tr>"
            for label, value in attribute_rows(product, self.language)
        )
        fitting = product["compatible_with"][:4]
        category = category_name(product["category"], self.language)
        goes_with = f"<section><h2>{words['fits']}</h2>{self._grid(fitting)}</section>" if fitting else ""
        stock, tone = self._stock(product)
        ready = f'<p class="soft">{words["ready"]}</p>' if tone == "good" else ""
        body = f"""<nav class="crumbs"><a href="/">{words["shop"]}</a> / <a href="{
            self._category_link(product["category"])
        }">{escape(category)}</a></nav>
<article class="product"><div class="stage ground-{escape(product["category"])}">{self._drawn(product)}</div>
<div><p class="sku">{escape(product["sku"])}</p><h1>{escape(name)}</h1>
<p class="price big">{self._price(product)}<small>{words["vat"]}</small></p>
<p class="stock {tone}">{stock}</p>{ready}
<p class="about">{escape(product["description"][self.language])}</p>
<button class="call" type="button" data-ask>{words["ask"]}</button>
<h2>{words["details"]}</h2><table>{rows}</table></div></article>{goes_with}"""
        used = {product["category"]} | {p["category"] for p in fitting}
        return self._page(f"{name} · {self._name}", body, used, chosen=product["category"], viewed=product)

    def privacy(self) -> str:
        """What the consent line of the widget leads to."""
        return self._plain(self.words["privacy"], f"<p>{self.words['privacy_text']}</p>")

    def message(self, key: str) -> str:
        """A page that says one thing: `not_found` or `trouble`."""
        return self._plain(self.words[key], f'<p><a class="call" href="/">{self.words["back"]}</a></p>')

    def _plain(self, title: str, content: str) -> str:
        body = f'<section class="plain"><h1>{title}</h1>{content}</section>'
        return self._page(f"{title} · {self._name}", body, set())

    def chat(self) -> str:
        """The chat alone, as large as the window."""
        widget = self._widget_tag(display="page")
        title = escape(f"{self._name} · {self.words['service']}")
        return _PAGE.format(tag=TAGS[self.language], title=title, style="chat", widget=widget, body="")

    def _page(
        self,
        title: str,
        body: str,
        used: set[str],
        products: list[Product] | None = None,
        *,
        chosen: str = "",
        viewed: Product | None = None,
    ) -> str:
        words, tag = self.words, TAGS[self.language]
        names = self._categories(products) if products else list(CATEGORIES)
        links = "".join(self._nav_link(name, chosen) for name in ["all", *names])
        seen = {"product": viewed["sku"], "product-name": viewed["name"][self.language]} if viewed else {}
        whole = f"""<a class="skip" href="#content">{words["skip"]}</a>
<header class="top"><a class="brand" href="/">{logo()}<span>{escape(self._name)}</span></a>
<div class="languages" role="group" aria-label="{words["language"]}">{self._language_link("en", "English")}{
            self._language_link("zh", "中文")
        }</div>
<nav class="shelves" aria-label="{words["shop"]}"><ul>{links}</ul></nav></header>
<main id="content">{symbols(used)}{body}</main>
<footer><p>{escape(self._name)}</p><p>{words["sample"]}</p><p><a href="/privacy">{words["privacy"]}</a> · <a
href="/chat">{words["service"]}</a></p></footer>"""
        widget = self._widget_tag(**seen) + '\n<script src="/static/shop.js" defer></script>'
        return _PAGE.format(tag=tag, title=escape(title), style="shop", widget=widget, body=whole)

    def _widget_tag(self, **more: str) -> str:
        data = {
            "name": self._name,
            "color": COLOUR,
            "logo": "/static/logo.svg",
            "consent-link": "/privacy",
            **more,
        }
        written = " ".join(f'data-{name}="{escape(value)}"' for name, value in data.items())
        return f'<script src="/widget.js" {written} defer></script>'

    def _categories(self, products: list[Product]) -> list[str]:
        """Those that have products; the sample's in their order, others behind them."""
        present = {p["category"] for p in products}
        return [name for name in CATEGORIES if name in present] + sorted(present - set(CATEGORIES))

    def _category_link(self, name: str) -> str:
        return f"/?category={escape(name)}"

    def _nav_link(self, name: str, chosen: str) -> str:
        shown = self.words["all"] if name == "all" else category_name(name, self.language)
        current = ' aria-current="page"' if name == chosen else ""
        return f'<li><a href="{self._category_link(name)}"{current}>{escape(shown)}</a></li>'

    def _language_link(self, language: str, shown: str) -> str:
        current = ' aria-current="true"' if language == self.language else ""
        address = f"{self._path}{'&' if '?' in self._path else '?'}lang={language}"
        return f'<a href="{escape(address)}" lang="{TAGS[language]}" hreflang="{TAGS[language]}"{current}>{shown}</a>'

    def _grid(self, products: list[Product]) -> str:
        return f'<ul class="grid">{"".join(self._item(product) for product in products)}</ul>'

    def _item(self, product: Product) -> str:
        stock, tone = self._stock(product)
        return (
            f'<li><a class="item" href="/products/{escape(product["sku"])}">'
            f'<span class="stage ground-{escape(product["category"])}">{self._drawn(product)}</span>'
            f'<span class="name">{escape(product["name"][self.language])}</span>'
            f'<span class="price">{self._price(product)}</span><span class="stock {tone}">{stock}</span></a></li>'
        )

    def _drawn(self, product: Product) -> str:
        return illustration(product["category"], product["look"])

    def _price(self, product: Product) -> str:
        whole, part = divmod(product["price"][self._currency], 100)
        return f"{self._sign}{whole:,}" + (f".{part:02}" if part else "")

    def _stock(self, product: Product) -> tuple[str, str]:
        """What is said of the stock, and its tone."""
        if product["status"] in ("preorder", "discontinued"):
            return self.words[product["status"]], "quiet"
        left = product["stock"][self._warehouse]
        if left == 0:
            return self.words["sold_out"], "bad"
        return (self.words["in_stock"], "good") if left > FEW else (self.words["few"].format(count=left), "few")
