"""One HTML file with everything: opens without a network, in light and in dark, and has no script."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from finetune.evaluate import pictures
from finetune.evaluate.run import Evaluation, Mistake
from textkit.errors import FrontdeskError

STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem;
  background: light-dark(#fff, #16181b); color: light-dark(#1a1c1e, #e4e6e8); }
table { border-collapse: collapse; margin: .5rem 0 1.5rem; } caption { text-align: left; }
th, td { text-align: left; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid light-dark(#ddd, #34383d);
  vertical-align: top; } td.n { text-align: right; font-variant-numeric: tabular-nums; }
img { max-width: 100%; height: auto; background: #fff; border-radius: 4px; }
figure { margin: 1rem 0; } .note { color: light-dark(#5a6067, #a3a9b0); }
mark.for { background: light-dark(#cdeadf, #1f5c48); color: inherit; }
mark.against { background: light-dark(#f3d5d0, #6d2f27); color: inherit; }
"""


def page(found: Evaluation) -> str:
    """The report as HTML."""
    parts = [
        f"<h1>{_text(found.model)}</h1>",
        _table(("", "value", "95 % interval"), _headline(found)),
        _against(found),
        "<h2>Which intents</h2>",
        _confusions(found),
        _image(pictures.confusion_matrix, "Confusion matrix", found.gold, found.found),
        "<h3>All intents, the worst first</h3>",
        _table(("intent", "precision", "recall", "F1", "texts"), _intents(found)),
        "<h3>Mistakes of the worst intents, the surest first</h3>",
        "<p class=note>Green words spoke for the wrong intent, red ones against it.</p>",
        *(_mistake(mistake) for mistake in found.mistakes),
        "<h2>Are the probabilities honest?</h2>",
        f"<p>Expected calibration error {found.calibration.ece:.3f} ({len(found.calibration.bins)} bins of equal "
        f"width), negative log-likelihood {found.calibration.nll:.3f}, Brier score {found.calibration.brier:.3f}.</p>",
        _image(pictures.reliability, "Reliability diagram", found.calibration.bins),
        _outside(found),
        "<h2>Model card</h2>",
        _table(("", ""), _card(found.card)),
    ]
    head = f'<meta charset="utf-8"><title>{_text(found.model)}</title><style>{STYLE}</style>'
    safe = '<meta name="viewport" content="width=device-width">'
    return f'<!doctype html>\n<html lang="en"><head>{head}{safe}</head><body>\n{"".join(parts)}\n</body></html>\n'


def _headline(found: Evaluation) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = [
        ("accuracy", found.accuracy, _between(found.accuracy_interval)),
        ("macro-F1", found.macro_f1, _between(found.macro_f1_interval)),
        ("expected calibration error", found.calibration.ece, ""),
        ("texts", found.texts, ""),
    ]
    if found.outside:
        rows.append(("out of scope, AUROC", found.outside.figures["auroc"], _between(found.outside.auroc_interval)))
        rows.append(("out of scope, FPR95", found.outside.figures["fpr95"], ""))
    return rows


def _against(found: Evaluation) -> str:
    other = found.against
    if other is None:
        return "<p class=note>No model is in service to compare with.</p>"
    chance = "beyond noise" if other.test.p < 0.05 else "within noise"
    return (
        f"<h2>Against {_text(other.name)}</h2>"
        f"<p>Accuracy {other.accuracy:.4f}, macro-F1 {other.macro_f1:.4f}. Only this model is right about "
        f"{other.test.only_first} texts, only the other about {other.test.only_second}; McNemar’s exact test: "
        f"p = {other.test.p:.4g}, {chance}.</p>"
    )


def _confusions(found: Evaluation) -> str:
    if not found.confusions:
        return "<p>Nothing was confused.</p>"
    return _table(("meant", "understood as", "times"), found.confusions)


def _intents(found: Evaluation) -> list[tuple[Any, ...]]:
    rows = sorted(found.by_intent, key=lambda row: (row.f1, row.label))
    return [(row.label, row.precision, row.recall, row.f1, row.support) for row in rows]


def _mistake(mistake: Mistake) -> str:
    made, place = "", 0
    for word in mistake.words:
        made += _text(mistake.text[place : word.start])
        kind = "for" if word.weight > 0.2 else "against" if word.weight < -0.2 else ""
        shown = _text(mistake.text[word.start : word.end])
        made += f'<mark class="{kind}" title="{word.weight:+.2f}">{shown}</mark>' if kind else shown
        place = word.end
    made += _text(mistake.text[place:])
    meant = f"{_text(mistake.gold)}, understood as {_text(mistake.found)} ({mistake.confidence:.2f})"
    return f"<p>{made}<br><span class=note>meant {meant}</span></p>"


def _outside(found: Evaluation) -> str:
    outside = found.outside
    if outside is None:
        return "<h2>Out of scope</h2><p class=note>Not measured: no texts out of scope were given.</p>"
    rows = [
        (f"{row.threshold:.3f}", row.accepted_wrongly, row.refused_wrongly, row.cost)
        for row in sorted([outside.chosen, *outside.table], key=lambda row: row.threshold)
    ]
    figures = outside.figures
    return (
        "<h2>Out of scope</h2>"
        f"<p>AUROC {figures['auroc']:.4f}, AUPR {figures['aupr']:.4f}, FPR95 {figures['fpr95']:.4f}: the share of what "
        "is outside that passes when 95 % of what is in scope does. The limit of the model is "
        f"{outside.chosen.threshold:.3f}; a wrong acceptance costs {figures['wrong_accept_cost']:g} times a needless "
        "question back.</p>"
        + _image(pictures.outside_curve, "Scores", outside.inside, outside.outside, outside.chosen.threshold)
        + _table(("limit", "accepted wrongly", "refused wrongly", "cost"), rows)
    )


def _card(card: dict[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for key, value in card.items():
        if isinstance(value, dict):
            rows.extend(_card(value, f"{prefix}{key}: "))
        else:
            rows.append((f"{prefix}{key}", ", ".join(map(str, value)) if isinstance(value, list) else str(value)))
    return rows


def _image(draw: Any, caption: str, *arguments: Any) -> str:
    try:
        picture = base64.b64encode(draw(*arguments)).decode()
    except FrontdeskError as error:  # no font for the labels: the report is worth more than the picture
        return f"<p class=note>{_text(error)}</p>"
    return (
        f'<figure><img alt="{_text(caption)}" src="data:image/png;base64,{picture}">'
        f"<figcaption>{_text(caption)}</figcaption></figure>"
    )


def _table(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    head = "".join(f"<th>{_text(name)}</th>" for name in names)
    body = "".join(f"<tr>{''.join(_cell(value) for value in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"<td class=n>{value:.4f}</td>"
    return f"<td class=n>{value}</td>" if isinstance(value, int) else f"<td>{_text(value)}</td>"


def _between(pair: tuple[float, float]) -> str:
    return f"{pair[0]:.4f} to {pair[1]:.4f}"


def _text(value: Any) -> str:
    return escape(str(value))
