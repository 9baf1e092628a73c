import json

import pytest

from bot.channels.origins import Origins
from tests.bot.channels.serving import Served
from textkit.errors import SettingError

SHOP = "https://shop.example"


@pytest.mark.parametrize(
    ("origin", "host", "allowed"),
    [
        (None, "chat.example", True),
        ("https://chat.example", "chat.example", True),
        ("https://chat.example", "chat.example:443", True),
        ("http://chat.example:8080", "chat.example:8080", True),
        ("https://CHAT.example", "chat.example", True),
        ("https://chat.example:8443", "chat.example", False),
        ("https://chat.example.evil.example", "chat.example", False),
        ("https://evil.example", "chat.example", False),
        ("https://evil.example", None, False),
        ("https://shop.example", "chat.example", True),
        ("https://shop.example:443", "chat.example", True),
        ("http://shop.example", "chat.example", False),
        ("https://www.shop.example", "chat.example", False),
        ("https://shop.example/path", "chat.example", False),
        ("https://shop.example@evil.example", "chat.example", False),
        ("file://", "chat.example", False),
        ("null", "chat.example", False),
        ("", "chat.example", False),
        ("https://[", "chat.example", False),
    ],
)
def test_own_and_listed_origins_pass(origin, host, allowed):
    assert Origins(f" {SHOP} ,http://localhost:3000").allow(origin, host) is allowed


@pytest.mark.parametrize(
    "allowed", ["*", "shop.example", "https://shop.example/chat", "https://a.example https://b.example"]
)
def test_a_setting_of_another_form_is_refused(allowed):
    with pytest.raises(SettingError, match="FRONTDESK_ALLOWED_ORIGINS"):
        Origins(allowed)


def test_a_listed_page_may_read_the_answers_and_no_other_may():
    with Served(allowed_origins=SHOP) as served:
        for path in ("/api/sessions", "/api/messages"):
            status, headers, _ = served.call("OPTIONS", path, headers={"Origin": SHOP})
            assert (status, headers["access-control-allow-origin"]) == (204, SHOP)
            assert "Authorization" in headers["access-control-allow-headers"]
            status, headers, _ = served.call("OPTIONS", path, headers={"Origin": "https://evil.example"})
            assert (status, "access-control-allow-origin" in headers) == (403, False)
        status, headers, text = served.call("POST", "/api/sessions", "{}", {"Origin": SHOP})
        assert (status, headers["access-control-allow-origin"]) == (200, SHOP)
        header = {"Authorization": f"Bearer {json.loads(text)['token']}"}
        sent = json.dumps({"id": "m-000001", "text": "Hello"})
        assert served.call("POST", "/api/messages", sent, {"Origin": SHOP, **header})[0] == 200
        status, headers, text = served.call("POST", "/api/messages", "nonsense", {"Origin": SHOP, **header})
        assert (status, headers["access-control-allow-origin"]) == (400, SHOP)
        for method in ("GET", "POST"):
            status, headers, text = served.call(
                method, "/api/messages", sent, {"Origin": "https://evil.example", **header}
            )
            assert (status, json.loads(text)) == (403, {"error": "foreign_origin"})
            assert "access-control-allow-origin" not in headers
        assert len(served.bot.heard) == 1
