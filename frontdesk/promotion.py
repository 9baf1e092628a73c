"""`frontdesk promote`, `rollback`, `models`: which models are in service, and how good they were found."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from textkit.errors import FrontdeskError
from textkit.promoted import RERANKER
from textkit.registry import Registry, read_manifest

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def _taken_up(name: str) -> str:
    """Of a name in the registry: what makes the servers use it."""
    if name.startswith(f"{RERANKER}-"):
        return "Answering asks no reranker; `knowledge.reranker.Reranker` opens it for code of your own."
    return "`frontdesk train` and a restart take it up."


def promote(
    folder: Annotated[Path, typer.Argument(help="A model that `frontdesk finetune` made.")],
    test: Annotated[Path, typer.Option(help="Labelled examples that neither model has seen.")],
    name: Annotated[
        str | None, typer.Option(help="Its name in the registry; intent-en and its like by default.")
    ] = None,
    margin: Annotated[float | None, typer.Option(help="Points by which a label may fall; 10 by default.")] = None,
    force: Annotated[str | None, typer.Option(help="Promote it whatever the figures; the reason is recorded.")] = None,
) -> None:
    """Put a model into service if it is better than what is there beyond noise, and no label falls by much."""
    from finetune import promote as way
    from finetune.examples import read_examples, read_pairs

    if margin is not None and not 0 <= margin <= 100:
        raise FrontdeskError(f"--margin must be between 0 and 100, got {margin}.")
    if force is not None and not force.strip():
        raise FrontdeskError("--force needs a reason.", 'For example --force "the old one knows half of the intents".')
    kind = read_manifest(folder).get("kind")
    if kind not in way.CLASSIFIERS:
        from finetune.promote_pairs import compare_pairs, pair_name

        target = name or pair_name(folder, read_pairs(test, unanswered=kind == RERANKER))
        found = compare_pairs(folder, test, target)
    else:
        examples = read_examples(test)
        target = name or way.default_name(folder, examples)
        try:
            found = way.compare(folder, examples, target, way.MARGIN if margin is None else margin)
        except FrontdeskError:
            if force is None or Registry().find(target):
                raise
            found = None  # forced, with nothing to compare it to
    objections = found.objections() if found else ["There is nothing to compare it with."]
    if objections and force is None:
        err.print(f"[yellow]not promoted:[/] {escape(' '.join(objections))}", soft_wrap=True)
        raise typer.Exit(1)
    reason = force or "better beyond noise"
    made = way.promote(folder, target, found, reason)
    err.print(f"[green]✓[/] {escape(target)} {made.name} is in service: {escape(_sentence(found))} {_taken_up(target)}")


def _sentence(found: object) -> str:
    from finetune.promote import Comparison

    if not isinstance(found, Comparison):
        return "not compared."
    return f"{found.accuracy:.1%} against {found.accuracy_in_service:.1%} of {found.in_service}."


def rollback(name: Annotated[str, typer.Argument(help="Of a promoted model, such as intent-en.")]) -> None:
    """Put what was in service before the current version into service again."""
    if Registry().find(name) is None:
        raise FrontdeskError(f"Nothing has been promoted as {name!r}.", "`frontdesk models` lists what there is.")
    before = Registry().roll_back(name)
    now = f"{name} {before.name}" if before else "what the settings name"
    err.print(f"[green]✓[/] {escape(now)} is in service again. {_taken_up(name)}")


def models() -> None:
    """The models in the registry: versions, which is in service, figures."""
    registry = Registry()
    table = Table("model", "version", "in service", "kind", "precision", "figures", box=None)
    for name in registry.names():
        current = registry.find(name)
        for folder in registry.versions(name):
            manifest = read_manifest(folder)
            figures = {**manifest.get("figures", {}), **manifest.get("promoted", {})}
            shown = [f"{key} {figures[key]}" for key in ("dev_accuracy", "accuracy", "p", "reason") if key in figures]
            row = (name, folder.name, "yes" if folder == current else "", manifest.get("kind", ""))
            table.add_row(*map(escape, row), manifest.get("precision", ""), escape(", ".join(shown)))
    out.print(table)
