"""`frontdesk chats`: past conversations in, cleaned, and split into training and test."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from textkit.errors import FrontdeskError, MissingArtefactError

if TYPE_CHECKING:
    from finetune.chats.formats import Chats
    from finetune.chats.reading import Options

app = typer.Typer(
    help="Past conversations: read them from elsewhere, clean and redact them, split them.", no_args_is_help=True
)
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)
Messages = Annotated[Path, typer.Argument(help="A file that `frontdesk chats import` or `clean` wrote.")]
SHOWN = 20  # wrong rows


def require_finetune(*modules: str) -> None:
    """Raise MissingArtefactError unless group finetune is installed."""
    from importlib.util import find_spec

    missing = [name for name in modules if find_spec(name) is None]
    if missing:
        raise MissingArtefactError(f"{missing[0]} is not installed.", "Run `make install-finetune`.")


@app.command("import")
def import_chats(
    files: Annotated[list[Path], typer.Argument(help="Exports: JSON lines, JSON, CSV.")],
    target: Annotated[Path, typer.Option("--out", help="The file to write, a JSON line per message.")],
    form: Annotated[
        str | None, typer.Option("--format", help="frontdesk, zendesk, chatwoot, jsonl or csv; told by itself.")
    ] = None,
    columns: Annotated[
        list[str] | None, typer.Option("--map", help="NAME=COLUMN: conversation, time, from, text, language, label.")
    ] = None,
    senders: Annotated[
        list[str] | None, typer.Option("--sender", help="WORD=customer, agent or bot; '*' is every other word.")
    ] = None,
    zone: Annotated[str, typer.Option("--timezone", help="Of times that name none, such as Asia/Shanghai.")] = "UTC",
    encoding: Annotated[str, typer.Option(help="Of CSV files, such as gb18030.")] = "utf-8-sig",
) -> None:
    """Read conversations from other systems into one form.

    Examples: `frontdesk chats import tickets.json --out chats.jsonl`;
    `frontdesk chats import chats.csv --map text=utterance --map conversation=chat_id --out chats.jsonl`;
    `frontdesk conversations export --out ours.jsonl`, then `frontdesk chats import ours.jsonl --out chats.jsonl`.
    """
    from finetune.chats.formats import read_chats
    from finetune.chats.message import write_messages

    chats = read_chats(files, _options(columns or [], senders or [], zone, encoding), form)
    _refuse_same(files, target)
    _show_import(chats)
    write_messages(chats.messages, target)
    err.print(f"wrote {escape(str(target))}: {len(chats.messages)} messages. Clean it: it holds personal data.")


def _refuse_same(files: list[Path], target: Path) -> None:
    if any(target.resolve() == file.resolve() for file in files):
        raise FrontdeskError(f"{target} would be overwritten.", "Give --out another name.")


def _options(columns: list[str], senders: list[str], zone: str, encoding: str) -> Options:
    import codecs
    from zoneinfo import ZoneInfo

    from finetune.chats.message import SENDERS
    from finetune.chats.reading import Options
    from finetune.chats.rows import NAMES

    mapped, words = _pairs("--map", columns), _pairs("--sender", senders)
    for name in mapped:
        if name not in NAMES:
            raise FrontdeskError(f"--map knows {', '.join(NAMES)}, not {name!r}.", "Write --map text=COLUMN.")
    for word, side in words.items():
        if side not in SENDERS:
            raise FrontdeskError(f"--sender {word}={side}: the side is one of {', '.join(SENDERS)}.")
    try:
        named = ZoneInfo(zone)
    except (OSError, ValueError, KeyError) as error:
        raise FrontdeskError(f"There is no time zone {zone!r}.", "Write one such as Asia/Shanghai.") from error
    try:
        codecs.lookup(encoding)
    except LookupError as error:
        raise FrontdeskError(f"There is no encoding {encoding!r}.", "Write utf-8, gb18030 or cp1252.") from error
    return Options(mapped, words, named, encoding)  # type: ignore[arg-type]


def _pairs(option: str, values: list[str]) -> dict[str, str]:
    pairs = [value.partition("=") for value in values]
    for (name, sign, rest), value in zip(pairs, values, strict=True):
        if not (name and sign and rest):
            raise FrontdeskError(f"{option} takes NAME=VALUE, got {value!r}.")
    return {name.strip(): rest.strip() for name, _, rest in pairs}


def _show_import(chats: Chats) -> None:
    table = Table("file", "read as", box=None)
    for file, form in chats.formats.items():
        table.add_row(escape(str(file)), form)
    out.print(table)
    talks = {message.conversation for message in chats.messages}
    sides = ", ".join(
        f"{count} of the {side}"
        for side in ("customer", "agent", "bot")
        if (count := sum(message.sender == side for message in chats.messages))
    )
    out.print(f"{len(talks)} conversations, {len(chats.messages)} messages ({sides or 'none'})")
    for reason, count in chats.left_out.most_common():
        out.print(f"left out: {count} × {reason}")
    if chats.problems:
        out.print(f"[yellow]{len(chats.problems)} rows could not be used:[/]")
        for problem in chats.problems[:SHOWN]:
            out.print(f"  {escape(str(problem))}", soft_wrap=True)
        if len(chats.problems) > SHOWN:
            out.print(f"  … and {len(chats.problems) - SHOWN} more")


@app.command("clean")
def clean_chats(
    file: Messages,
    target: Annotated[Path, typer.Option("--out", help="The file to write.")],
    report: Annotated[Path | None, typer.Option(help="Write the report to this JSON file as well.")] = None,
    near: Annotated[float, typer.Option(help="Similarity at which one message repeats another.")] = 0.85,
    keep_duplicates: Annotated[bool, typer.Option("--keep-duplicates", help="Repeated messages stay.")] = False,
    boilerplate: Annotated[
        int, typer.Option(help="Conversations from which an agent's or bot's text is boilerplate; 0 keeps all.")
    ] = 5,
) -> None:
    """Redact personal data; leave out duplicates, boilerplate, machines' messages and empty ones.

    Example: `frontdesk chats clean chats.jsonl --out clean.jsonl --report report.json`
    """
    require_finetune("datasketch")
    from finetune.benchmarks.report import write_json
    from finetune.chats.message import read_messages, write_messages
    from finetune.clean.clean import CleanOptions, clean

    options = CleanOptions(near, not keep_duplicates, boilerplate)
    _refuse_same([file], target)
    kept, made = clean(read_messages(file), options)
    found = made.as_dict()
    table = Table("what", "messages", "for example (redacted)", box=None)
    for name in ("dropped", "changed"):
        for reason, count in found[name].items():
            example = next(iter(found["samples"].get(reason, [])), "")
            table.add_row(f"{name}: {reason}", str(count), escape(example[:60]))
    out.print(table)
    kinds = ", ".join(f"{count} × [{kind}]" for kind, count in found["personal_data"].items())
    out.print(escape(f"personal data: {kinds or 'none found'}"))
    write_messages(kept, target)
    write_json(found, report)
    err.print(f"wrote {escape(str(target))}: {len(kept)} of {made.read} messages")
    err.print("Names that nothing announces stay. Look through the file before you hand it on.")


@app.command("split")
def split_chats(
    file: Messages,
    folder: Annotated[Path, typer.Option("--out", help="The folder for train.jsonl, dev.jsonl and test.jsonl.")],
    dev: Annotated[float, typer.Option(help="Share of the conversations, before the test's.")] = 0.1,
    test: Annotated[float, typer.Option(help="Share of the conversations, the latest.")] = 0.2,
    seed: Annotated[int, typer.Option(help="Of the draw of conversations without a time.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
) -> None:
    """Split into training, development and test by conversation and time, with no text on two sides.

    Example: `frontdesk chats split clean.jsonl --out chats/`
    """
    require_finetune("datasketch")
    from finetune.chats.message import read_messages, write_messages
    from finetune.split import split

    made = split(read_messages(file), dev, test, seed)
    for name, part in made.parts.items():
        write_messages(part, folder / f"{name}.jsonl")
    if as_json:
        print_json(made.as_dict())
        return
    table = Table("part", "conversations", "messages", box=None)
    for name, counts in made.counts().items():
        table.add_row(name, str(counts["conversations"]), str(counts["messages"]))
    out.print(table)
    if made.removed:
        out.print(f"{made.removed} messages that a later part repeats were taken out of the earlier one")
    for note in made.notes:
        out.print(f"[yellow]note:[/] {escape(note)}")
    out.print("nothing is on two sides: no conversation, no text and no near duplicate")


def print_json(value: Any) -> None:
    """One JSON object on standard output."""
    import sys

    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")
