"""The `frontdesk` command."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from frontdesk.bench import app as bench_app
from frontdesk.chats import app as chats_app
from frontdesk.drift import drift
from frontdesk.evaluate_models import app as evaluate_app
from frontdesk.finetune import app as finetune_app
from frontdesk.label import app as label_app
from frontdesk.promotion import models, promote, rollback
from frontdesk.runtimes import actions_command, child_environment, rasa_command, stores_command
from frontdesk.tickets import app as tickets_app
from textkit.errors import FrontdeskError
from textkit.settings import ROOT, settings, shown_settings

app = typer.Typer(
    help="A self-hosted customer-service bot that answers from your own documents, in English and Chinese.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(bench_app, name="bench")
app.add_typer(chats_app, name="chats")
app.add_typer(label_app, name="label")
app.add_typer(finetune_app, name="finetune")
app.add_typer(evaluate_app, name="evaluate")
app.command()(drift)
for command in (promote, rollback, models):
    app.command()(command)
app.add_typer(tickets_app, name="tickets")
conversations = typer.Typer(
    help="Conversations: export them, or bring them from Rasa's own store.", no_args_is_help=True
)
app.add_typer(conversations, name="conversations")
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)
# What only group finetune installs (pyproject.toml), by the names that are imported.
FINETUNE_MODULES = frozenset(
    "accelerate datasets datasketch matplotlib onnxscript opencc sentence_transformers sklearn tensorboard torch"
    " transformers yaml".split()
)
_COLOURS = {"actions": "cyan", "rasa": "magenta", "": "green"}


@contextmanager
def _progress(text: str) -> Any:
    """A spinner with the latest step in a terminal, a line per step elsewhere."""
    if err.is_terminal:
        with err.status(text) as status:
            yield lambda line: status.update(escape(line))
    else:
        yield lambda line: err.print(f"  {escape(line)}")


@app.command()
def up() -> None:
    """Prepare what has changed, start everything and stay in the foreground until Ctrl-C."""
    from frontdesk.launcher import Launcher, Service, check_port
    from frontdesk.secrets_file import write_secrets

    started = time.monotonic()
    write_secrets()
    current = settings()
    check_port(current.host, current.port, "FRONTDESK_PORT")
    check_port(current.actions_host, current.actions_port, "FRONTDESK_ACTIONS_PORT")
    # In a process of its own: what preparing needs is 0.6 GB that the launcher would keep.
    if subprocess.run([sys.executable, "-m", "frontdesk", "prepare"], cwd=ROOT, check=False).returncode:
        raise typer.Exit(1)
    address = f"http://{current.host}:{current.port}"
    run = rasa_command(["run", "--interface", current.host, "--port", str(current.port)])
    services = [
        Service("actions", actions_command(), f"{current.actions_url}/health"),
        Service("rasa", run, f"{address}/health"),
    ]

    def announce() -> None:
        seconds = time.monotonic() - started
        out.print(f"[bold green]Frontdesk answers at {address}[/] (ready in {seconds:.1f} s; Ctrl-C stops it)")

    launcher = Launcher(services, child_environment(), _log)
    asyncio.run(launcher.run(announce))


@app.command()
def prepare() -> None:
    """Make what `up` makes before it starts the servers, where it has changed: encoders, database, index, dialogue."""
    from frontdesk import prepare as steps

    def quiet(line: str) -> None:
        """What happens beside a step has no line of its own."""

    # Most of them leave cores idle at times; the dialogue is trained in a process of its own.
    with ThreadPoolExecutor(2) as beside:
        database = beside.submit(steps.make_database, quiet)
        _step("encoders", steps.make_message_encoders)
        _step("database", lambda report: _wait_for(database, report, "filling the database"))
        dialogue = beside.submit(steps.make_dialogue_model, quiet, as_shipped=True)
        _step("encoders of documents", steps.make_encoders)
        _step("knowledge", lambda report: _say_ingested(steps.make_index(report)))
        _step("dialogue", lambda report: _wait_for(dialogue, report, "training the dialogue model"))


def _wait_for(job: Future[Any], report: Callable[[str], None], doing: str) -> None:
    if not job.done():
        report(doing)
    job.result()


def _step(name: str, work: Callable[[Callable[[str], None]], Any]) -> None:
    begin = time.monotonic()
    with _progress(name) as report:
        work(report)
    err.print(f"[green]✓[/] {name} [dim]{time.monotonic() - begin:.1f} s[/]")


def _log(name: str, line: str) -> None:
    prefix = name or "frontdesk"
    out.print(f"[{_COLOURS.get(name, 'white')}]{prefix:>9} |[/] {escape(line)}", soft_wrap=True)


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders: Markdown, text, HTML, CSV, PDF, DOCX, XLSX.")],
) -> None:
    """Make these documents the bot's knowledge; a running bot takes them up at once."""
    from frontdesk import prepare
    from knowledge.index import ingest as make

    with _progress("reading") as report:
        prepare.make_encoders(report)
        result = make([p.resolve() for p in paths], report=report)
    _say_ingested(result)
    for failure in result.failures:
        err.print(f"[yellow]left out:[/] {escape(str(failure))}")
    raise typer.Exit(1 if result.failures else 0)


def _say_ingested(result: Any) -> None:
    state = "indexed" if result.changed else "unchanged"
    err.print(f"  {result.documents} documents, {result.passages} passages ({state}; version {result.version})")


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="A question, in English or Chinese.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
    previous: Annotated[str | None, typer.Option(help="The question before it, for a follow-up.")] = None,
) -> None:
    """Ask the knowledge directly, without the dialogue."""
    from actions.services import services

    if not question.strip():
        raise FrontdeskError("The question is empty.", 'Ask something: frontdesk ask "How long do returns take?"')
    services().database.upgrade()
    text = question.encode("utf-8", "replace").decode()  # the shell hands on bytes that are no text
    answer = services().answerer().answer(text, previous=previous)
    if as_json:
        sys.stdout.write(json.dumps(_public(answer), ensure_ascii=False) + "\n")
        return
    if answer.abstained:
        out.print("[yellow]The documents do not say.[/]")
        for topic in answer.topics:
            out.print(f"  related: {escape(topic)}")
        return
    out.print(escape(answer.answer))
    for citation in answer.citations:
        place = f"{citation.source} {citation.start}–{citation.end}"
        out.print(f"  [dim]\\[{citation.id}] {escape(citation.title)} ({escape(place)})[/]")


def _public(answer: Any) -> dict[str, Any]:
    keys = ("answer", "citations", "abstained", "language", "score", "passages", "source_language", "topics")
    fields = answer.as_dict()
    return {key: fields[key] for key in keys}


@app.command()
def explain(
    text: Annotated[str, typer.Argument(help="A message, as a customer would write it.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
    picture: Annotated[Path | None, typer.Option(help="Draw which words decided into this PNG file.")] = None,
) -> None:
    """What the bot understands of a message: language, intents, which words decided, entities, where it goes."""
    from frontdesk.explained import draw, explain_text, show

    if not text.strip():
        raise FrontdeskError("The message is empty.", 'Say something: frontdesk explain "where is my parcel"')
    if picture and picture.suffix.lower() != ".png":
        raise FrontdeskError(f"--picture must name a .png file, got {picture}.")
    found = explain_text(text.encode("utf-8", "replace").decode())
    if picture:
        draw(found, picture)
    if as_json:
        sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
    else:
        show(found, out)


@app.command()
def train(force: Annotated[bool, typer.Option(help="Train even when nothing has changed.")] = False) -> None:
    """Train the dialogue model from bot/data and bot/domain."""
    from frontdesk import prepare

    with _progress("training") as report:
        prepare.make_encoders(report)
        changed = prepare.make_dialogue_model(report, force)
    err.print("trained" if changed else "nothing has changed; the model stays")


@app.command()
def test() -> None:
    """Evaluate the dialogue on the stories in tests/conversations; results/ has the reports."""
    command = rasa_command(["test", "core", "--fail-on-prediction-errors", "--out", "results"])
    raise typer.Exit(subprocess.run(command, cwd=ROOT, env=child_environment(), check=False).returncode)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []})
def rasa(context: typer.Context) -> None:
    """Any rasa command, in its runtime: `frontdesk rasa data validate`, `frontdesk rasa shell`, ..."""
    command = rasa_command(context.args)
    raise typer.Exit(subprocess.run(command, cwd=ROOT, env=child_environment(), check=False).returncode)


@conversations.command("export")
def export_conversations(
    file: Annotated[Path | None, typer.Option("--out", help="Write here instead of to standard output.")] = None,
    since: Annotated[datetime | None, typer.Option(help="Only those with a turn since this day (local time).")] = None,
) -> None:
    """One line of JSON per conversation: its turns with text, time, intent and language. It holds personal data."""
    command = stores_command(["export", *(["--since", str(since.timestamp())] if since else [])])
    if file is None:
        raise typer.Exit(subprocess.run(command, cwd=ROOT, env=child_environment(), check=False).returncode)
    draft = file.with_name(file.name + ".part")
    with draft.open("wb") as target:
        code = subprocess.run(command, cwd=ROOT, env=child_environment(), stdout=target, check=False).returncode
    if code:
        draft.unlink()
        raise typer.Exit(code)
    draft.replace(file)
    err.print(f"wrote {escape(str(file))}")


@conversations.command("import")
def import_conversations(
    url: Annotated[str, typer.Argument(help="SQLAlchemy URL of Rasa's SQL tracker store, such as sqlite:///rasa.db")],
) -> None:
    """Copy the conversations of Rasa's SQL tracker store; those that are here already stay as they are."""
    command = stores_command(["import", url])
    raise typer.Exit(subprocess.run(command, cwd=ROOT, env=child_environment(), check=False).returncode)


@app.command()
def status() -> None:
    """Settings (secrets masked), models, index and servers."""
    from frontdesk.status import states

    table = Table("setting", "value", "from", "what it is", box=None)
    for row in shown_settings():
        table.add_row(row.name, escape(row.value), row.source, row.about)
    out.print(table)
    out.print()
    for name, state in states():
        out.print(f"{name:<18} {escape(state)}")


def main() -> None:
    """Entry point: a person's mistake ends in a sentence, not in a traceback."""
    try:
        app()
    except FrontdeskError as error:
        err.print(f"[red]error:[/] {escape(error.message)} {escape(error.hint)}", soft_wrap=True)
        sys.exit(1)
    except ModuleNotFoundError as error:
        name = (error.name or "").partition(".")[0]
        if name not in FINETUNE_MODULES:
            raise
        err.print(f"[red]error:[/] This needs {name}, which fine-tuning brings. Run `make install-finetune`.")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
