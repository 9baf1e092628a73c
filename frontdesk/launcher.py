"""Runs the servers in the foreground: prefixed logs, restarts, a clean stop."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import os
import signal
import socket
import time
from collections import deque
from collections.abc import Callable, Sequence

import aiohttp

from textkit.errors import FrontdeskError

STOP_SECONDS = 10
START_SECONDS = 120
MAX_RESTARTS = 5  # within RESTART_WINDOW seconds
RESTART_WINDOW = 60
Report = Callable[[str, str], None]  # process name ("" for the launcher itself), line


@dataclasses.dataclass(frozen=True)
class Service:
    """A process and how to tell that it answers."""

    name: str
    command: Sequence[str]
    health: str  # a URL that answers 200


def check_port(host: str, port: int, setting: str) -> None:
    """Raise FrontdeskError when something listens on the port already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:  # OverflowError: beyond 65535
            reason = getattr(error, "strerror", None) or error
            raise FrontdeskError(
                f"Port {port} on {host} cannot be used ({reason}).",
                f"Stop what listens there, or set {setting} in .env to another port.",
            ) from error


class Launcher:
    """Keeps `services` running until it is told to stop."""

    def __init__(self, services: Sequence[Service], environment: dict[str, str], report: Report) -> None:
        self._services = services
        self._environment = environment
        self._report = report
        self._stop = asyncio.Event()
        self._failed: FrontdeskError | None = None

    async def run(self, when_up: Callable[[], None]) -> None:
        """Start all, call `when_up` once they answer, return after a signal; raises when one cannot be kept up."""
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(name, self._stop.set)
        keepers = [asyncio.create_task(self._keep(service)) for service in self._services]
        announcer = asyncio.create_task(self._announce(when_up))
        await self._stop.wait()
        announcer.cancel()
        self._report("", "stopping")
        await asyncio.gather(*keepers)
        with contextlib.suppress(asyncio.CancelledError):
            await announcer
        if self._failed:
            raise self._failed

    async def _announce(self, when_up: Callable[[], None]) -> None:
        deadline = time.monotonic() + START_SECONDS
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)) as client:
            for service in self._services:
                while not await _answers(client, service.health):
                    if time.monotonic() > deadline:
                        self._give_up(f"{service.name} does not answer after {START_SECONDS} seconds.")
                        return
                    await asyncio.sleep(0.2)
        when_up()

    async def _keep(self, service: Service) -> None:
        """Start `service` again whenever it ends, unless that happens too often."""
        ends: deque[float] = deque()  # within the last RESTART_WINDOW seconds
        while not self._stop.is_set():
            try:
                code = await self._run_once(service)
            except OSError as error:
                self._give_up(f"{service.name} cannot be started ({error}).")
                return
            if self._stop.is_set():
                return
            while ends and time.monotonic() - ends[0] > RESTART_WINDOW:
                ends.popleft()
            if len(ends) == MAX_RESTARTS:
                self._give_up(f"{service.name} ended {MAX_RESTARTS + 1} times within {RESTART_WINDOW} seconds.")
                return
            ends.append(time.monotonic())
            self._report("", f"{service.name} ended ({_reason(code)}); starting it again")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), timeout=min(0.25 * 2.0 ** (len(ends) - 1), 15))

    async def _run_once(self, service: Service) -> int:
        # A session of its own: Ctrl-C in the terminal reaches the launcher alone, which stops the others in order.
        process = await asyncio.create_subprocess_exec(
            *service.command,
            env=self._environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
            limit=1024 * 1024,
        )
        reader = asyncio.create_task(self._relay(service.name, process))
        stopper = asyncio.create_task(self._stop.wait())
        ended = asyncio.create_task(_exit_code(process))
        await asyncio.wait({stopper, ended}, return_when=asyncio.FIRST_COMPLETED)
        if not ended.done():
            _signal(process, signal.SIGTERM)
            done, _ = await asyncio.wait({ended}, timeout=STOP_SECONDS)
            if not done:
                _signal(process, signal.SIGKILL)
        code = await ended
        _signal(process, signal.SIGKILL)  # its children, which would keep its output open
        stopper.cancel()
        await asyncio.wait({reader}, timeout=2)
        reader.cancel()
        return code

    async def _relay(self, name: str, process: asyncio.subprocess.Process) -> None:
        assert process.stdout
        while True:
            try:
                line = await process.stdout.readline()
            except ValueError:  # a line beyond the limit: pass over it
                continue
            if not line:
                return
            text = line.decode("utf-8", "replace").rstrip()
            if text:
                self._report(name, text)

    def _give_up(self, message: str) -> None:
        self._failed = FrontdeskError(message, "The lines above say why.")
        self._stop.set()


async def _exit_code(process: asyncio.subprocess.Process) -> int:
    """Wait for the process alone: its own `wait` goes on while a child of it holds its output open."""
    while process.returncode is None:
        await asyncio.sleep(0.1)
    return process.returncode


async def _answers(client: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with client.get(url) as response:
            return response.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return False


def _signal(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    """Signal the process and its children."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def _reason(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
