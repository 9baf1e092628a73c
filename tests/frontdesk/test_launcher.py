"""The launcher with real small child processes."""

import os
import signal
import socket
import time

import pytest

from frontdesk.launcher import check_port
from tests.frontdesk.conftest import free_port
from tests.frontdesk.launching import Launched, is_alive, script, server
from textkit.errors import FrontdeskError

STUBBORN = "signal.signal(signal.SIGTERM, signal.SIG_IGN)"
SLEEPER = "import os, time; print('child', os.getpid(), flush=True); time.sleep(99)"
CHILD = f"subprocess.Popen([sys.executable, '-c', {SLEEPER!r}])"


def pid_of(launched, name):
    return int(launched.until(rf"^{name}\| pid (\d+)")[1])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_all_are_started_and_stopped_cleanly(number):
    with Launched(server("one"), server("two", "print('你好', flush=True)")) as launched:
        launched.until("^up$")
        pids = [int(line.split()[-1]) for line in launched.seen if "| pid" in line]
        assert "two| 你好" in launched.seen
        assert len(pids) == 2
        assert all(map(is_alive, pids))
        assert launched.stop(number) == 0
        launched.until(r"^launcher\| stopping")
        launched.until("^ended")
        assert not any(map(is_alive, pids))


def test_a_process_that_dies_is_started_again():
    with Launched(server("one"), server("two")) as launched:
        launched.until("^up$")
        first = next(int(line.split()[-1]) for line in launched.seen if line.startswith("one| pid"))
        os.kill(first, signal.SIGKILL)
        launched.until(r"^launcher\| one ended \(signal SIGKILL\); starting it again$")
        second = pid_of(launched, "one")
        assert second != first
        assert launched.stop(signal.SIGINT) == 0
        assert not is_alive(second)


def test_a_process_that_keeps_dying_ends_the_others():
    with Launched(server("good"), script("bad", "import sys; print('why'); sys.exit(7)"), MAX_RESTARTS=2) as launched:
        good = pid_of(launched, "good")
        launched.until(r"error: bad ended 3 times within 60 seconds\. The lines above say why\.")
        assert launched.process.wait(20) == 1
        assert launched.seen.count("bad| why") == 3
        assert launched.seen.count("launcher| bad ended (exit code 7); starting it again") == 2
        assert not is_alive(good)


def test_restarts_long_ago_do_not_count():
    fast = script("bad", "import sys, time; time.sleep(0.3); sys.exit(1)")
    with Launched(fast, MAX_RESTARTS=1, RESTART_WINDOW=0.2) as launched:
        for _ in range(3):
            launched.until("starting it again")
        assert launched.stop(signal.SIGINT) == 0


def test_a_process_that_ignores_the_request_to_stop_is_killed():
    with Launched(server("stubborn", STUBBORN), STOP_SECONDS=0.5) as launched:
        pid = pid_of(launched, "stubborn")
        launched.until("^up$")
        begin = time.monotonic()
        assert launched.stop(signal.SIGTERM) == 0
        assert 0.4 < time.monotonic() - begin < 8
        assert not is_alive(pid)


def test_children_of_a_process_end_with_it():
    with Launched(server("parent", CHILD)) as launched:
        child = int(launched.until(r"^parent\| child (\d+)")[1])
        launched.until("^up$")
        assert launched.stop(signal.SIGINT) == 0
        assert not is_alive(child)


def test_children_left_behind_do_not_hold_up_the_restart():
    with Launched(server("parent", CHILD)) as launched:
        child = int(launched.until(r"^parent\| child (\d+)")[1])
        launched.until("^up$")
        parent = next(int(line.split()[-1]) for line in launched.seen if line.startswith("parent| pid"))
        os.kill(parent, signal.SIGKILL)
        launched.until("starting it again")
        assert not is_alive(child)
        assert launched.stop(signal.SIGINT) == 0


def test_a_signal_before_all_is_up_stops_too():
    with Launched(script("silent", "import time; print('here', flush=True); time.sleep(99)")) as launched:
        launched.until("here")
        assert launched.stop(signal.SIGINT) == 0
        assert "up" not in launched.seen


def test_a_process_that_never_answers_ends_the_start():
    silent = script("silent", "import time; time.sleep(99)")
    with Launched(silent, START_SECONDS=0.5) as launched:
        launched.until(r"error: silent does not answer after 0\.5 seconds")
        assert launched.process.wait(20) == 1


def test_a_command_that_is_not_there_ends_the_start():
    missing = {"name": "missing", "command": ["/nowhere/python"], "health": "http://127.0.0.1:1/"}
    with Launched(server("good"), missing) as launched:
        launched.until(r"error: missing cannot be started \(.*'/nowhere/python'\)")
        assert launched.process.wait(20) == 1


def test_long_and_broken_lines_do_not_end_the_log():
    code = "import sys, time; sys.stdout.buffer.write(b'x' * 3_000_000 + b'\\n\\xff\\xfe\\nafter\\n'); time.sleep(99)"
    with Launched(script("loud", f"{code[:-14]}sys.stdout.flush(); time.sleep(99)")) as launched:
        launched.until(r"^loud\| after$")
        assert "loud| \ufffd\ufffd" in launched.seen


def test_a_taken_port_is_said_in_a_sentence():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(FrontdeskError) as raised:
            check_port("127.0.0.1", port, "FRONTDESK_PORT")
    assert raised.value.message == f"Port {port} on 127.0.0.1 cannot be used (Address already in use)."
    assert raised.value.hint == "Stop what listens there, or set FRONTDESK_PORT in .env to another port."


@pytest.mark.parametrize(
    ("host", "port"), [("127.0.0.1", 70_000), ("203.0.113.1", 5005), ("no such host", 5005), ("::g", 5005)]
)
def test_an_address_that_cannot_be_had(host, port):
    with pytest.raises(FrontdeskError, match=rf"Port {port} on {host} cannot be used \(.+\)\."):
        check_port(host, port, "FRONTDESK_PORT")


def test_a_free_port_is_left_free():
    port = free_port()
    check_port("127.0.0.1", port, "FRONTDESK_PORT")
    check_port("127.0.0.1", port, "FRONTDESK_PORT")
