"""`frontdesk evaluate`: a model on labelled texts, against the one in service, with a report to open."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from textkit.errors import FrontdeskError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from finetune.examples import Example
    from finetune.intents.model import IntentModel

app = typer.Typer(help="How good a trained model is, on texts that it has not seen.", no_args_is_help=True)
out = Console(highlight=False)
PROTOCOL = (
    "Intervals: 95 %, 1,000 bootstrap draws, seed 0. ece: 15 bins of equal width. fpr95: what is outside and passes "
    "when 95 % of what is in scope does. p: McNemar's exact test on the same texts."
)


@app.callback()
def _group() -> None:
    """Kept as a group: other kinds of models follow."""


@app.command()
def intent(
    model: Annotated[Path, typer.Option(help="Folder of an intent or sentiment model.")],
    test: Annotated[Path, typer.Option(help="CSV or JSONL with text,label.")],
    oos: Annotated[Path | None, typer.Option(help="CSV or JSONL with text: what no intent covers.")] = None,
    against: Annotated[Path | None, typer.Option(help="Another model's folder; that in service by default.")] = None,
    train: Annotated[
        Path | None, typer.Option(help="Without another model: fit the frozen encoder with a head to this file.")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Write one HTML file with everything. It shows texts.")] = None,
    json_out: Annotated[Path | None, typer.Option("--json", help="Write the figures to this file.")] = None,
) -> None:
    """Accuracy, F1, calibration, out of scope; what is confused; beyond noise or within it."""
    from finetune.benchmarks.report import report as made_report
    from finetune.benchmarks.report import write_json
    from finetune.evaluate.page import page
    from finetune.evaluate.run import evaluate
    from finetune.examples import read_examples, read_texts

    begin = time.perf_counter()
    require_intent_model(model)
    rows = read_examples(test)
    strangers = read_texts(oos) if oos else []
    found = evaluate(model, rows, strangers, _other(against, train, rows))
    figures = found.figures()
    table = Table(title=found.model, show_header=False, box=None)
    for key, value in figures.items():
        if key not in ("intents", "confusions", "outside_limits"):
            table.add_row(key, str(value))
    for meant, understood, times in found.confusions[:5]:
        table.add_row("confused", f"{meant} as {understood}: {times}")
    out.print(table)
    out.print(f"[dim]{PROTOCOL}[/]")
    if found.against is None:
        out.print("[dim]No model is in service to compare with; name --against, or --train for the frozen one.[/]")
    if report:
        report.parent.mkdir(parents=True, exist_ok=True)
        report.write_text(page(found), encoding="utf-8")
        out.print(f"wrote {report}")
    data = [file.name for file in (test, oos) if file]
    write_json(made_report("evaluate intent", data, PROTOCOL, figures, time.perf_counter() - begin), json_out)


def require_intent_model(folder: Path) -> None:
    """Raise FrontdeskError where `folder` holds no intent or sentiment model."""
    if not (folder / "intent.json").is_file():
        remedy = "`frontdesk finetune intent` makes one."
        raise FrontdeskError(f"{folder} is not the folder of an intent model.", remedy)


def _other(against: Path | None, train: Path | None, rows: Sequence[Example]) -> tuple[str, IntentModel] | None:
    from finetune.evaluate.run import THREADS, frozen_baseline, in_service
    from finetune.examples import check_training, read_examples
    from finetune.intents.model import IntentModel
    from frontdesk.bench_models import BASES, _encoder
    from textkit.language import detect_language

    if against:
        return against.name, IntentModel.load(against, THREADS)
    texts = [row.text for row in rows]
    serving = in_service(texts)
    if serving or train is None:
        return serving
    learned = read_examples(train)
    check_training(learned, str(train))
    language = "zh" if sum(detect_language(text) == "zh" for text in texts) > len(texts) / 2 else "en"
    return frozen_baseline(_encoder(BASES[language], language), learned)
