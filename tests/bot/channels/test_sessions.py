import base64
import json
import time

import jwt
import pytest

from bot.channels.sessions import RateLimit, SessionError, Sessions

SECRET = "a secret of the server's own, " * 3
OTHER_SECRET = "a secret of somebody else, " * 3
CLAIMS = {"sub": "web-somebody", "aud": "web", "exp": int(time.time()) + 3600}


@pytest.fixture
def sessions():
    return Sessions(SECRET, hours=1)


def token(secret=SECRET, algorithm="HS256", **changes):
    claims = {key: value for key, value in {**CLAIMS, **changes}.items() if value is not None}
    return jwt.encode(claims, secret, algorithm=algorithm)


def part(content):
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def test_an_issued_token_names_its_conversation(sessions):
    session, issued = sessions.issue()
    assert session.startswith("web-")
    assert sessions.conversation(f"Bearer {issued}") == session
    assert sessions.conversation(f"bearer {issued}") == session
    assert jwt.decode(issued, SECRET, ["HS256"], audience="web")["exp"] - time.time() == pytest.approx(3600, abs=5)


def test_every_session_is_another(sessions):
    assert len({name for _ in range(1000) for name in sessions.issue()}) > 1000


HEAD, _, SIGNATURE = token().split(".")
REFUSED = {
    "missing": None,
    "empty": "",
    "no scheme": token(),
    "another scheme": f"Basic {token()}",
    "no token": "Bearer ",
    "not a token": "Bearer abc.def.ghi",
    "not ASCII": "Bearer \u4f60\u597d",
    "bytes that are no text": "Bearer \udcff\udcfe",
    "forged": f"Bearer {token(OTHER_SECRET)}",
    "expired": f"Bearer {token(exp=int(time.time()) - 1)}",
    "without an end": f"Bearer {token(exp=None)}",
    "without a name": f"Bearer {token(sub=None)}",
    "of another audience": f"Bearer {token(aud='operator')}",
    "without an audience": f"Bearer {token(aud=None)}",
    "of another algorithm": f"Bearer {token(algorithm='HS512')}",
    "without a signature": f"Bearer {token(None, 'none')}",
    "signature cut off": f"Bearer {token().rpartition('.')[0]}.",
    "claims changed": "Bearer " + ".".join([HEAD, part({**CLAIMS, "sub": "web-other"}), SIGNATURE]),
}


@pytest.mark.parametrize("header", REFUSED.values(), ids=REFUSED.keys())
def test_another_token_is_refused(sessions, header):
    with pytest.raises(SessionError):
        sessions.conversation(header)


def test_a_limit_counts_each_key_by_itself():
    limit = RateLimit(2)
    assert [limit.allows("a", now) for now in (0, 1, 2)] == [True, True, False]
    assert limit.allows("b", 2)


def test_a_minute_later_the_key_may_call_again():
    limit = RateLimit(2)
    assert [limit.allows("a", now) for now in (0, 30, 59, 60.5, 61, 91)] == [True, True, False, True, False, True]


def test_a_refused_call_does_not_count():
    limit = RateLimit(1)
    assert [limit.allows("a", now) for now in (0, 20, 40, 61)] == [True, False, False, True]


def test_the_keys_used_last_are_remembered():
    limit = RateLimit(1, capacity=2)
    assert all(limit.allows(key, 0) for key in "abc")
    assert not limit.allows("c", 1)
    assert not limit.allows("b", 1)
    assert limit.allows("a", 1)
    assert len(limit._calls) == 2
