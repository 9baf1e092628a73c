"""`frontdesk label`: intents for messages that have none, decided by a person, into the training examples."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from frontdesk.chats import require_finetune
from textkit.errors import FrontdeskError
from textkit.settings import ROOT

if TYPE_CHECKING:
    from finetune.label.intents import Guess
    from finetune.label.sheet import Cluster, Sheet, Single

app = typer.Typer(
    help="Label customers' messages: clusters with suggested intents, and what is most worth a label.",
    no_args_is_help=True,
)
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)
NLU = ROOT / "bot/data/nlu"
SheetFile = Annotated[Path, typer.Argument(help="A sheet that `frontdesk label suggest` wrote.")]
Folder = Annotated[Path, typer.Option("--nlu", help="Folder of the training examples.")]
EXAMPLES = 6  # messages of a cluster that are shown


@app.command("suggest")
def suggest_labels(
    file: Annotated[Path, typer.Argument(help="Cleaned chats (`frontdesk chats clean`).")],
    target: Annotated[Path, typer.Option("--out", help="The sheet to write (YAML).")],
    smallest: Annotated[int, typer.Option(help="Messages that make a cluster.")] = 5,
    most: Annotated[int, typer.Option(help="Single messages per language, the most worth a label.")] = 30,
    service: Annotated[
        bool, typer.Option("--service/--no-service", help="Ask the dialogue model in service what it is unsure of.")
    ] = True,
    nlu: Folder = NLU,
) -> None:
    """Cluster messages without a label, suggest an intent for each cluster, and rank what is most worth labelling.

    Example: `frontdesk label suggest clean.jsonl --out labels.yml`
    """
    require_finetune("sklearn", "datasketch")
    from finetune.chats.message import read_messages
    from finetune.label.intents import IntentView
    from finetune.label.nlu import read_examples
    from finetune.label.sheet import Sheet, write_sheet
    from finetune.label.suggest import suggest, unlabelled
    from finetune.label.vectors import language_of

    if smallest < 2 or most < 0:
        raise FrontdeskError("--smallest must be at least 2, and --most at least 0.")
    examples = read_examples(nlu)
    texts = unlabelled(read_messages(file), examples)
    if not any(texts.values()):
        raise FrontdeskError(f"Every customer's message in {file} has a label or is an example already.")
    predict = guesses_in_service if service and _has_service() else None
    if service and predict is None:
        err.print("[yellow]There is no dialogue model to ask; a stand-in made of the examples says what is unsure.[/]")
    sheet = Sheet([], [])
    for language, found in texts.items():
        if found:
            view = IntentView.fit([e for e in examples if language_of(e.text) == language], language)
            part = suggest(found, language, view, smallest, most, predict)
            sheet.clusters += part.clusters
            sheet.singles += part.singles
    for number, cluster in enumerate(sheet.clusters, 1):
        cluster.number = number
    write_sheet(sheet, target)
    _show(sheet)
    err.print(f"wrote {escape(str(target))}; next: frontdesk label review {escape(str(target))}")


def _has_service() -> bool:
    from frontdesk.runtimes import DIALOGUE
    from textkit.settings import settings

    return DIALOGUE.exists() and (settings().path(settings().models_dir) / "rasa").is_dir()


def guesses_in_service(texts: Sequence[str]) -> list[Guess]:
    """What the dialogue model in service takes messages for."""
    from finetune.label.intents import Guess
    from frontdesk.explained import parse_texts

    found = []
    for parsed in parse_texts(texts):
        ranking = sorted(parsed["intent_ranking"], key=lambda row: -float(row["confidence"]))
        shares = [float(row["confidence"]) for row in ranking] + [0.0]
        found.append(Guess(str(ranking[0]["name"]), shares[0], shares[0] - shares[1]))
    return found


def _show(sheet: Sheet) -> None:
    table = Table("", "language", "suggested intent", "sure", "messages", "terms", box=None)
    for cluster in sheet.clusters:
        name = f"{cluster.intent} (new)" if cluster.new else cluster.intent
        count = str(len(cluster.messages))
        terms = escape(", ".join(cluster.terms))
        table.add_row(str(cluster.number), cluster.language, name, f"{cluster.confidence:.2f}", count, terms)
    out.print(table)
    out.print(f"{len(sheet.singles)} single messages to label, the most worth first")


@app.command("review")
def review_labels(file: SheetFile) -> None:
    """Go through a sheet in the terminal: accept, rename, merge; the file is written after every answer.

    Example: `frontdesk label review labels.yml`. To edit the file instead, see the lines at its top.
    """
    from finetune.label.sheet import read_sheet, write_sheet

    sheet = read_sheet(file)
    err.print("Enter accepts; a name renames; m NUMBER merges; s skips; q stops (what is decided is kept).")
    for cluster in [c for c in sheet.clusters if not c.accept]:
        if not _decide_cluster(cluster, sheet):
            break
        write_sheet(sheet, file)
    else:
        for single in [s for s in sheet.singles if not s.intent]:
            if not _decide_single(single):
                break
            write_sheet(sheet, file)
    write_sheet(sheet, file)
    accepted = sum(cluster.accept for cluster in sheet.clusters)
    labelled = sum(bool(single.intent) for single in sheet.singles)
    err.print(f"{accepted} clusters and {labelled} single messages are labelled; next: frontdesk label write {file}")


def _decide_cluster(cluster: Cluster, sheet: Sheet) -> bool:
    """Ask until there is an answer; False to stop."""
    from finetune.label.nlu import INTENT

    new = " (a new name)" if cluster.new else ""
    out.print(f"\n[bold]{cluster.number}[/] {cluster.intent}{new} · {escape(', '.join(cluster.terms))}")
    for text in cluster.messages[:EXAMPLES]:
        out.print(f"   {escape(' '.join(text.split())[:120])}")
    if len(cluster.messages) > EXAMPLES:
        out.print(f"   [dim]… and {len(cluster.messages) - EXAMPLES} more[/]")
    while True:
        answer = _ask(cluster.intent)
        others = {str(c.number): c.intent for c in sheet.clusters}
        if answer in ("q", "s"):
            return answer == "s"
        if answer.startswith("m ") and answer[2:].strip() in others:
            cluster.intent, cluster.accept = others[answer[2:].strip()], True
            return True
        if INTENT.fullmatch(answer):
            cluster.intent, cluster.accept = answer, True
            return True
        err.print("Enter, a name such as gift_wrap, m with a cluster's number, s or q.")


def _decide_single(single: Single) -> bool:
    from finetune.label.nlu import INTENT

    out.print(f"\n{escape(' '.join(single.text.split())[:300])} [dim](the model: {escape(single.guess)})[/]")
    while True:
        answer = _ask(single.guess.split()[0])
        if answer in ("q", "s"):
            return answer == "s"
        if INTENT.fullmatch(answer):
            single.intent = answer
            return True
        err.print("Enter, a name such as gift_wrap, s or q.")


def _ask(default: str) -> str:
    try:
        return str(typer.prompt("intent", default=default, err=True)).strip()
    except (typer.Abort, EOFError):
        return "q"


@app.command("write")
def write_labels(
    file: SheetFile,
    nlu: Folder = NLU,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be added.")] = False,
) -> None:
    """Add what was accepted to the training examples; nothing there is changed and nothing is added twice.

    Example: `frontdesk label write labels.yml --dry-run`, then without it, then `frontdesk train`.
    """
    from finetune.label.nlu import merge, read_examples
    from finetune.label.sheet import read_sheet

    decided = read_sheet(file).decided()
    if not decided:
        raise FrontdeskError(f"Nothing in {file} is accepted.", f"Go through it: frontdesk label review {file}")
    known = {example.label for example in read_examples(nlu)}
    new: set[str] = set()
    table = Table("file", "intent", "examples added", box=None)
    for language, intents in decided.items():
        target = nlu / f"{language}.yml"
        counts: dict[str, Any] = merge(target, intents, write=not dry_run)
        for name, count in counts.items():
            table.add_row(escape(str(target)), name, str(count))
        new |= set(counts) - known
    out.print(table if table.row_count else "Every accepted message is an example already.")
    if new:
        names = ", ".join(sorted(new))
        err.print(f"[yellow]New intents ({names}) need a line in bot/domain and a rule that says what happens.[/]")
    err.print("nothing was written (--dry-run)" if dry_run else "next: frontdesk train")
