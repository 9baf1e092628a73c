"""A running Frontdesk, measured from outside: answer time over HTTP, start-up, memory, disk."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import time
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import aiohttp

from finetune.benchmarks.report import percentile
from textkit.errors import FrontdeskError

START_LIMIT = 600


async def answer_times(base: str, questions: Sequence[str]) -> dict[str, Any]:
    """One user asks `questions` one after the other over the web channel; milliseconds for each reply.

    Conversations have 10 turns; the first turn of each, which opens Rasa's session, is counted like the others.
    """
    times: list[float] = []
    async with aiohttp.ClientSession(base_url=base, timeout=aiohttp.ClientTimeout(total=30)) as client:
        token = ""
        for number, question in enumerate(questions):
            if number % 10 == 0:
                async with client.post("/api/sessions") as opened:
                    token = str((await opened.json()).get("token", ""))
            body = {"id": uuid.uuid4().hex, "text": question}
            begin = time.perf_counter()
            async with client.post("/api/messages", json=body, headers={"Authorization": f"Bearer {token}"}) as reply:
                if reply.status != 200:
                    raise FrontdeskError(f"The server answered {reply.status}.", "Raise FRONTDESK_MESSAGES_PER_MINUTE.")
                await reply.read()
            times.append(1000 * (time.perf_counter() - begin))
    return {
        "messages": len(times),
        "p50_ms": round(percentile(times, 0.5), 1),
        "p95_ms": round(percentile(times, 0.95), 1),
        "max_ms": round(max(times), 1),
    }


def start_up(command: Sequence[str], folder: Path) -> dict[str, Any]:
    """Run `command` (such as `make up`) in `folder` until it answers; seconds and resident memory, then stop it."""
    begin = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    assert process.stdout
    try:
        for line in process.stdout:
            if "answers at" in line:
                seconds = time.perf_counter() - begin
                return {"seconds_until_it_answers": round(seconds, 1), "resident_mb": server_memory(process.pid)}
            if time.perf_counter() - begin > START_LIMIT:
                break
        raise FrontdeskError(f"{' '.join(command)} did not come up.", "Run it by hand to see why.")
    finally:
        os.killpg(process.pid, signal.SIGINT)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def server_memory(root: int) -> dict[str, int]:
    """Resident memory of the servers under `root`, in MB."""
    table = subprocess.run(["ps", "-eo", "pid,ppid,rss,args"], capture_output=True, text=True, check=True).stdout
    rows = [re.split(r"\s+", line.strip(), maxsplit=3) for line in table.splitlines()[1:]]
    family, found = {root}, {}
    for pid, parent, memory, command in rows:
        if int(parent) in family or int(pid) in family:
            family.add(int(pid))
            name = next((n for n, mark in (("rasa", "bot.engine"), ("actions", "-m actions")) if mark in command), "")
            if name:
                found[name] = int(memory) // 1024
            elif "frontdesk up" in command and "make" not in command:
                found["launcher"] = int(memory) // 1024
    return found


def disk_mb(folder: Path) -> int:
    """Size of a folder in MB."""
    output = subprocess.run(["du", "-sm", str(folder)], capture_output=True, text=True, check=False).stdout
    return int(output.split()[0]) if output else 0


def run_answer_times(base: str, questions: Sequence[str]) -> dict[str, Any]:
    """`answer_times` for a command; raises FrontdeskError when nothing answers at `base`."""
    try:
        return asyncio.run(answer_times(base, questions))
    except aiohttp.ClientConnectionError as error:
        raise FrontdeskError(f"Nothing answers at {base}.", "Start it with `make up` first.") from error
