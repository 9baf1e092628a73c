"""`frontdesk tickets`: a person takes conversations over, answers and gives them back to the bot."""

from __future__ import annotations

import json
import sys
import threading
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:
    from frontdesk.ticket_desk import Shown

app = typer.Typer(
    help="Customers who asked for a person: list them, take a conversation over, reply, close.", no_args_is_help=True
)
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)
Reference = Annotated[str, typer.Argument(help="The ticket's reference, such as T-7K4MQ2.")]
Name = Annotated[
    str | None, typer.Option(help="Your name, which the customer sees (FRONTDESK_OPERATOR_NAME, or your login name).")
]
Force = Annotated[bool, typer.Option("--force", help="Also when somebody else has the ticket.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]


@app.command("list")
def list_tickets(
    every: Annotated[bool, typer.Option("--all", help="Closed ones too, the latest 100.")] = False,
    as_json: AsJson = False,
) -> None:
    """Tickets that are not closed: age, reason, language, who has them, whether the customer is online, last line."""
    from actions.store.tickets import list_latest, list_open
    from frontdesk.ticket_desk import Shown, TicketDesk
    from frontdesk.ticket_view import as_dict, ticket_table

    with TicketDesk() as desk:
        with desk.database.read() as session:
            tickets = list_latest(session) if every else list_open(session)
        rows = [Shown(ticket, None) if ticket.status == "closed" else desk.show(ticket) for ticket in tickets]
    away = next((row.why for row in rows if row.why.startswith("No server")), None)
    if away:
        err.print(f"[yellow]{escape(away)} The last lines are those of the hand-over.[/]", soft_wrap=True)
    if as_json:
        _print_json({"tickets": [as_dict(row) for row in rows]})
    elif rows:
        out.print(ticket_table(rows))
    else:
        err.print("No customer is waiting for a person.")


@app.command()
def show(
    reference: Reference,
    as_json: AsJson = False,
    follow: Annotated[bool, typer.Option("--follow", help="Go on with what is said next, until Ctrl-C.")] = False,
) -> None:
    """A ticket and its whole conversation, as it stands."""
    from frontdesk import ticket_view
    from frontdesk.ticket_chat import Follower
    from frontdesk.ticket_desk import TicketDesk

    with TicketDesk() as desk:
        shown = desk.show(desk.find(reference))
        if as_json:
            _print_json(ticket_view.whole_dict(shown))
        else:
            ticket_view.show(shown, out)
        if follow and shown.live is not None:
            Follower(desk, shown, _print_json if as_json else _print_entry).follow(threading.Event(), _warn)


@app.command()
def take(reference: Reference, name: Name = None, force: Force = False) -> None:
    """Take a conversation over without saying anything yet: the bot is silent from now on."""
    from frontdesk.ticket_desk import TicketDesk, operator_name

    with TicketDesk() as desk:
        shown = desk.take(reference, operator_name(name), force=force)
    err.print(f"{shown.ticket.reference} is yours; {_whereabouts(shown)}.")


@app.command()
def reply(
    reference: Reference,
    text: Annotated[list[str] | None, typer.Argument(help="What to say; standard input when left out.")] = None,
    name: Name = None,
    force: Force = False,
) -> None:
    """Say something to the customer; the first reply takes the conversation over from the bot."""
    from frontdesk.ticket_desk import TicketDesk, checked_text, operator_name

    who = operator_name(name)
    with TicketDesk() as desk:
        desk.find(reference)  # before anybody types
        if not text and sys.stdin.isatty():
            err.print("[dim]Type what to say; Ctrl-D on a line of its own sends it, Ctrl-C does not.[/]")
        said = checked_text(" ".join(text) if text else sys.stdin.read())
        shown = desk.reply(reference, who, said, force=force)
    err.print(f"Sent; {_whereabouts(shown)}.")


@app.command()
def chat(reference: Reference, name: Name = None, force: Force = False) -> None:
    """Take a conversation over and stay in it: each line you type is sent; Ctrl-D leaves without closing."""
    from frontdesk import ticket_view
    from frontdesk.ticket_chat import Follower
    from frontdesk.ticket_chat import chat as talk
    from frontdesk.ticket_desk import TicketDesk, operator_name

    who = operator_name(name)

    def tell(entry: dict[str, Any]) -> None:
        if entry["from"] != "operator" or entry.get("name") != who or not sys.stdin.isatty():
            _print_entry(entry)  # one's own lines stand in the terminal already

    with TicketDesk() as desk:
        shown = desk.take(reference, who, force=force)
        ticket_view.show(shown, out)
        err.print("[dim]Each line is sent as you end it; Ctrl-D leaves.[/]")
        talk(desk, shown, who, sys.stdin, _warn, Follower(desk, shown, tell))
    err.print(f"{shown.ticket.reference} is still yours; `frontdesk tickets close` gives it back to the bot.")


@app.command()
def close(
    reference: Reference,
    text: Annotated[str, typer.Option(help="Say this first.")] = "",
    name: Name = None,
    force: Force = False,
) -> None:
    """Close a ticket: the customer sees that you leave, and the bot goes on."""
    from frontdesk.ticket_desk import TicketDesk, operator_name

    with TicketDesk() as desk:
        shown = desk.close(reference, operator_name(name), text, force=force)
    err.print(f"{shown.ticket.reference} is closed; the bot has the conversation.")


def _whereabouts(shown: Shown) -> str:
    return "the customer is online" if shown.online else "the customer is away and reads it on coming back"


def _print_json(value: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _print_entry(entry: dict[str, Any]) -> None:
    from frontdesk.ticket_view import entry_line

    out.print(entry_line(entry), soft_wrap=True)


def _warn(text: str) -> None:
    err.print(f"[yellow]{escape(text)}[/]", soft_wrap=True)
