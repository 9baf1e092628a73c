"""Runs a launcher with small servers in a process of its own, so that real signals reach it."""

import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from typing import Any

from tests.frontdesk.conftest import free_port
from textkit.settings import ROOT

SECONDS = 20.0
LAUNCH = """
import asyncio, json, os, sys
from frontdesk import launcher
from textkit.errors import FrontdeskError

services, values = json.loads(sys.argv[1])
for name, value in values.items():
    setattr(launcher, name, value)
made = launcher.Launcher(
    [launcher.Service(**service) for service in services],
    dict(os.environ),
    lambda name, line: print(f"{name or 'launcher'}| {line}", flush=True),
)
try:
    asyncio.run(made.run(lambda: print("up", flush=True)))
except FrontdeskError as error:
    sys.exit(f"error: {error}")
print("ended", flush=True)
"""
SERVER = """
import http.server, os, signal, subprocess, sys, time
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *_):
        pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
exec(sys.argv[2])
print("pid", os.getpid(), flush=True)
server.serve_forever()
"""


def server(name: str, extra: str = "") -> dict[str, Any]:
    """A service that answers, after having run the lines `extra`."""
    port = free_port()
    command = [sys.executable, "-c", SERVER, str(port), extra]
    return {"name": name, "command": command, "health": f"http://127.0.0.1:{port}/"}


def script(name: str, code: str) -> dict[str, Any]:
    """A service that answers to nobody."""
    return {"name": name, "command": [sys.executable, "-c", code], "health": f"http://127.0.0.1:{free_port()}/"}


class Launched:
    """A launcher of `services`; use it as a context manager. `values` replace the module's constants."""

    def __init__(self, *services: dict[str, Any], **values: Any) -> None:
        self._arguments = [sys.executable, "-c", LAUNCH, json.dumps([services, values])]
        self._lines: queue.Queue[str] = queue.Queue()
        self.seen: list[str] = []

    def __enter__(self) -> "Launched":
        pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        self.process = subprocess.Popen(self._arguments, cwd=ROOT, **pipes)
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        return self

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(SECONDS)
        finally:
            self.process.kill()
            self._reader.join(SECONDS)
            assert self.process.stdout
            self.process.stdout.close()

    def until(self, pattern: str) -> re.Match[str]:
        """The next line that has `pattern`."""
        deadline = time.monotonic() + SECONDS
        while True:
            try:
                line = self._lines.get(timeout=max(0.01, deadline - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"no line with {pattern!r} in {self.seen}") from None
            self.seen.append(line)
            if found := re.search(pattern, line):
                return found

    def stop(self, number: signal.Signals) -> int:
        """Signal the launcher; its exit code."""
        self.process.send_signal(number)
        return self.process.wait(SECONDS)


def ends(pid: int, seconds: float = 10) -> bool:
    """Whether a process that was killed is gone within `seconds`: the kernel takes its time on a busy machine."""
    deadline = time.monotonic() + seconds
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not is_alive(pid)


def is_alive(pid: int) -> bool:
    """Whether a process runs; a zombie does not."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        if os.path.isdir("/proc/self"):
            return False
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        return True
