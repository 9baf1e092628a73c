"""The web channel over HTTP, with a function of the tests where rasa's agent is."""

import json
import re
import threading
import time

import jwt
import pytest

from bot.channels.frames import MAX_FRAME
from bot.channels.web import WebChannel
from tests.bot.channels.serving import ACTION_SECRET, SESSION_SECRET, Served
from textkit.errors import SettingError
from textkit.settings import settings

APOLOGY_EN = r"I’m sorry, something went wrong on our side\. .* your reference is (E-[0-9A-F]{8})\."
APOLOGY_ZH = r"抱歉，我们这边出了点问题，请稍后再试。参考编号：(E-[0-9A-F]{8})。"
_numbers = iter(range(10_000_000, 99_999_999))


def message(text="Hello", **more):
    return {"id": str(next(_numbers)), "text": text, **more}


def heard(served, sent):
    return [m for m in served.bot.heard if m.message_id == sent["id"]]


@pytest.mark.parametrize(
    ("accepted", "language", "name"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN", "云雀小炉"),
        ("en-GB,en", "en", "Lark &amp; Ember"),
        ("", "en", "Lark &amp; Ember"),
    ],
)
def test_the_page_speaks_the_browser_s_language(served, accepted, language, name):
    status, headers, text = served.call("GET", "/", headers={"Accept-Language": accepted})
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert f'<html lang="{language}">' in text
    assert f"<span>{name}</span>" in text


@pytest.mark.parametrize(
    ("path", "kind"),
    [("shop.js", "javascript"), ("document.js", "javascript"), ("shop.css", "css"), ("logo.svg", "svg")],
)
def test_the_page_s_files_are_served(served, path, kind):
    status, headers, _ = served.call("GET", f"/static/{path}")
    assert status == 200
    assert kind in headers["content-type"]


def test_health_is_open(served):
    assert served.call("GET", "/health")[2] == '{"status":"ok"}'


@pytest.mark.parametrize(
    "path",
    ["/", "/products/CUP", "/products/NONE", "/chat", "/documents/returns-%E9%80%80%E8%B4%A7", "/documents/unknown"],
)
def test_pages_carry_the_security_headers(served, path):
    headers = served.call("GET", path)[1]
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    "path", ["/", "/products/CUP", "/chat", "/privacy", "/documents/returns-%E9%80%80%E8%B4%A7?start=0&end=5"]
)
def test_no_script_stands_in_a_page(served, path):
    text = served.call("GET", path)[2]
    assert not re.search(r"<script(?! src=)|\son\w+=|<style|\sstyle=", text)


def test_the_server_names_the_session(served):
    first, header = served.open_session({"session": "web-mine", "sub": "web-mine"})
    second, _ = served.open_session()
    assert "web-mine" not in (first, second)
    assert first != second
    sent = message(session="web-mine", sender="web-mine", conversation="web-mine")
    assert served.post(header, sent)[0] == 200
    assert [m.sender_id for m in heard(served, sent)] == [first]


def test_a_token_is_not_kept_by_caches(served):
    assert served.call("POST", "/api/sessions", "{}")[1]["cache-control"] == "no-store"


def test_a_message_is_answered_with_what_the_bot_said(served, conversation):
    sent = message("  你好\tForge\nDuo ☕️ ", language="zh")
    status, body = served.post(conversation, sent)
    (entry,) = body["entries"]
    assert (status, entry.pop("at")) == (200, pytest.approx(time.time(), abs=30))
    text = "You said: 你好\tForge\nDuo ☕️"
    assert entry == {"id": f"{sent['id']}/0", "from": "bot", "text": text, "custom": {"kind": "echo"}}
    (said,) = heard(served, sent)
    assert (said.input_channel, said.metadata) == ("web", {"language": "zh", "network": said.metadata["network"]})
    assert re.fullmatch("[0-9a-f]{16}", said.metadata["network"])


def test_a_button_stands_for_its_payload_and_its_title(served, conversation):
    offer = message("offer")
    assert "/ask" not in str(served.post(conversation, offer))
    sent = {"id": "button-0001", "button": f"{offer['id']}/0/1", "title": "Something else", "language": "zh"}
    assert served.post(conversation, sent)[0] == 200
    (said,) = heard(served, sent)
    assert said.text == '/ask{"question": "more"}'
    assert {"title": "Tell me more", "language": "zh"}.items() <= said.metadata.items()


def test_only_a_button_has_a_title_and_no_client_names_a_network(served, conversation):
    sent = message("cancel everything", title="What a lovely shop", network="mine", payload="/affirm")
    served.post(conversation, sent)
    (said,) = heard(served, sent)
    assert said.text == "cancel everything"
    assert list(said.metadata) == ["network"]
    assert said.metadata["network"] != "mine"


@pytest.mark.parametrize(
    ("page", "product"),
    [
        ({"product": "FORGE-2"}, "FORGE-2"),
        ({"product": "forge"}, None),
        ({"product": "F" * 33}, None),
        ({"product": ["FORGE"]}, None),
        ("FORGE", None),
        (None, None),
    ],
)
def test_the_page_s_product_goes_with_the_message(served, conversation, page, product):
    sent = message(page=page)
    assert served.post(conversation, sent)[0] == 200
    assert heard(served, sent)[0].metadata.get("product") == product


def test_a_vote_may_have_a_comment(served, conversation):
    offer = message("offer")
    served.post(conversation, offer)
    sent = {"id": "comment-0001", "button": f"{offer['id']}/0/3", "comment": " too\u0000 long "}
    assert served.post(conversation, sent)[0] == 200
    assert {"title": "👎", "comment": "too long"}.items() <= heard(served, sent)[0].metadata.items()
    sent = {"id": "comment-0002", "button": f"{offer['id']}/0/3", "comment": "x" * 101}
    assert served.post(conversation, sent) == (413, {"error": "too_long"})


@pytest.mark.parametrize("value", ["fr", "", None, 1, ["zh"], {"zh": 1}])
def test_another_language_is_passed_over(served, conversation, value):
    sent = message(language=value)
    assert served.post(conversation, sent)[0] == 200
    assert "language" not in heard(served, sent)[0].metadata


def expired():
    return jwt.encode({"sub": "web-a", "aud": "web", "exp": int(time.time()) - 5}, SESSION_SECRET, algorithm="HS256")


@pytest.mark.parametrize(
    "header",
    [None, "Bearer", "Bearer x.y.z", f"Bearer {expired()}", "Bearer \xff\xfe", "Basic YTpi"],
    ids=lambda header: str(header)[:12],
)
def test_a_message_without_a_good_token_is_refused(served, header):
    sent = message()
    assert served.post({"Authorization": header} if header else {}, sent) == (401, {"error": "session_expired"})
    assert heard(served, sent) == []


def test_a_token_signed_with_another_secret_is_refused(served):
    claims = {"sub": "web-victim", "aud": "web", "exp": int(time.time()) + 60}
    forged = jwt.encode(claims, ACTION_SECRET, algorithm="HS256")
    assert served.post({"Authorization": f"Bearer {forged}"}, message())[0] == 401


def test_too_many_messages_of_one_conversation():
    with Served(messages_per_minute=3) as served:
        first, second = served.open_session()[1], served.open_session()[1]
        assert [served.post(first, message())[0] for _ in range(4)] == [200, 200, 200, 429]
        assert served.post(first, message()) == (429, {"error": "too_many_messages"})
        assert served.post(second, message())[0] == 200


def test_too_many_sessions_of_one_address():
    with Served(sessions_per_minute=2) as served:
        answers = [served.call("POST", "/api/sessions", "{}") for _ in range(3)]
        assert [status for status, _, _ in answers] == [200, 200, 429]
        assert json.loads(answers[2][2]) == {"error": "too_many_sessions"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (message("x" * 100), 200),
        (message("退" * 100), 200),
        (message("☕" * 100), 200),
        (message("x" * 101), 413),
        (message("退" * 101), 413),
        (message("x" * MAX_FRAME), 413),
        (message("x" * 1_000_000), 413),
        (b"[" + b"1," * 500_000 + b"1]", 413),
    ],
    ids=lambda value: str(value)[:40],
)
def test_the_longest_message(served, conversation, body, status):
    assert served.post(conversation, body)[0] == status


HOSTILE = {
    "nothing": (b"", "not_json"),
    "not JSON": (b"hello", "not_json"),
    "a form": (b"id=12345678&text=hello", "not_json"),
    "half of it": (b'{"id": "12345678", "text": "hel', "not_json"),
    "broken UTF-8": (b'{"id": "12345678", "text": "\xff\xfe"}', "not_json"),
    "UTF-16": ('{"id": "12345678", "text": "hello"}'.encode("utf-16"), "not_json"),
    "nested deeply": (b"[" * 60_000, "not_json"),
    "objects nested deeply": (b'{"a":' * 12_000, "not_json"),
    "a number without end": (b'{"id": ' + b"9" * 60_000 + b"}", "not_json"),
    "null": (b"null", "bad_frame"),
    "a list": (b'[{"id": "12345678", "text": "hello"}]', "bad_frame"),
    "a text": (b'"hello"', "bad_frame"),
    "a number": (b"NaN", "bad_frame"),
    "an empty object": (b"{}", "no_text"),
    "text null": (b'{"id": "12345678", "text": null}', "no_text"),
    "text a list": (b'{"id": "12345678", "text": ["hello"]}', "no_text"),
    "text an object": (b'{"id": "12345678", "text": {"$ne": 1}}', "no_text"),
    "text a number": (b'{"id": "12345678", "text": 5}', "no_text"),
    "a payload": (b'{"id": "12345678", "payload": "/human"}', "no_text"),
    "button a list": (b'{"id": "12345678", "button": ["/human"], "text": "hello"}', "button_expired"),
    "button a payload": (b'{"id": "12345678", "button": "/human"}', "button_expired"),
    "button nobody offered": (b'{"id": "12345678", "button": "12345678/0/0"}', "button_expired"),
    "button of another form": (b'{"id": "12345678", "button": "12345678/0/0/0"}', "button_expired"),
    "button with odd numbers": ('{"id": "12345678", "button": "12345678/\u00b2/-1"}'.encode(), "button_expired"),
    "button without numbers": (b'{"id": "12345678", "button": ""}', "button_expired"),
    "blanks": (b'{"id": "12345678", "text": " \\n\\t\\u3000"}', "no_text"),
    "control characters": (b'{"id": "12345678", "text": "\\u0000\\u0007\\u001b\\u007f"}', "no_text"),
    "half a surrogate pair": (b'{"id": "12345678", "text": "\\ud83d"}', "no_text"),
    "invisible characters": (b'{"id": "12345678", "text": "\\u200b\\u200d\\u2060\\ufeff"}', "no_text"),
    "no id": (b'{"text": "hello"}', "no_id"),
    "id null": (b'{"id": null, "text": "hello"}', "no_id"),
    "id a number": (b'{"id": 12345678, "text": "hello"}', "no_id"),
    "id too short": (b'{"id": "1234567", "text": "hello"}', "no_id"),
    "id too long": (b'{"id": "' + b"1" * 65 + b'", "text": "hello"}', "no_id"),
    "id with half a surrogate pair": (b'{"id": "12345678\\ud83d", "text": "hello"}', "no_id"),
    "id with a slash": (b'{"id": "1234/5678", "text": "hello"}', "no_id"),
    "id with a control character": (b'{"id": "12345678\\u0000", "text": "hello"}', "no_id"),
}


@pytest.mark.parametrize(("body", "code"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_body_is_refused_with_a_code(served, conversation, body, code):
    before = len(served.bot.heard)
    assert served.post(conversation, body) == (400, {"error": code})
    assert len(served.bot.heard) == before


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("a\u0000b\u001b[31mc", "ab[31mc"),
        ("one\r\ntwo", "one\ntwo"),
        ("half \ud83d pair", "half  pair"),
        ("turned \u202egnihtemos", "turned gnihtemos"),
        ("no\u00a0break", "no break"),
        ("全角\u3000空格", "全角 空格"),
        ("one\u2028two", "one two"),
        ("👩\u200d👧 ❤️", "👩\u200d👧 ❤️"),
        ("\ue000private\ue001", "private"),
        ("<script>alert('x')</script>", "<script>alert('x')</script>"),
    ],
)
def test_what_is_not_text_is_taken_out(served, conversation, text, clean):
    sent = message(text)
    assert served.post(conversation, sent)[0] == 200
    assert heard(served, sent)[0].text == clean


def test_a_message_sent_again_is_answered_once(served, conversation):
    sent = message("Once")
    assert served.post(conversation, sent) == served.post(conversation, sent)
    assert len(heard(served, sent)) == 1


def test_a_message_sent_again_before_its_answer_is_answered_once(served, conversation):
    sent, answers = message("slow"), []
    threads = [threading.Thread(target=lambda: answers.append(served.post(conversation, sent))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [(status, body["entries"][0]["text"]) for status, body in answers] == [(200, "You said: slow")] * 4
    assert len(heard(served, sent)) == 1


def test_a_turn_goes_on_when_the_client_goes_away(served, conversation):
    sent = message("slow")
    headers = {**conversation, "Content-Type": "application/json"}
    with pytest.raises(TimeoutError):
        served.call("POST", "/api/messages", json.dumps(sent), headers, timeout=0.2)
    assert served.post(conversation, sent)[1]["entries"][0]["text"] == "You said: slow"
    assert len(heard(served, sent)) == 1


def test_the_same_id_in_another_conversation_is_another_message(served, conversation):
    sent = message("Mine")
    other = served.open_session()[1]
    served.post(conversation, sent)
    assert served.post(other, {**sent, "text": "Yours"})[1]["entries"][0]["text"] == "You said: Yours"
    assert len(heard(served, sent)) == 2


@pytest.mark.parametrize(
    ("text", "more", "apology"),
    [
        ("silence", {}, APOLOGY_EN),
        ("silence", {"language": "zh"}, APOLOGY_ZH),
        ("沉默", {}, APOLOGY_ZH),
        ("fail", {"language": "en"}, APOLOGY_EN),
        ("fail 失败", {}, APOLOGY_ZH),
    ],
)
def test_no_reply_becomes_an_apology_with_a_reference(served, conversation, caplog, text, more, apology):
    status, body = served.post(conversation, message(text, **more))
    found = re.fullmatch(apology, body["entries"][0]["text"])
    assert (status, list(body)) == (200, ["entries"])
    assert found[1] in caplog.text
    assert "a secret" not in str(body)
    assert ("a secret that no customer may see" in caplog.text) == text.startswith("fail")


def test_the_history_is_what_was_said(served, conversation):
    assert json.loads(served.call("GET", "/api/messages", headers=conversation)[2]) == {"entries": [], "operator": None}
    offer = message("offer")
    replies = served.post(conversation, offer)[1]["entries"]
    press = {"id": "press-0001", "button": f"{offer['id']}/0/4"}
    replies += served.post(conversation, press)[1]["entries"]
    status, headers, text = served.call("GET", "/api/messages", headers=conversation)
    assert (status, headers["cache-control"]) == (200, "no-store")
    shown = json.loads(text)["entries"]
    assert [(e["from"], e["text"]) for e in shown] == [
        ("customer", "offer"),
        ("bot", "Shall I?"),
        ("customer", "Stock"),
        ("bot", "You said: /stock"),
    ]
    assert shown[1::2] == replies
    assert shown[2]["button"] == press["button"]
    assert [e["at"] for e in shown] == sorted(e["at"] for e in shown)


def test_the_history_is_its_own_conversation_s(served, conversation):
    sent = message("a secret")
    served.post(conversation, sent)
    other = served.open_session()[1]
    assert "a secret" not in served.call("GET", "/api/messages", headers=other)[2]
    assert served.call("GET", "/api/messages")[0] == 401


def test_a_document_is_shown_with_its_quote(served):
    path = "/documents/returns-%E9%80%80%E8%B4%A7?start=23&end=58"
    status, _, text = served.call("GET", path)
    assert status == 200
    assert '<p><mark id="quote">Send it back within &lt;b&gt;30 days&lt;/b&gt;.</mark></p>' in text
    assert "<title>Returns &amp; &lt;refunds&gt;</title>" in text


UNFIT = {
    "none": "",
    "no end": "?start=5",
    "negative": "?start=-1&end=5",
    "turned round": "?start=9&end=3",
    "beyond the text": "?start=0&end=99999",
    "letters": "?start=a&end=b",
    "a power": "?start=1e3&end=%C2%B2",
    "a number without end": f"?start=0&end={'9' * 5000}",
    "broken bytes": "?start=%00&end=%FF",
}


@pytest.mark.parametrize("query", UNFIT.values(), ids=UNFIT.keys())
def test_offsets_that_do_not_fit_mark_nothing(served, query):
    status, _, text = served.call("GET", f"/documents/returns-%E9%80%80%E8%B4%A7{query}")
    assert status == 200
    assert "<mark" not in text
    assert "Send it back" in text


@pytest.mark.parametrize(
    "name",
    ["unknown", "broken", "..%2Fhealth", "%2E%2E", "%FF", "a%00b", "x" * 3000, "%3Cscript%3E"],
    ids=lambda name: name[:20],
)
def test_an_unknown_document_has_a_page_too(served, name):
    status, headers, text = served.call("GET", f"/documents/{name}")
    assert (status, headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "Not found · 找不到" in text
    assert "script" not in text


def test_an_action_server_that_is_away_is_not_the_customer_s_business(caplog):
    with Served() as served:
        served.settings.__dict__["actions_port"] = 1  # nothing listens there
        assert served.call("GET", "/documents/returns-%E9%80%80%E8%B4%A7")[0] == 404
    assert "the action server did not give a document" in caplog.text


def test_the_channel_takes_no_settings_of_its_own():
    with pytest.raises(SettingError, match=r"credentials\.yml"):
        WebChannel.from_credentials({"secret": "x"})


def test_the_channel_does_not_start_without_its_secrets(monkeypatch):
    monkeypatch.setenv("FRONTDESK_SESSION_SECRET", "short")
    settings.cache_clear()
    with pytest.raises(SettingError, match="FRONTDESK_SESSION_SECRET"):
        WebChannel.from_credentials(None)
    monkeypatch.undo()
    settings.cache_clear()
