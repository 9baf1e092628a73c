"""The README's commands exist and its links lead somewhere."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = ["README.md", "CONTRIBUTING.md", *(f"docs/{p.name}" for p in sorted((ROOT / "docs").glob("*.md")))]


def frontdesk(*arguments: str) -> str:
    command = [sys.executable, "-m", "frontdesk", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_the_two_commands_are_make_targets():
    commands = re.findall(r"```console\nmake (\w+)\n```", README)
    targets = set(re.findall(r"^(\w[\w-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert commands == ["up", "test"]
    assert set(commands) <= targets


def test_every_frontdesk_command_of_the_readme_exists():
    named = set(re.findall(r"`frontdesk ([a-z]+)", README)) | set(re.findall(r"bin/frontdesk ([a-z]+)", README))
    shown = frontdesk("--help")
    assert named >= {"up", "ingest", "ask", "train", "test", "rasa", "status", "bench"}
    assert [name for name in named if not re.search(rf"^│ {name} ", shown, re.MULTILINE)] == []


def test_ask_has_the_option_that_the_readme_names():
    assert "--json" in frontdesk("ask", "--help")


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#\s]+)", text) if not link.startswith("http")]
    assert [link for link in links if not (ROOT / page).parent.joinpath(link).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_bench_commands_of_the_documentation_exist(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    shown = frontdesk("bench", "--help")
    named = set(re.findall(r"frontdesk bench ([a-z]+)", text))
    assert [name for name in named if not re.search(rf"^│ {name} ", shown, re.MULTILINE)] == []
