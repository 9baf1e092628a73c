"""Training, development and test parts of chats: by conversation and time, with nothing on two sides.

The latest conversations are the test, those before them the development part, as in service: a model meets what is
written after its training. Conversations that share a text, or nearly so, are kept together or lose the copy.
"""

from __future__ import annotations

import dataclasses
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from finetune.chats.message import Message, by_conversation
from finetune.clean.duplicates import NearDuplicates
from textkit.errors import FrontdeskError

PARTS = ("train", "dev", "test")
FEW = 5  # examples of a label in a part, below which a figure says little
_OLDEST = datetime.min.replace(tzinfo=UTC)


@dataclasses.dataclass(frozen=True)
class Split:
    """The three parts, and what there is to say of them."""

    parts: Mapping[str, list[Message]]
    notes: Sequence[str]
    removed: int  # messages of training and development that the parts after them hold as well

    def counts(self) -> dict[str, dict[str, int]]:
        """Messages and conversations of each part."""
        return {
            name: {"messages": len(part), "conversations": len({m.conversation for m in part})}
            for name, part in self.parts.items()
        }

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"parts": self.counts(), "removed_copies": self.removed, "notes": list(self.notes)}


def split(messages: Sequence[Message], dev: float = 0.1, test: float = 0.2, seed: int = 0, near: float = 0.85) -> Split:
    """Split by whole conversations, the latest into the test; those without a time are drawn by `seed`.

    A customer's message of an earlier part that a later part repeats (`near` is the similarity) is removed from the
    earlier one, so that the test stays as it happened.
    """
    if not (0 < test < 1 and 0 <= dev < 1 and dev + test < 1):
        raise FrontdeskError(f"--dev and --test must be shares that leave some to train, got {dev} and {test}.")
    groups = dict(by_conversation(messages))
    if len(groups) < 3:
        raise FrontdeskError(f"A split needs three conversations or more, got {len(groups)}.", "Import more chats.")
    order = _order(groups, seed)
    last = max(1, round(len(order) * test))
    middle = max(1, round(len(order) * dev)) if dev else 0
    if last + middle >= len(order):
        raise FrontdeskError(f"{len(order)} conversations are too few for --dev {dev} and --test {test}.")
    cut, end = len(order) - last - middle, len(order) - last
    names = {"train": order[:cut], "dev": order[cut:end], "test": order[end:]}
    drawn = {part: [m for name in chosen for m in groups[name]] for part, chosen in names.items()}
    parts, removed = _without_copies(drawn, near)
    found = leaks(parts, near)
    if found:
        raise FrontdeskError(f"{len(found)} messages are on two sides of the split.", "Clean the chats first.")
    undated = sum(any(m.time is None for m in group) for group in groups.values())
    notes = [f"{undated} conversations have no time and were drawn by chance."] if undated else []
    return Split(parts, [*notes, *_few(parts)], removed)


def _order(groups: Mapping[str, Sequence[Message]], seed: int) -> list[str]:
    """Conversations by the time of their last message; those without one are strewn in by chance."""
    dated = sorted((name for name, g in groups.items() if all(m.time for m in g)), key=lambda n: (_end(groups[n]), n))
    undated = sorted(set(groups) - set(dated))
    pick = random.Random(seed)
    pick.shuffle(undated)
    for name in undated:
        dated.insert(pick.randint(0, len(dated)), name)
    return dated


def _end(group: Sequence[Message]) -> datetime:
    return max((m.time or _OLDEST for m in group), default=_OLDEST)


def _without_copies(drawn: Mapping[str, list[Message]], near: float) -> tuple[dict[str, list[Message]], int]:
    later = NearDuplicates(near)
    parts: dict[str, list[Message]] = {}
    removed = 0
    for name in reversed(PARTS):
        parts[name] = [m for m in drawn[name] if m.sender != "customer" or later.find(m.text) is None]
        removed += len(drawn[name]) - len(parts[name])
        for message in parts[name]:
            if message.sender == "customer":
                later.add(message.text)
    return {name: parts[name] for name in PARTS}, removed


def leaks(parts: Mapping[str, Sequence[Message]], near: float = 0.85) -> list[tuple[str, str]]:
    """What stands on two sides: pairs of parts, one for each conversation or customer's text that is in both."""
    found = []
    names = list(parts)
    for place, name in enumerate(names):
        others = {m.conversation for other in names[place + 1 :] for m in parts[other]}
        found += [(name, "conversation") for _ in {m.conversation for m in parts[name]} & others]
        seen = NearDuplicates(near)
        for other in names[place + 1 :]:
            for message in parts[other]:
                if message.sender == "customer":
                    seen.add(message.text)
        found += [(name, "text") for m in parts[name] if m.sender == "customer" and seen.find(m.text)]
    return found


def _few(parts: Mapping[str, Sequence[Message]]) -> list[str]:
    counts = {name: Counter(m.label for m in part if m.label) for name, part in parts.items()}
    notes = []
    for label in sorted({label for count in counts.values() for label in count}):
        few = [f"{counts[name][label]} in {name}" for name in PARTS if counts[name][label] < FEW]
        if few:
            notes.append(f"{label}: only {', '.join(few)}; its own figure says little.")
    return notes
