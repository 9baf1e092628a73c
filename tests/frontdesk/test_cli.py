import json
import re
import socket
import sqlite3
import subprocess
import sys
import threading

import pytest
import typer
from typer.testing import CliRunner

from frontdesk.cli import app
from frontdesk.runtimes import DIALOGUE
from knowledge.index import current_version, open_index
from tests.actions.small_shop import CHINESE, ENGLISH, NONSENSE, write_documents
from textkit.settings import ROOT, Settings

KEYS = ["answer", "citations", "abstained", "language", "score", "passages", "source_language", "topics"]
CITATION = ["id", "document_id", "title", "source", "quote", "start", "end"]


def commands(group=None, path=()):
    """Every command of the program, as its words."""
    for name, command in (group or typer.main.get_command(app)).commands.items():
        if hasattr(command, "commands"):
            yield (*path, name)
            yield from commands(command, (*path, name))
        elif name != "rasa":  # rasa's own --help
            yield (*path, name)


def sentence(done):
    """What a failed command said, in one line and without a traceback."""
    assert (done.returncode, done.stdout) == (1, "")
    lines = done.stderr.strip().splitlines()
    assert lines[-1].startswith("error: ")
    assert "Traceback" not in done.stderr
    return lines[-1]


@pytest.mark.parametrize("words", [(), *commands()], ids=" ".join)
def test_every_command_says_what_it_is_for(words):
    done = CliRunner().invoke(app, [*words, "--help"])
    assert done.exit_code == 0
    assert f"Usage: root {' '.join(words)}".strip() in done.output
    assert len(re.findall(r"[A-Za-z]{3,}", done.output)) > 8


def test_the_commands_are_these():
    listed = {words[0] for words in commands()}
    assert {"up", "ingest", "ask", "train", "test", "status", "bench"} <= listed


def test_without_a_command_the_help_is_shown(frontdesk):
    done = frontdesk()
    assert done.returncode == 2
    assert "ingest" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not DIALOGUE.exists(), reason="the dialogue runtime is not installed")
def test_rasa_s_own_help_is_rasa_s(frontdesk_process):
    done = frontdesk_process("rasa", "train", "--help")
    assert done.returncode == 0
    assert "--fixed-model-name" in done.stdout


def ask(frontdesk, *arguments):
    """The one JSON object that the command printed."""
    done = frontdesk("ask", "--json", *arguments)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 1
    assert "Traceback" not in done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("question", "language", "part"),
    [(ENGLISH, "en", "30 days from delivery"), (CHINESE, "zh", "签收后 30 天内可以退货")],
)
def test_an_answer_as_json(frontdesk_process, in_process, question, language, part):
    found = ask(frontdesk_process, question)
    assert list(found) == KEYS
    assert part in found["answer"]
    assert (found["abstained"], found["language"], found["source_language"]) == (False, language, language)
    assert 0 <= found["score"] <= 1
    assert {"id", "source", "score"} == set(found["passages"][0])
    documents = open_index().documents
    for citation in found["citations"]:
        assert list(citation) == CITATION
        text = documents[citation["document_id"]].text
        assert text[citation["start"] : citation["end"]] == citation["quote"] != ""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_not_in_the_documents_as_json(frontdesk, language):
    found = ask(frontdesk, NONSENSE[language])
    assert (found["abstained"], found["answer"], found["citations"]) == (True, "", [])
    assert 1 <= len(found["topics"]) <= 3
    assert found["language"] == language


def test_the_question_before_it(frontdesk):
    found = ask(frontdesk, "And how much is it exactly?", "--previous", "What does a diagnosis cost?")
    assert "£25" in found["answer"]


@pytest.mark.parametrize("question", ["\udcff\udcfe hello", "?", "x" * 20_000, "[bold]退货[/bold] <b>", "{} %s {0}"])
def test_any_question_gets_one_json_object(frontdesk, question):
    assert list(ask(frontdesk, "--", question)) == KEYS


def test_an_answer_for_people(frontdesk):
    done = frontdesk("ask", ENGLISH)
    assert done.returncode == 0
    assert "You have 30 days from delivery to return something unused. [1]" in done.stdout
    assert re.search(r"\[1\] Returns \(en/returns\.md \d+–\d+\)", done.stdout)


def test_an_abstention_for_people(frontdesk):
    done = frontdesk("ask", NONSENSE["en"])
    assert done.returncode == 0
    assert "The documents do not say." in done.stdout
    assert "related: " in done.stdout


def test_a_mistake_ends_the_process_with_a_sentence(frontdesk_process):
    said = sentence(frontdesk_process("ask", "--json", " "))
    assert said.startswith("error: The question is empty. Ask something:")


@pytest.mark.parametrize("question", ["", "   ", "\n\t"])
def test_an_empty_question(frontdesk, question):
    assert sentence(frontdesk("ask", "--json", question)).startswith("error: The question is empty. Ask something:")


def test_without_an_index_the_command_that_makes_one_is_named(own_models, frontdesk):
    assert "There is no index" in (said := sentence(frontdesk("ask", "hello there, is anybody in")))
    assert "frontdesk ingest" in said


def test_documents_become_the_knowledge(own_models, frontdesk, tmp_path):
    done = frontdesk("ingest", str(write_documents(tmp_path / "documents")))
    assert (done.returncode, done.stdout) == (0, "")
    assert re.search(r"6 documents, \d+ passages \(indexed; version \S+\)", done.stderr)
    version = current_version()
    done = frontdesk("ingest", str(tmp_path / "documents"))
    assert f"(unchanged; version {version})" in done.stderr
    assert "30 days" in ask(frontdesk, ENGLISH)["answer"]


def test_a_file_that_cannot_be_read_is_left_out_and_named(own_models, frontdesk, tmp_path):
    folder = write_documents(tmp_path / "documents")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    done = frontdesk("ingest", str(folder))
    assert done.returncode == 1
    assert "6 documents" in done.stderr
    assert "left out: broken.pdf cannot be read as PDF" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("nowhere", None, "nowhere does not exist"),
        ("nowhere.md", None, "nowhere.md does not exist"),
        ("photo.jpg", b"\xff\xd8", "photo.jpg is of a kind that is not read. Kinds that are: .csv .docx"),
        ("empty.md", b" \n", "None of the documents could be read. empty.md holds no text"),
        ("broken.docx", b"PK nothing", "None of the documents could be read. broken.docx cannot be read as DOCX"),
        ("[bold]x.md", None, r"[bold]x.md does not exist"),
    ],
)
def test_what_cannot_be_ingested_ends_in_a_sentence(own_models, frontdesk, tmp_path, name, content, reason):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    assert reason in sentence(frontdesk("ingest", str(tmp_path / name)))
    assert current_version() is None


def test_a_folder_without_documents(own_models, frontdesk, tmp_path):
    (tmp_path / "empty").mkdir()
    assert "There is no document under" in sentence(frontdesk("ingest", str(tmp_path / "empty")))


@pytest.mark.parametrize(
    "command", [("status",), ("ask", "x"), ("ingest", "x"), ("up",), ("train",), ("bench", "questions")]
)
def test_an_unknown_setting_ends_in_a_sentence(frontdesk, command):
    said = sentence(frontdesk(*command, FRONTDESK_NONSENSE="1"))
    assert said == "error: Unknown setting FRONTDESK_NONSENSE. `frontdesk status` lists the settings that exist."


@pytest.mark.parametrize("value", ["many", "0", "-1", "1.5", ""])
def test_a_setting_of_the_wrong_form_ends_in_a_sentence(frontdesk, value):
    assert f"FRONTDESK_PORT must be a whole number above 0, got {value!r}" in sentence(
        frontdesk("status", FRONTDESK_PORT=value)
    )


def test_status_lists_every_setting_and_masks_secrets(frontdesk):
    secrets = {"FRONTDESK_ACTION_SECRET": "correct-horse-battery", "FRONTDESK_SESSION_SECRET": "staple-of-another-kind"}
    url = "postgresql://shop:geheim@db.example/shop"
    done = frontdesk("status", **secrets, FRONTDESK_DATABASE_URL=url)
    assert done.returncode == 0
    for field in Settings.__dataclass_fields__:
        assert re.search(rf"^ *FRONTDESK_{field.upper()} ", done.stdout, re.MULTILINE), field
    assert done.stdout.count("*** (set)") == 2
    assert "postgresql://***@db.example/shop" in done.stdout
    assert not re.search("correct-horse|staple-of|geheim", done.stdout + done.stderr)


def test_status_says_what_there_is(frontdesk):
    done = frontdesk("status")
    assert f"{current_version()}: 6 documents" in done.stdout
    assert re.search(r"encoder \(en\) +sentence-transformers/all-MiniLM-L6-v2, [0-9a-f]{16}", done.stdout)
    assert re.search(r"encoder \(zh\) +lexical, fitted to the texts", done.stdout)
    assert re.search(r"dialogue model +missing: `frontdesk train`", done.stdout)
    assert done.stdout.count("not running") == 2


def test_status_says_what_is_missing(own_models, frontdesk):
    (own_models / "registry").unlink()
    done = frontdesk("status")
    assert done.returncode == 0
    assert "index              missing: `frontdesk ingest FOLDER`" in done.stdout
    assert "all-MiniLM-L6-v2, missing: `frontdesk train`" in done.stdout


def answer_once(listener, reply):
    connection, _ = listener.accept()
    with connection:
        connection.recv(1024)
        connection.sendall(reply)


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", "answers at http://127.0.0.1:{port}"),
        (b"HTTP/1.0 204 No Content\r\n\r\n", "does not answer well"),
        (b"HTTP/1.0 500 Oh\r\nContent-Length: 0\r\n\r\n", "does not answer well"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "something else listens there"),
        (b"", "something else listens there"),
    ],
)
def test_status_tells_what_listens(frontdesk, reply, said):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        thread = threading.Thread(target=answer_once, args=(listener, reply))
        thread.start()
        done = frontdesk("status", FRONTDESK_ACTIONS_PORT=str(port))
        thread.join(20)
    assert re.search(rf"action server +{re.escape(said.format(port=port))}", done.stdout), done.stdout + done.stderr


@pytest.mark.parametrize("setting", ["FRONTDESK_PORT", "FRONTDESK_ACTIONS_PORT"])
def test_a_taken_port_stops_the_start(frontdesk, monkeypatch, tmp_path, setting):
    monkeypatch.setattr("frontdesk.secrets_file.ROOT", tmp_path)
    monkeypatch.setattr("textkit.settings.ROOT", tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = sentence(frontdesk("up", **{setting: str(port)}))
    assert f"Port {port} on 127.0.0.1 cannot be used" in said
    assert f"set {setting} in .env" in said
    assert (tmp_path / ".env").exists()


def test_a_database_url_that_cannot_be_used(frontdesk):
    said = sentence(frontdesk("ask", ENGLISH, FRONTDESK_DATABASE_URL="mysql://shop:geheim@host/shop"))
    assert "FRONTDESK_DATABASE_URL has the unknown scheme 'mysql'" in said
    assert "geheim" not in said


def test_asking_leaves_the_database_as_it_is(frontdesk, tmp_path):
    ask(frontdesk, NONSENSE["en"])
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        assert connection.execute("SELECT count(*) FROM unanswered_questions").fetchone() == (0,)
    connection.close()


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("questions --language fr", "dev_fr.jsonl does not exist"),
        ("questions --file nowhere.jsonl", "nowhere.jsonl does not exist"),
        ("retrieval", "--corpus, --queries and --qrels"),
        ("tune --keep 2", "between 0.5 and 0.99"),
        ("answer --language xx", "one of en, zh"),
    ],
)
def test_a_benchmark_that_cannot_be_run_ends_in_a_sentence(frontdesk, words, named):
    assert named in sentence(frontdesk("bench", *words.split()))


def test_what_only_fine_tuning_brings_is_asked_for_in_a_sentence():
    code = (
        "import sys; sys.modules['yaml'] = None; sys.argv = ['frontdesk', 'finetune', 'intent', '--train', 'a.yml'];"
        "from frontdesk.cli import main; main()"
    )
    made = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert made.returncode == 1
    assert "Traceback" not in made.stderr
    assert "This needs yaml, which fine-tuning brings. Run `make install-finetune`." in made.stderr
