"""`frontdesk finetune`: models of what customers say, from your own labelled examples."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from frontdesk.chats import require_finetune
from textkit.errors import FrontdeskError
from textkit.settings import settings

app = typer.Typer(
    help="Fine-tune on your own examples (CSV or JSONL); `make install-finetune` first.", no_args_is_help=True
)
err = Console(stderr=True, highlight=False)
BASE = "sentence-transformers/all-MiniLM-L6-v2"

Train = Annotated[Path, typer.Option("--train", help="CSV or JSONL.")]
Pairs = Annotated[Path, typer.Option("--train", help="CSV or JSONL with query,positive[,negative].")]
Negatives = Annotated[int, typer.Option(min=1, help="Passages of a query beside the one that answers; for rerankers.")]
Dev = Annotated[Path | None, typer.Option("--dev", help="To choose by; without it a tenth of --train is held out.")]
Base = Annotated[str, typer.Option(help="A packaged encoder, a local folder or a name on the hub.")]
Out = Annotated[Path | None, typer.Option(help="The model's folder; one under models/finetuned by default.")]
Epochs = Annotated[int | None, typer.Option(min=1, help="At most; it stops when nothing is gained.")]
Batch = Annotated[int | None, typer.Option(min=1, help="Examples per step, on each device.")]
Rate = Annotated[float | None, typer.Option("--learning-rate", help="The highest.")]
Accumulate = Annotated[int, typer.Option(min=1, help="Batches per step of the optimiser.")]
Layers = Annotated[int | None, typer.Option(min=1, help="Keep so many layers of the base, evenly spread.")]
Teacher = Annotated[Path | None, typer.Option(help="A larger model (its folder) that this one should be like.")]
Precision = Annotated[str | None, typer.Option(help="int8 or float32; chosen by the parity check by default.")]
Seed = Annotated[int, typer.Option(help="Of every choice by chance.")]
Patience = Annotated[int, typer.Option(min=1, help="Looks at the development examples without a gain.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with the training in --out that was stopped.")]
Tensorboard = Annotated[bool, typer.Option("--tensorboard", help="Write logs to OUT/tensorboard.")]
FewShot = Annotated[
    bool | None, typer.Option("--few-shot/--full", help="The way for few examples per label; chosen by their number.")
]
Licence = Annotated[str | None, typer.Option(help="Of the data, for the model card.")]


def _classifier_command(kind: str) -> Callable[..., None]:
    """A command that trains on texts with labels."""

    def command(
        train: Train,
        dev: Dev = None,
        base: Base = BASE,
        out: Out = None,
        epochs: Epochs = None,
        batch: Batch = None,
        rate: Rate = None,
        accumulate: Accumulate = 1,
        layers: Layers = None,
        teacher: Teacher = None,
        precision: Precision = None,
        seed: Seed = 0,
        patience: Patience = 3,
        resume: Resume = False,
        tensorboard: Tensorboard = False,
        few_shot: FewShot = None,
        licence: Licence = None,
    ) -> None:
        _classifier(kind, dict(locals()))

    return command


def encoder(
    train: Pairs,
    dev: Dev = None,
    base: Base = BASE,
    out: Out = None,
    epochs: Epochs = None,
    batch: Batch = None,
    rate: Rate = None,
    accumulate: Accumulate = 1,
    layers: Layers = None,
    precision: Precision = None,
    seed: Seed = 0,
    patience: Patience = 3,
    resume: Resume = False,
    tensorboard: Tensorboard = False,
    licence: Licence = None,
) -> None:
    """Vectors in which questions lie near their answers, from `query`, `positive` and perhaps `negative`."""
    _pairs("encoder", dict(locals()))


def reranker(
    train: Pairs,
    dev: Dev = None,
    base: Base = BASE,
    out: Out = None,
    epochs: Epochs = None,
    batch: Batch = None,
    rate: Rate = None,
    accumulate: Accumulate = 1,
    layers: Layers = None,
    negatives: Negatives = 4,
    precision: Precision = None,
    seed: Seed = 0,
    patience: Patience = 3,
    resume: Resume = False,
    tensorboard: Tensorboard = False,
    licence: Licence = None,
) -> None:
    """Which passage answers, read together with the question, and whether any does; from the same pairs.

    A row with an empty `positive` and a `negative` is a question that nothing answers.
    """
    _pairs("reranker", dict(locals()))


def pairs(
    out: Annotated[Path, typer.Option(help="The file to write (.jsonl).")],
    language: Annotated[str, typer.Option(help="Of the documents: en or zh.")] = "en",
) -> None:
    """Pairs for a reranker from the documents in service: questions attached to them, and those that none answers."""
    from actions.services import services
    from finetune.library_pairs import library_pairs, write_pairs

    if out.suffix != ".jsonl":
        raise FrontdeskError(f"--out must end in .jsonl, got {out.name!r}.")
    services().database.upgrade()
    answerer, begin = services().answerer(), time.perf_counter()
    if language not in answerer.index.languages:
        raise FrontdeskError(f"The index holds no documents in {language!r}.", "--language takes en or zh.")
    count = write_pairs(library_pairs(answerer, "zh" if language == "zh" else "en"), out)
    err.print(f"[green]✓[/] {escape(str(out))}: {count} pairs [dim]{time.perf_counter() - begin:.1f} s[/]")


def _pairs(kind: str, given: dict[str, Any]) -> None:
    from finetune.examples import read_pairs

    unanswered = kind == "reranker"
    train = read_pairs(given["train"], unanswered=unanswered)
    dev = read_pairs(given["dev"], unanswered=unanswered) if given["dev"] else None
    begin, out = time.perf_counter(), _out(kind, given["out"], given["resume"])
    chosen = _settings(given)
    if kind == "encoder":
        from finetune.train.encoder import train_encoder

        train_encoder(train, dev, given["base"], out, chosen, about=_about(given), report=_say)
    else:
        from finetune.train.reranker import train_reranker

        train_reranker(train, dev, given["base"], out, chosen, about=_about(given), report=_say)
    _done(out, begin)


def _classifier(kind: str, given: dict[str, Any]) -> None:
    from finetune.examples import read_examples

    train = read_examples(given["train"])
    dev = read_examples(given["dev"]) if given["dev"] else None
    begin, out = time.perf_counter(), _out(kind, given["out"], given["resume"])
    chosen = _settings(given, few_shot=given["few_shot"])
    from finetune.train import intent as way

    way.train_intent(train, dev, given["base"], out, chosen, kind=kind, about=_about(given), report=_say)
    _done(out, begin)


def _settings(given: dict[str, Any], **others: Any) -> Any:
    require_finetune("torch", "transformers", "sentence_transformers")
    from finetune.train.settings import TrainSettings

    if given["precision"] not in (None, "int8", "float32"):
        raise FrontdeskError(f"--precision must be int8 or float32, got {given['precision']!r}.")
    names = ("epochs", "batch", "accumulate", "layers", "precision", "seed", "patience", "resume", "tensorboard")
    return TrainSettings(
        **{name: given[name] for name in names},
        learning_rate=given["rate"],
        **({"negatives": given["negatives"]} if "negatives" in given else {}),
        teacher=str(given["teacher"]) if given.get("teacher") else None,
        **others,
    )


def _about(given: dict[str, Any]) -> dict[str, Any]:
    files = {f"{name}_file": str(given[name].resolve()) for name in ("train", "dev") if given[name]}
    return {**files, **({"licence": given["licence"]} if given["licence"] else {})}


def _out(kind: str, out: Path | None, resume: bool) -> Path:
    if out is None and resume:
        raise FrontdeskError("--resume needs --out: the folder of the training that was stopped.")
    if out is None and int(os.environ.get("WORLD_SIZE", "1")) > 1:
        raise FrontdeskError("Several processes need --out: one folder for all of them.")
    stamp = f"{datetime.now():%Y%m%d-%H%M%S}"
    return out or settings().path(settings().models_dir) / "finetuned" / f"{kind}-{stamp}"


def _say(line: str) -> None:
    if int(os.environ.get("RANK", "0")) == 0:
        err.print(f"  {escape(line)}", soft_wrap=True)


def _done(out: Path, begin: float) -> None:
    if int(os.environ.get("RANK", "0")):
        return
    err.print(f"[green]✓[/] {escape(str(out))} [dim]{time.perf_counter() - begin:.1f} s[/]")


HELP = {
    "intent": "What customers want, from examples with `text` and `label`.",
    "sentiment": "How customers sound, from examples with `text` and `label` (negative, neutral, positive).",
}
for name, text in HELP.items():
    app.command(name, help=text)(_classifier_command(name))
for made in (encoder, reranker, pairs):
    app.command()(made)
