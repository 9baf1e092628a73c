"""The sheet that a person goes through: clusters with a suggested intent, then single messages.

It is YAML, made to be edited: `accept: true` takes a cluster, another `intent` renames it, the same `intent` in two
clusters merges them, a deleted message is left out. Single messages count once they have an `intent`.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from finetune.chats.message import write_text
from finetune.label.nlu import INTENT
from textkit.errors import FrontdeskError

HEAD = """\
# Messages without an intent. Edit this file, or go through it with `frontdesk label review`.
#   accept: true    takes a cluster; change `intent` to rename it, use one name twice to merge; delete lines freely
#   singles         are taken once their `intent` is filled in
# Then: frontdesk label write FILE
"""


@dataclasses.dataclass
class Cluster:
    """Messages that seem to mean the same."""

    number: int
    language: str
    intent: str
    new: bool  # whether the name is made up
    confidence: float  # how sure the suggestion is, 0 to 1
    terms: list[str]
    messages: list[str]
    accept: bool = False


@dataclasses.dataclass
class Single:
    """A message that is worth a label by itself; `guess` is what the model takes it for."""

    text: str
    language: str
    guess: str
    intent: str = ""


@dataclasses.dataclass
class Sheet:
    """All that is to be decided."""

    clusters: list[Cluster]
    singles: list[Single]

    def decided(self) -> dict[str, dict[str, list[str]]]:
        """The accepted texts by language and intent."""
        found: dict[str, dict[str, list[str]]] = {}
        for cluster in self.clusters:
            if cluster.accept:
                found.setdefault(cluster.language, {}).setdefault(cluster.intent, []).extend(cluster.messages)
        for single in self.singles:
            if single.intent:
                found.setdefault(single.language, {}).setdefault(single.intent, []).append(single.text)
        return found


def write_sheet(sheet: Sheet, file: Path) -> None:
    """Write the sheet, for its owner only."""
    import yaml

    value = dataclasses.asdict(sheet)
    write_text(HEAD + yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=10_000), file)


def read_sheet(file: Path) -> Sheet:
    """Read what a person may have edited; says where it is wrong."""
    import yaml

    try:
        value = yaml.safe_load(file.read_text(encoding="utf-8"))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise FrontdeskError(f"{file}:{line} is no YAML ({error.problem}).", "Mend the line.") from error
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise FrontdeskError(
            f"{file} cannot be read ({type(error).__name__}).", "Make one with `frontdesk label suggest`."
        ) from error
    if not isinstance(value, dict) or not isinstance(value.get("clusters"), list):
        raise FrontdeskError(f"{file} is no sheet of labels.", "Make one with `frontdesk label suggest`.")
    clusters = [_row(Cluster, row, f"{file}: cluster {n}") for n, row in enumerate(value["clusters"], 1)]
    singles = [_row(Single, row, f"{file}: single {n}") for n, row in enumerate(value.get("singles") or [], 1)]
    return Sheet(clusters, singles)


def _row(kind: type, row: Any, where: str) -> Any:
    names = {field.name: field.type for field in dataclasses.fields(kind)}
    if not isinstance(row, dict):
        raise FrontdeskError(f"{where} is no mapping.", "Indent its lines alike.")
    unknown = sorted(str(name) for name in set(row) - set(names))
    if unknown:
        raise FrontdeskError(f"{where} has an unknown key {unknown[0]!r}.", f"Known are {', '.join(names)}.")
    try:
        made = kind(**row)
    except TypeError as error:
        raise FrontdeskError(f"{where} lacks a key ({error}).", f"Needed are {', '.join(names)}.") from error
    if not isinstance(getattr(made, "accept", False), bool):
        raise FrontdeskError(f"{where}: accept must be true or false, got {made.accept!r}.")
    made.intent = made.intent or ""
    taken = getattr(made, "accept", bool(made.intent))
    if taken and not (isinstance(made.intent, str) and INTENT.fullmatch(made.intent)):
        raise FrontdeskError(f"{where}: {made.intent!r} is no name for an intent.", "Write one such as gift_wrap.")
    if made.language not in ("en", "zh"):
        raise FrontdeskError(f"{where}: language must be en or zh, got {made.language!r}.")
    texts = made.messages if isinstance(made, Cluster) else [made.text]
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise FrontdeskError(f"{where}: messages must be a list of texts.", "Put texts such as 'yes' in quotes.")
    return made
