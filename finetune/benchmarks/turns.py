"""Turns a second: Frontdesk on its durable store beside the bot that `rasa init` makes, on the same machine.

Frontdesk's customers say a fixed mix in ten turns, alternately English and Chinese: four questions to the documents,
two requests that an action of the action server handles besides those, four lines of small talk. Every text is said
once in a run; none is a `/intent`.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from finetune.benchmarks.load import Line, RestCustomer, Spoken, WebCustomer, speak
from finetune.benchmarks.mends import effects, write_hook
from finetune.benchmarks.questions import read_questions
from finetune.benchmarks.report import percentile
from textkit.errors import FrontdeskError
from textkit.settings import ROOT

TURNS = 10
ACTIONS = ("human", "repeat", "start_over", "switch_language")
SCRIPTED = ("greet", "thanks", "bye", "help")
ORDER = ("scripted", "knowledge", "knowledge", "action", "scripted", "knowledge", "scripted", "knowledge", "action")
START_SECONDS = 300
STOCK = "rasa==3.6.21"


def conversations(count: int, seed: int = 0) -> list[list[Line]]:
    """`count` conversations of ten lines, alternately in English and Chinese."""
    stocks = {language: _lines(language, seed) for language in ("en", "zh")}
    made = []
    for number in range(count):
        stock = stocks["zh" if number % 2 else "en"]
        made.append([_next(stock, kind) for kind in (*ORDER, "scripted")])
    return made


def _next(stock: dict[str, list[str]], kind: str) -> Line:
    if not stock[kind]:
        raise FrontdeskError(f"There are not enough different texts ({kind}).", "Ask for fewer messages.")
    return Line(stock[kind].pop(), kind)


def _lines(language: str, seed: int) -> dict[str, list[str]]:
    order = random.Random(seed)
    files = [ROOT / f"tests/data/questions/{split}_{language}.jsonl" for split in ("train", "dev")]
    questions = [g.question for f in files for g in read_questions(f) if not g.previous]
    examples = _examples(ROOT / f"bot/data/nlu/{language}.yml")
    lines = {
        "knowledge": questions,
        "action": [text for intent in ACTIONS for text in examples[intent]],
        "scripted": [text for intent in SCRIPTED for text in examples[intent]],
    }
    for kind, texts in lines.items():
        lines[kind] = list(dict.fromkeys(texts))
        order.shuffle(lines[kind])
    return lines


def _examples(file: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    intent = ""
    for line in file.read_text(encoding="utf-8").splitlines():
        if heading := re.fullmatch(r"\s*- intent: (\S+)", line):
            intent = heading[1]
        elif intent and (example := re.fullmatch(r"\s+- (.+)", line)):
            found.setdefault(intent, []).append(example[1].strip("\"'"))
    return found


def run_ours(users: Sequence[int], messages: int, long_turns: int) -> dict[str, Any]:
    """The figures of Frontdesk for each number of users, and of one conversation of `long_turns` turns."""
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as scratch, running_frontdesk(Path(scratch)) as base:
        asyncio.run(speak(base, WebCustomer, conversations(4, seed=99), 2))  # the first of each kind loads something
        for count in users:
            spoken = conversations(messages // TURNS, seed=count)
            figures[f"users_{count}"] = asyncio.run(speak(base, WebCustomer, spoken, count))[1]
        if long_turns:
            figures["long"] = _long(base, WebCustomer, _small_talk(long_turns))
    return figures


def run_mends(names: Sequence[str], users: int, messages: int, rounds: int) -> dict[str, Any]:
    """Frontdesk as it is and without each of the mends in `names`, `rounds` times in turns."""
    runs = []
    for number in range(rounds):
        for name in ("", *names):
            with tempfile.TemporaryDirectory() as scratch, running_frontdesk(Path(scratch), name) as base:
                asyncio.run(speak(base, WebCustomer, conversations(4, seed=99), 2))
                used = _servers_seconds(base)
                figures = asyncio.run(speak(base, WebCustomer, conversations(messages // TURNS, seed=number), users))[1]
                cpu = 1000 * (_servers_seconds(base) - used) / figures["messages"]
            runs.append({**figures, "without": name, "cpu_ms_per_message": cpu})
    return effects(runs)


def _servers_seconds(base: str) -> float:
    """Processor time of the servers behind `base` so far; they carry its port in their environment."""
    mark = f"FRONTDESK_PORT={base.rsplit(':', 1)[1]}\0".encode()
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if mark in (folder / "environ").read_bytes():
                user, system = (folder / "stat").read_text().rpartition(")")[2].split()[11:13]
                total += int(user) + int(system)
    return total / os.sysconf("SC_CLK_TCK")


def run_stock(environment: Path, users: Sequence[int], messages: int, long_turns: int) -> dict[str, Any]:
    """The figures of the `rasa init` bot in memory and on SQLite; `environment` is made when it is missing."""
    _make_stock(environment)
    figures: dict[str, Any] = {}
    bot = environment / "bot"
    lines = [Line(text, "scripted") for texts in _examples(bot / "data/nlu.yml").values() for text in texts]
    for store in ("memory", "sqlite"):
        with tempfile.TemporaryDirectory() as scratch, _stock_server(environment, store, Path(scratch)) as base:
            asyncio.run(speak(base, RestCustomer, [lines[:TURNS]], 1))
            for count in users:
                talk = random.Random(count)
                spoken = [talk.sample(lines, TURNS) for _ in range(messages // TURNS)]
                figures[f"{store}_users_{count}"] = asyncio.run(speak(base, RestCustomer, spoken, count))[1]
            if long_turns:
                figures[f"{store}_long"] = _long(base, RestCustomer, (lines * 10)[:long_turns])
    return figures


def _small_talk(count: int) -> list[Line]:
    stock = _lines("en", 7)["scripted"]
    return [Line(stock[n % len(stock)], "scripted") for n in range(count)]


def _long(base: str, kind: type[WebCustomer | RestCustomer], lines: Sequence[Line]) -> dict[str, Any]:
    """Turns of several equal conversations one after the other: medians around turn 5 and around the last."""
    early: list[float] = []
    late: list[float] = []
    for _ in range(3):
        turns: list[Spoken] = asyncio.run(speak(base, kind, [lines], 1))[0]
        early += [t.milliseconds for t in turns[2:12]]
        late += [t.milliseconds for t in turns[-10:]]
    first, last = percentile(early, 0.5), percentile(late, 0.5)
    name = f"turn_{len(lines)}_p50_ms"
    return {"turn_5_p50_ms": round(first, 1), name: round(last, 1), "ratio": round(last / first, 2)}


@contextmanager
def running_frontdesk(folder: Path, without: str = "") -> Iterator[str]:
    """A Frontdesk of its own with fresh databases and without limits, the mend `without` left out; its address."""
    port, actions_port = _free_port(), _free_port()
    environment = {
        **os.environ,
        "FRONTDESK_PORT": str(port),
        "FRONTDESK_ACTIONS_PORT": str(actions_port),
        "FRONTDESK_DATABASE_URL": f"sqlite:///{folder}/business.db",
        "FRONTDESK_CONVERSATIONS_URL": f"sqlite:///{folder}/conversations.db",
        "FRONTDESK_MESSAGES_PER_MINUTE": "1000000",
        "FRONTDESK_SESSIONS_PER_MINUTE": "1000000",
        "FRONTDESK_SOCKETS_PER_NETWORK": "1000000",
    }
    if without:
        write_hook(without, folder)
        environment["PYTHONPATH"] = os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])])
    command = [sys.executable, "-m", "frontdesk", "up"]
    with _process(command, ROOT, environment, folder, f"http://127.0.0.1:{port}/health") as base:
        yield base.removesuffix("/health")


@contextmanager
def _stock_server(environment: Path, store: str, folder: Path) -> Iterator[str]:
    port = _free_port()
    endpoints = folder / "endpoints.yml"
    kept = f"tracker_store:\n  type: SQL\n  dialect: sqlite\n  db: {folder}/rasa.db\n" if store == "sqlite" else ""
    endpoints.write_text(kept, encoding="utf-8")
    arguments = ["run", "--port", str(port), "--interface", "127.0.0.1", "--endpoints", str(endpoints)]
    command = [str(environment / "bin/rasa"), *arguments]
    with _process(command, environment / "bot", _quiet(), folder, f"http://127.0.0.1:{port}/") as base:
        yield base.removesuffix("/")


@contextmanager
def _process(command: list[str], folder: Path, environment: dict[str, str], logs: Path, probe: str) -> Iterator[str]:
    log = logs / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        _wait_until_it_answers(process, probe, log)
        yield probe
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def _wait_until_it_answers(process: subprocess.Popen[bytes], probe: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(probe, timeout=5):
                time.sleep(2)  # both servers of ours begin side by side
                return
        except OSError:
            time.sleep(0.5)
    tail = log.read_text("utf-8", "replace")[-1000:]
    raise FrontdeskError("The server to be measured did not come up.", f"Its output ends: {tail}")


def _make_stock(environment: Path) -> None:
    """Rasa as it comes, in an environment of its own (2.5 GB, some minutes), with its `rasa init` bot trained."""
    if (environment / "bot/models").is_dir():
        return
    python = shutil.which("python3.10")
    if not (environment / "bin/rasa").is_file():
        if python is None:
            raise FrontdeskError("Stock Rasa needs Python 3.10, and there is none.", "Put python3.10 on the PATH.")
        subprocess.run([python, "-m", "venv", str(environment)], check=True)
        pip = [str(environment / "bin/pip"), "install", "--quiet", STOCK, "setuptools<81"]
        subprocess.run(pip, check=True)
    bot = environment / "bot"
    command = [str(environment / "bin/rasa"), "init", "--no-prompt", "--init-dir", str(bot)]
    bot.mkdir(exist_ok=True)
    subprocess.run(command, check=True, env=_quiet())


def _quiet() -> dict[str, str]:
    return {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
