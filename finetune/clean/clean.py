"""Cleaning: what a machine wrote goes, personal data is redacted, what repeats itself is left out."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from finetune.chats.message import Message
from finetune.clean.duplicates import NearDuplicates
from finetune.clean.machine import boilerplate, is_empty, is_machine, key_of, without_tail
from finetune.clean.redact import redact
from finetune.clean.report import Report
from textkit.errors import FrontdeskError


@dataclasses.dataclass(frozen=True)
class CleanOptions:
    """How much is left out."""

    near: float = 0.85  # similarity (Jaccard) from which a customer's message repeats another; 1 is the same text
    duplicates: bool = True  # leave repeated messages of customers out
    boilerplate: int = 5  # conversations from which the same text of an agent or bot is boilerplate; 0 keeps all

    def __post_init__(self) -> None:
        if not 0.5 <= self.near <= 1:
            raise FrontdeskError(f"--near must be between 0.5 and 1, got {self.near}.")
        if self.boilerplate < 0 or self.boilerplate == 1:
            raise FrontdeskError(f"--boilerplate must be 0 or at least 2, got {self.boilerplate}.")


def clean(messages: Sequence[Message], options: CleanOptions | None = None) -> tuple[list[Message], Report]:
    """The messages that are left, redacted, in their order, and the report."""
    options, report = options or CleanOptions(), Report()
    report.read = len(messages)
    same = boilerplate(messages, options.boilerplate) if options.boilerplate else set()
    seen = NearDuplicates(options.near)
    labels: list[str | None] = []
    kept = []
    for message in messages:
        reason = _reason(message, same)
        if reason:
            report.drop(reason, message.text)
            continue
        message = _redacted(message, report)
        if message.sender == "customer" and options.duplicates:
            repeats = seen.find(message.text)
            if repeats:
                number, exact = repeats
                other = message.label and labels[number] and message.label != labels[number]
                kind = "same text" if exact else "nearly the same text"
                report.drop(f"{kind} with another label" if other else kind, message.text)
                continue
            seen.add(message.text)
            labels.append(message.label)
        kept.append(message)
    report.kept = len(kept)
    return kept, report


def _reason(message: Message, same: set[str]) -> str | None:
    if is_empty(message.text):
        return "no words"
    if is_machine(message.text):
        return "written by a machine"
    if message.sender != "customer" and key_of(message.text) in same:
        return f"boilerplate of the {message.sender}"
    return None


def _redacted(message: Message, report: Report) -> Message:
    body = without_tail(message.text)
    if body != message.text:
        report.change("signature or quoted mail cut off", message.text)
    text, spans = redact(body)
    if spans:
        report.change("personal data redacted", body)
        report.personal.update(span.kind for span in spans)
    return dataclasses.replace(message, text=text)
