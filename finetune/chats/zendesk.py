"""Zendesk: the JSON export of tickets with their comments, and pages of its API.

Tickets come one per line, in an array, or under `tickets` with their `users` beside them (with comments added to each,
as the full export has them). Pages of incremental ticket events (`include=comment_events`) are read as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from finetune.chats.message import Message, Sender
from finetune.chats.reading import LeftOut, Options, Read, make_message
from finetune.chats.records import Problem, Record

Roles = dict[Any, str]


def is_zendesk(record: Record) -> bool:
    """Whether a record looks like a ticket, a page of tickets or an event of one."""
    value = record.value
    if any(isinstance(value.get(name), list) for name in ("tickets", "ticket_events", "child_events")):
        return True
    return isinstance(value.get("comments"), list) or {"requester_id", "description"} <= set(value)


def read_zendesk(file: Path, records: Iterable[Record | Problem], options: Options) -> Read:
    """Public comments; internal notes are left out."""
    requesters: dict[Any, Any] = {}  # of the tickets whose beginning was seen in events
    for record in records:
        if isinstance(record, Problem):
            yield record
            continue
        value = record.value
        if isinstance(value.get("ticket_events"), list) or isinstance(value.get("child_events"), list):
            for event in _objects(value.get("ticket_events", [value])):
                yield from _of_event(file, record.line, event, requesters, options)
            continue
        roles = _roles(value.get("users"))
        for ticket in _objects(value.get("tickets", [value])):
            yield from _of_ticket(file, record.line, ticket, roles, options)


def _objects(values: Any) -> Iterator[dict[str, Any]]:
    return (value for value in values if isinstance(value, dict)) if isinstance(values, list) else iter(())


def _roles(users: Any) -> Roles:
    return {user.get("id"): str(user.get("role")) for user in _objects(users)}


def _of_ticket(file: Path, line: int, ticket: dict[str, Any], roles: Roles, options: Options) -> Read:
    asker = ticket.get("requester")
    requester = asker.get("id") if isinstance(asker, dict) else ticket.get("requester_id")
    comments = list(_objects(ticket.get("comments")))
    if ticket.get("id") is None or not (comments or ticket.get("description")):
        yield Problem(file, line, "no ticket with an id and comments")
        return
    if not comments:  # the API's tickets without their comments still have the first
        opening = {"body": ticket["description"], "created_at": ticket.get("created_at"), "author_id": requester}
        comments = [opening]
    for number, comment in enumerate(comments, 1):
        try:
            sender = _sender(comment, requester, {**_roles([comment.get("author")]), **roles})
            yield _message(f"zendesk-{ticket['id']}", comment, sender, options)
        except ValueError as error:
            yield Problem(file, line, f"comment {number}: {error}")


def _of_event(file: Path, line: int, event: dict[str, Any], requesters: dict[Any, Any], options: Options) -> Read:
    ticket = event.get("ticket_id")
    for child in _objects(event.get("child_events")):
        if child.get("requester_id") is not None:
            requesters.setdefault(ticket, child["requester_id"])
        if "Comment" not in (child.get("type"), child.get("event_type")):
            continue
        comment = {"created_at": event.get("created_at"), "author_id": event.get("updater_id"), **child}
        try:
            if ticket not in requesters:
                raise ValueError("who opened the ticket is not in the file; begin the export earlier")
            yield _message(f"zendesk-{ticket}", comment, _sender(comment, requesters[ticket], {}), options)
        except ValueError as error:
            yield Problem(file, line, f"ticket {ticket}: {error}")


def _sender(comment: dict[str, Any], requester: Any, roles: Roles) -> Sender:
    author = comment.get("author_id")
    if author is None and isinstance(comment.get("author"), dict):
        author = comment["author"].get("id")
    if author is None:
        raise ValueError("nobody is its author")
    if author == -1:  # Zendesk's own automations
        return "bot"
    return "customer" if author == requester or roles.get(author) == "end-user" else "agent"


def _message(name: str, comment: dict[str, Any], sender: Sender, options: Options) -> Message | LeftOut:
    if comment.get("public") is False:
        return LeftOut("internal note")
    text = comment.get("plain_body") or comment.get("body")
    if not text and isinstance(comment.get("html_body"), str):
        from bs4 import BeautifulSoup

        text = BeautifulSoup(comment["html_body"], "html.parser").get_text("\n")
    if isinstance(text, str):
        text = text.replace("&nbsp;", " ").replace("\xa0", " ")
    return make_message(name, comment.get("created_at"), sender, text, options)
