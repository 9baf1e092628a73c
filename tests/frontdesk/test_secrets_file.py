import stat

import pytest

from frontdesk.secrets_file import write_secrets
from textkit.settings import settings

NAMES = ("FRONTDESK_ACTION_SECRET", "FRONTDESK_SESSION_SECRET")


@pytest.fixture
def env_file(tmp_path, monkeypatch):
    """The `.env` of an empty project folder."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("frontdesk.secrets_file.ROOT", tmp_path)
    monkeypatch.setattr("textkit.settings.ROOT", tmp_path)
    settings.cache_clear()
    yield tmp_path / ".env"
    monkeypatch.undo()
    settings.cache_clear()


def values(file):
    return dict(line.split("=", 1) for line in file.read_text(encoding="utf-8").splitlines() if "=" in line)


def test_secrets_are_made_for_the_owner_alone(env_file):
    assert write_secrets()
    assert stat.S_IMODE(env_file.stat().st_mode) == 0o600
    made = values(env_file)
    assert tuple(made) == NAMES
    assert all(len(secret) >= 43 for secret in made.values())
    assert len(set(made.values())) == 2
    assert settings().action_secret == made[NAMES[0]]


def test_a_second_call_changes_nothing(env_file):
    write_secrets()
    before = env_file.read_bytes()
    assert not write_secrets()
    assert env_file.read_bytes() == before


@pytest.mark.parametrize("end", ["", "\n"])
def test_only_what_is_missing_is_added(env_file, end):
    env_file.write_text(f"# mine\nFRONTDESK_PORT=8080\nFRONTDESK_ACTION_SECRET=of my own making{end}", encoding="utf-8")
    env_file.chmod(0o644)
    assert write_secrets()
    lines = env_file.read_text(encoding="utf-8").splitlines()
    assert lines[:3] == ["# mine", "FRONTDESK_PORT=8080", "FRONTDESK_ACTION_SECRET=of my own making"]
    assert [line.partition("=")[0] for line in lines[3:]] == ["FRONTDESK_SESSION_SECRET"]
    assert stat.S_IMODE(env_file.stat().st_mode) == 0o600


def test_an_empty_secret_counts_as_missing(env_file):
    env_file.write_text("FRONTDESK_ACTION_SECRET=\n", encoding="utf-8")
    assert write_secrets()
    settings.cache_clear()
    assert len(settings().action_secret) >= 43


def test_two_projects_have_other_secrets(env_file):
    write_secrets()
    first = values(env_file)
    env_file.unlink()
    write_secrets()
    assert not set(first.values()) & set(values(env_file).values())
