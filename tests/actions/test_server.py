"""The action server over HTTP, with the small shop's services."""

import asyncio
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from aiohttp.test_utils import TestClient, TestServer
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection
from sqlalchemy import text

from actions.server import ACTIONS, EXECUTOR, MAX_BODY, make_app
from tests.actions.conversing import call_of, replied, said
from tests.actions.small_shop import ENGLISH, NONSENSE
from textkit.settings import ROOT

SECRET = "the secret that both servers share"
BEARER = {"Authorization": f"Bearer {SECRET}"}
REFERENCE = re.compile(r"E-[0-9A-F]{8}")


@pytest.fixture
async def client(shop):
    app = make_app(shop, SECRET)
    async with TestClient(TestServer(app)) as made:
        yield made


async def post(client, call, **headers):
    body = call if isinstance(call, bytes) else json.dumps(call).encode()
    answer = await client.post("/webhook", data=io.BytesIO(body), headers={**BEARER, **headers})
    return answer.status, json.loads(await answer.text())


async def fail(dispatcher, tracker, domain):
    raise RuntimeError("a path that no customer may see")


async def test_health_is_open(client):
    answer = await client.get("/health")
    assert (answer.status, await answer.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize(
    "header",
    [None, "", SECRET, "Bearer", "Bearer ", f"Bearer {SECRET[:-1]}", f"Bearer {SECRET}!", f"bearer {SECRET}"]
    + [f"Basic {SECRET}", "Bearer \u00e9\u00ff", f"Bearer {SECRET.upper()}"],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/webhook"),
        ("GET", "/documents/en-returns-32e230"),
        ("GET", "/products"),
        ("GET", "/products/EM-WREN1"),
        ("GET", "/"),
        ("GET", "/health/"),
        ("GET", "/nothing"),
    ],
)
async def test_every_route_but_health_wants_the_secret(client, method, path, header):
    answer = await client.request(method, path, headers={} if header is None else {"Authorization": header})
    assert (answer.status, await answer.json()) == (401, {"error": "The shared secret is missing or wrong."})


async def test_an_action_is_run(client):
    status, body = await post(client, call_of("action_answer", said(ENGLISH), slots={"language": "en"}))
    assert status == 200
    assert "30 days" in body["responses"][0]["answer"]
    assert {"event": "slot", "name": "last_question", "value": ENGLISH}.items() <= body["events"][1].items()


async def test_every_action_answers_an_empty_conversation(client):
    for action in ACTIONS:
        name = action().name()
        status, body = await post(client, call_of(name, said("hello")))
        assert (status, set(body)) == (200, {"events", "responses"})
        assert not any(message.get("response") == "utter_failed" for message in body["responses"]), name


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"hello", b"\xff\xfe", b"null", b"[]", b"5", b'"action_answer"', b"{}", b'{"tracker": {}}'),
        b'{"next_action": "action_answer"}',
        b'{"next_action": "action_answer", "tracker": []}',
        b'{"next_action": "action_answer", "tracker": null}',
        b'{"next_action": null, "tracker": {}}',
        b'{"next_action": "", "tracker": {}}',
        b'{"next_action": 5, "tracker": {}}',
        b"[" * 100_000,
        b'{"next_action":' * 5000,
    ],
    ids=lambda body: body[:40].decode("latin-1"),
)
async def test_a_body_that_is_no_call_is_refused(client, body):
    assert await post(client, body) == (400, {"error": "The body is not an action call."})


@pytest.mark.parametrize("name", ["action_unknown", "run", "action_answer "])
async def test_an_unknown_action(client, name):
    assert await post(client, call_of(name, said("hello"))) == (
        404,
        {"error": "There is no such action.", "action_name": name},
    )


async def test_a_failing_action_becomes_an_apology_and_the_log_has_the_rest(client, caplog):
    client.app[EXECUTOR].register_function("action_fail", fail)
    status, body = await post(client, call_of("action_fail", said("hello")))
    (apology,) = body["responses"]
    assert (status, body["events"], apology["response"]) == (200, [], "utter_failed")
    assert REFERENCE.fullmatch(apology["reference"])
    assert "RuntimeError" not in json.dumps(body)
    assert apology["reference"] in caplog.text
    assert "RuntimeError: a path that no customer may see" in caplog.text


@pytest.mark.parametrize(("name", "table"), [("action_handoff", "tickets"), ("action_answer", "unanswered_questions")])
async def test_a_broken_database_becomes_an_apology(client, shop, caplog, name, table):
    with shop.database.write() as session:
        session.execute(text(f"DROP TABLE {table}"))
    _, body = await post(client, call_of(name, said(NONSENSE["en"])))
    assert body["responses"][0]["response"] == "utter_failed"
    assert table not in json.dumps(body)
    assert f"no such table: {table}" in caplog.text


async def test_an_action_may_reject_its_call(client):
    async def reject(dispatcher, tracker, domain):
        raise ActionExecutionRejection("action_reject", "not now")

    client.app[EXECUTOR].register_function("action_reject", reject)
    assert await post(client, call_of("action_reject", said("x"))) == (
        400,
        {"action_name": "action_reject", "error": "not now"},
    )


async def test_a_long_conversation_is_read_and_a_body_beyond_the_limit_is_not(client):
    events = [replied("x" * 1000) for _ in range(12_000)]
    status, body = await post(client, call_of("action_repeat", said("a"), *events[:3], said("again")))
    assert (status, len(body["responses"])) == (200, 3)
    long = json.dumps(call_of("action_decline_offer", *events, said("no"))).encode()
    assert 12 * 1024 * 1024 < len(long) < MAX_BODY == 16 * 1024 * 1024
    assert (await post(client, long))[0] == 200
    assert await post(client, b" " * (MAX_BODY + 1)) == (413, {"error": "Request Entity Too Large"})


async def test_answers_do_not_hold_each_other_up(client, shop):
    async def slow(dispatcher, tracker, domain):
        await asyncio.sleep(0.5)
        return []

    client.app[EXECUTOR].register_function("action_slow", slow)
    waiting = asyncio.ensure_future(post(client, call_of("action_slow", said("x"))))
    calls = [post(client, call_of("action_answer", said(ENGLISH))) for _ in range(4)]
    assert [status for status, _ in await asyncio.gather(*calls)] == [200] * 4
    assert not waiting.done()
    assert (await waiting)[0] == 200


@pytest.mark.parametrize("title", ["Returns", "退货说明", "Our stores"])
async def test_a_document_is_given_as_it_is_stored(client, shop, title):
    documents = shop.answerer().index.documents.values()
    document = next(d for d in documents if d.title == title)
    answer = await client.get(f"/documents/{document.id}", headers=BEARER)
    assert (answer.status, await answer.json()) == (
        200,
        {"title": title, "language": document.language, "text": document.text},
    )


@pytest.mark.parametrize("name", ["unknown", "..%2Fhealth", "%00", "退货", "x" * 3000], ids=lambda name: name[:12])
async def test_an_unknown_document(client, name):
    answer = await client.get(f"/documents/{name}", headers=BEARER)
    assert (answer.status, await answer.json()) == (404, {"error": "There is no such document."})


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/nothing", 404), ("GET", "/webhook", 405), ("PUT", "/", 404)]
)
async def test_other_routes_answer_in_json(client, method, path, status):
    answer = await client.request(method, path, headers=BEARER)
    assert answer.status == status
    assert "error" in await answer.json()


async def test_what_fails_outside_an_action_has_a_reference_too(client, shop, caplog, monkeypatch):
    monkeypatch.setenv("FRONTDESK_MODELS_DIR", "/nowhere")
    shop._answerer = None
    from textkit.settings import settings

    settings.cache_clear()
    answer = await client.get("/documents/unknown", headers=BEARER)
    body = await answer.json()
    assert (answer.status, body["error"]) == (500, "Internal error.")
    assert f"Reference {body['reference']}: GET /documents/unknown failed" in caplog.text
    assert "nowhere" not in str(body)


def test_the_actions_are_those_that_the_executor_takes():
    executor = ActionExecutor()
    for action in ACTIONS:
        executor.register_action(action)
    assert len(executor.actions) == len(ACTIONS)


def start(environment):
    command = [sys.executable, "-m", "actions"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, **pipes)


def test_the_server_does_not_start_without_its_secret(models, tmp_path):
    with start({"FRONTDESK_ACTION_SECRET": "short", "FRONTDESK_DATABASE_URL": f"sqlite:///{tmp_path}/a.db"}) as process:
        said_why, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert re.fullmatch(r"error: FRONTDESK_ACTION_SECRET is not set .*\n", said_why)


def test_the_server_starts_answers_and_stops(shop, models, tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {"FRONTDESK_ACTION_SECRET": SECRET, "FRONTDESK_ACTIONS_PORT": str(port)}
    with start({**environment, "PYTHONUNBUFFERED": "1"}) as process:
        try:
            assert wait_for(f"http://127.0.0.1:{port}/health", process) == b'{"status": "ok"}'
            process.send_signal(signal.SIGTERM)
            log, _ = process.communicate(timeout=20)
        finally:
            process.kill()
    assert process.returncode == 0
    assert f"listening on http://127.0.0.1:{port}" in log
    assert "Traceback" not in log


def wait_for(url, process):
    until = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(url, timeout=1) as answer:
                return answer.read()
        except OSError:
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.1)
