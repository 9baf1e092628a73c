"""Pictures as PNG: matplotlib without a screen, readable on a light and on a dark page."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from finetune.evaluate.metrics import Bin
from finetune.evaluate.words import Word
from textkit.errors import FrontdeskError
from textkit.language import HAN

CJK_FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Source Han Sans SC",
    "WenQuanYi Zen Hei",
    "Microsoft YaHei",
    "PingFang SC",
    "SimHei",
)
FOR, AGAINST = "#2a7f62", "#b5483a"
MOST_NAMED = 40  # labels; beyond, a matrix has numbers only


def confusion_matrix(gold: Sequence[str], found: Sequence[str]) -> bytes:
    """Rows: what was meant; columns: what was understood; each row as shares of its texts."""
    labels = sorted(set(gold) | set(found))
    place = {label: n for n, label in enumerate(labels)}
    counts = np.zeros((len(labels), len(labels)))
    for a, b in zip(gold, found, strict=True):
        counts[place[a], place[b]] += 1
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    named = len(labels) <= MOST_NAMED
    size = max(5.0, 0.28 * len(labels)) if named else 9.0
    figure, axes = _figure(size + 2, size + 1, "".join(labels) if named else "")
    image = axes.imshow(shares, cmap="viridis", vmin=0, vmax=1, interpolation="nearest")
    if named:
        axes.set_xticks(range(len(labels)), labels, rotation=90, fontsize=8)
        axes.set_yticks(range(len(labels)), labels, fontsize=8)
    axes.set_xlabel("understood as")
    axes.set_ylabel("meant")
    figure.colorbar(image, ax=axes, fraction=0.04, label="share of the row")
    return _png(figure)


def reliability(bins: Sequence[Bin]) -> bytes:
    """Accuracy over confidence; on the diagonal a probability is what it says."""
    figure, axes = _figure(5.2, 4.6)
    filled = [row for row in bins if row.count]
    middles = [(row.low + row.high) / 2 for row in filled]
    width = (bins[0].high - bins[0].low) * 0.9
    axes.bar(middles, [row.accuracy for row in filled], width, color=FOR, label="accuracy")
    axes.plot([row.confidence for row in filled], [row.accuracy for row in filled], "o", color="black", markersize=4)
    axes.plot([0, 1], [0, 1], "--", color="grey", label="honest")
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.set_xlabel("confidence")
    axes.set_ylabel("accuracy")
    axes.legend(loc="upper left")
    return _png(figure)


def outside_curve(inside: Sequence[float], outside: Sequence[float], threshold: float) -> bytes:
    """How the scores of both kinds of texts lie, and the limit between them."""
    figure, axes = _figure(5.2, 3.6)
    edges = np.linspace(0, 1, 41)
    for scores, colour, label in ((inside, FOR, "in scope"), (outside, AGAINST, "out of scope")):
        shares = np.full(len(scores), 1 / max(len(scores), 1))
        axes.hist(scores, edges, weights=shares, color=colour, alpha=0.6, label=label)
    axes.axvline(threshold, color="black", linestyle="--", label="limit")
    axes.set_xlabel("out-of-scope score")
    axes.set_ylabel("share of the texts")
    axes.legend()
    return _png(figure)


def words_chart(words: Sequence[Word], label: str) -> bytes:
    """A bar for each word: to the right what spoke for `label`, to the left what spoke against it."""
    figure, axes = _figure(6.4, 0.9 + 0.34 * max(len(words), 1), "".join(w.text for w in words) + label)
    weights = [word.weight for word in words]
    axes.barh(range(len(words)), weights, color=[FOR if w >= 0 else AGAINST for w in weights])
    # matplotlib reads `$` as the start of a formula.
    axes.set_yticks(range(len(words)), [word.text.replace("$", r"\$") for word in words])
    axes.invert_yaxis()
    axes.axvline(0, color="grey", linewidth=0.8)
    axes.set_xlabel(f"log-odds for {label}".replace("$", r"\$"))
    return _png(figure)


def _figure(width: float, height: float, shown: str = "") -> tuple[Any, Any]:
    """A figure without pyplot, which keeps every figure in memory; `shown` decides on the font."""
    try:
        from matplotlib import rc_context
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise FrontdeskError(f"Pictures need {error.name}.", "Run `make install-finetune`.") from error

    with rc_context({"font.family": [*_chinese_font(shown), "DejaVu Sans"]}):
        figure = Figure(figsize=(width, height), layout="constrained", facecolor="white")
        FigureCanvasAgg(figure)
        return figure, figure.add_subplot()


def _png(figure: Any) -> bytes:
    made = io.BytesIO()
    figure.savefig(made, format="png", dpi=110)
    return made.getvalue()


def _chinese_font(shown: str) -> list[str]:
    """The installed font that has the Chinese characters of `shown`; none when there are no such characters."""
    if not re.search(rf"[{HAN}]", shown):
        return []
    from matplotlib import font_manager

    fonts = font_manager.fontManager
    for looks_again in (False, True):  # matplotlib remembers the fonts that it found when it ran first
        if looks_again:
            for path in set(font_manager.findSystemFonts()) - {font.fname for font in fonts.ttflist}:
                with suppress(OSError, RuntimeError):  # a kind of font that it cannot read
                    fonts.addfont(path)
        installed = {font.name for font in fonts.ttflist}
        found = next((name for name in CJK_FONTS if name in installed), None)
        if found:
            return [found]
    raise FrontdeskError(
        "No installed font has Chinese characters, so the picture cannot be drawn.",
        "Install one (Debian and Ubuntu: `apt install fonts-noto-cjk`).",
    )
