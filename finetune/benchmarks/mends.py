"""What each mend of rasa is worth: Frontdesk as it is, and with one mend left out, in turns on the same machine.

A mend is left out from outside: the servers import a `sitecustomize` of this benchmark's first, which changes one
module behind its own code. Nothing in the servers knows of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from statistics import median
from typing import Any

from textkit.errors import FrontdeskError

_KEPT_OUT = "mend = lambda: None"
# Module, and what is put behind its code.
MENDS: Mapping[str, tuple[str, str]] = {
    "validator": ("bot.engine.validator", _KEPT_OUT),
    "event types": ("bot.engine.event_types", _KEPT_OUT),
    "graph runner": ("bot.engine.graph_runner", _KEPT_OUT),
    "history": ("bot.engine.history", _KEPT_OUT),
    "rule lookup": ("bot.engine.rule_lookup", _KEPT_OUT),
    "quiet debug": ("bot.engine.quiet_debug", _KEPT_OUT),
    "empty domain": ("bot.engine.empty_domain", _KEPT_OUT),
    "kept connection": ("bot.engine.action_call", "_session = EndpointConfig.session"),
    "orjson": ("textkit.wire", "dumps = json.dumps; loads = json.loads"),
    "reading beside the loop": (
        "bot.engine.processor",
        "FrontdeskProcessor._read = lambda self, *given: MessageProcessor.parse_message(self, *given)",
    ),
    "no slow fused node": ("textkit.encoders", "SLOWER = []"),
    "store's memory": ("bot.stores.tracker", "ConversationStore._remember = lambda *given: None"),
}
_HOOK = """
import importlib.machinery as machinery

run = machinery.SourceFileLoader.exec_module


def run_and_change(self, module):
    run(self, module)
    if module.__name__ == {module!r}:
        exec({change!r}, module.__dict__)


machinery.SourceFileLoader.exec_module = run_and_change
"""


def write_hook(name: str, folder: Path) -> None:
    """Write the `sitecustomize` that leaves the mend `name` out into `folder`, which goes to PYTHONPATH."""
    if name not in MENDS:
        raise FrontdeskError(f"There is no mend {name!r}.", f"There are: {', '.join(MENDS)}.")
    module, change = MENDS[name]
    (folder / "sitecustomize.py").write_text(_HOOK.format(module=module, change=change), encoding="utf-8")


def effects(runs: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, float]]:
    """For each mend the medians of `runs` ({"without": name or "", "messages_per_s", ...}) beside those of nothing."""
    rows = list(runs)
    names = dict.fromkeys(str(row["without"]) for row in rows)
    return {
        name or "as it is": {
            key: round(median(row[key] for row in rows if row["without"] == name), 2)
            for key in ("messages_per_s", "p95_ms", "cpu_ms_per_message")
        }
        for name in names
    }
