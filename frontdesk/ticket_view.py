"""Tickets and conversations in a terminal. What customers wrote cannot steer it: control characters are left out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from actions.store.base import utc_now
from actions.store.models.ticket import Ticket
from frontdesk.ticket_desk import Shown

LINE = 60  # characters of a last line
COLOURS = {"customer": "cyan", "bot": "dim", "operator": "green", "system": "yellow"}
EVENTS = {"operator_joined": "joined", "operator_left": "left"}


def as_dict(shown: Shown) -> dict[str, Any]:
    """The ticket for programs, without its conversation."""
    ticket = shown.ticket
    return {
        "reference": ticket.reference,
        "status": ticket.status,
        "reason": ticket.reason,
        "language": ticket.language,
        "conversation": ticket.conversation_id,
        "operator": ticket.operator,
        "online": shown.online,
        "created_at": ticket.created_at.isoformat(),
        "taken_at": ticket.taken_at.isoformat() if ticket.taken_at else None,
        "closed_at": ticket.closed_at.isoformat() if ticket.closed_at else None,
        "last": last_line(shown),
    }


def whole_dict(shown: Shown) -> dict[str, Any]:
    """The ticket with its conversation."""
    return {**as_dict(shown), "live": shown.live is not None, "entries": shown.entries}


def ticket_table(rows: list[Shown]) -> Table:
    """One line a ticket."""
    table = Table("reference", "age", "status", "reason", "language", "with", "customer", "last line", box=None)
    for shown in rows:
        ticket = shown.ticket
        online = {True: "[green]online[/]", False: "away", None: "?"}[shown.online]
        state = "[dim]closed[/]" if ticket.status == "closed" else ticket.status
        cells = (age(ticket), state, ticket.reason, ticket.language, escape(ticket.operator or "–"), online)
        table.add_row(ticket.reference, *cells, escape(last_line(shown)))
    return table


def show(shown: Shown, out: Console) -> None:
    """The ticket, then its conversation."""
    ticket = shown.ticket
    out.print(f"[bold]{ticket.reference}[/]  {ticket.status}, {ticket.reason}, {ticket.language}, {age(ticket)} old")
    if ticket.operator:
        verb = "was with" if ticket.status == "closed" else "is with"
        out.print(f"[dim]{verb}[/] {escape(ticket.operator)}")
    if shown.live is None:
        stored = "This is the conversation as it was at the hand-over."
        out.print(f"[yellow]{escape(shown.why)} {stored}[/]", soft_wrap=True)
    else:
        out.print("[dim]the customer is[/] " + ("online" if shown.online else "away"))
    out.print()
    show_entries(shown.entries, out)


def show_entries(entries: list[dict[str, Any]], out: Console) -> None:
    """What was said, a line each."""
    for entry in entries:
        out.print(entry_line(entry), soft_wrap=True)


def entry_line(entry: dict[str, Any]) -> str:
    """Time, who, text and the titles of the buttons, as markup."""
    who, name = entry["from"], plain(entry.get("name") or "")
    head = f"[dim]{moment(entry.get('at'))}[/]  [{COLOURS.get(who, 'white')}]{escape(name or who):<9}[/]"
    if who == "system":
        return f"{head} [yellow]{EVENTS.get(entry.get('event', ''), 'did something')}[/]"
    text = escape(plain(entry.get("text") or "")).replace("\n", "\n" + " " * 20)
    buttons = "".join(f" [dim]\\[{escape(plain(b.get('title', '')))}][/]" for b in entry.get("buttons") or [])
    return f"{head} {text}{buttons}"


def last_line(shown: Shown) -> str:
    """The last thing that a person said, on either side."""
    for entry in reversed(shown.entries):
        if entry["from"] in ("customer", "operator") and entry.get("text"):
            text = " ".join(plain(entry["text"]).split())
            text = f"{entry['name']}: {text}" if entry.get("name") else text
            return text if len(text) <= LINE else f"{text[: LINE - 1]}…"
    return ""


def age(ticket: Ticket) -> str:
    """How long ago it was opened: `5 min`, `3 h`, `2 d`."""
    minutes = int((utc_now() - ticket.created_at).total_seconds() // 60)
    if minutes < 60:
        return f"{max(minutes, 0)} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // (24 * 60)} d"


def moment(at: float | None) -> str:
    """Local time, with the day when it was another."""
    if at is None:
        return "        "
    local = datetime.fromtimestamp(at).astimezone()
    return local.strftime("%H:%M:%S" if local.date() == datetime.now().astimezone().date() else "%Y-%m-%d %H:%M:%S")


def plain(text: str) -> str:
    """Text without what a terminal would obey."""
    return "".join(c if c == "\n" or c.isprintable() else " " if c.isspace() else "" for c in text)
