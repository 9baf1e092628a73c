"""Runs `python -m bot.engine` for the tests: commands to their end, servers until they are stopped."""

import asyncio
import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import aiohttp
import socketio

ROOT = Path(__file__).parents[3]
START_SECONDS = 60.0
TURN_SECONDS = 20.0


def environment() -> dict[str, str]:
    """This process's environment, in which any folder can import `bot`."""
    return os.environ | {"PYTHONPATH": str(ROOT), "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}


def rasa(folder: Path, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Run the `rasa` command in `folder`; its log is part of `stdout`."""
    return subprocess.run(
        [sys.executable, "-m", "bot.engine", *arguments],
        cwd=folder,
        env=environment(),
        input=typed,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=180,
        check=False,
    )


def python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `code` in a fresh interpreter."""
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


class RasaServer:
    """`rasa run` in a bot's folder, on a free port of 127.0.0.1."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start and wait until the model answers."""
        command = [sys.executable, "-m", "bot.engine", "run", "--interface", "127.0.0.1", "--port", str(self.port)]
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(command, cwd=self.folder, env=environment(), stdout=log, stderr=log)
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                urllib.request.urlopen(f"{self.url}/webhooks/rest/", timeout=1).close()
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > until:
                    self.process.kill()
                    self.process.wait()
                    raise RuntimeError(self.log()) from None
                time.sleep(0.2)

    def stop(self) -> None:
        """Stop it as an operator does."""
        self.process.terminate()
        self.process.wait(timeout=30)

    def log(self) -> str:
        """Everything the server has printed."""
        return (self.folder / "server.log").read_text(encoding="utf-8")

    def say(self, sender: str, text: str) -> list[str]:
        """Send a message over REST and return the bot's texts."""
        body = json.dumps({"sender": sender, "message": text}).encode()
        header = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}/webhooks/rest/webhook", body, header)
        with urllib.request.urlopen(request, timeout=TURN_SECONDS) as response:
            return [message["text"] for message in json.load(response)]

    def converse(self, transport: str, session: str, *texts: str) -> list[str]:
        """Say `texts` over Socket.IO by one transport and return the bot's text for each."""
        return asyncio.run(self._converse(transport, session, texts))

    async def _converse(self, transport: str, session: str, texts: tuple[str, ...]) -> list[str]:
        answers: asyncio.Queue[str] = asyncio.Queue()
        http = aiohttp.ClientSession()
        client = socketio.AsyncClient(reconnection=False, http_session=http)
        client.on("session_confirm", answers.put)
        client.on("bot_uttered", lambda message: answers.put_nowait(message["text"]))
        try:
            await client.connect(self.url, transports=[transport])
            assert client.transport() == transport
            await client.emit("session_request", {"session_id": session})
            assert await asyncio.wait_for(answers.get(), TURN_SECONDS) == session
            heard = []
            for text in texts:
                await client.emit("user_uttered", {"message": text, "session_id": session})
                heard.append(await asyncio.wait_for(answers.get(), TURN_SECONDS))
            return heard
        finally:
            goodbye = asyncio.create_task(client.disconnect())
            await asyncio.sleep(0.1)
            await http.close()  # the server would hold the last poll open for 30 s
            await goodbye

    def events(self, sender: str) -> list[dict[str, Any]]:
        """The conversation as the tracker store keeps it in SQLite."""
        connection = sqlite3.connect(self.folder / "tracker.db")
        try:
            rows = connection.execute("SELECT data FROM events WHERE sender_id = ? ORDER BY id", (sender,))
            return [json.loads(data) for (data,) in rows]
        finally:
            connection.close()
