import dataclasses
from pathlib import Path

import pytest

from textkit.errors import SettingError
from textkit.settings import (
    ROOT,
    Settings,
    export_settings,
    read_settings,
    require_secret,
    settings,
    shown_settings,
)


def test_every_setting_has_a_default_and_a_meaning():
    assert read_settings({}, {}) == Settings()
    assert all(field.metadata["about"] for field in dataclasses.fields(Settings))


def test_the_environment_comes_before_the_file():
    given = read_settings({"FRONTDESK_PORT": "6000"}, {"FRONTDESK_PORT": "7000", "FRONTDESK_HOST": "0.0.0.0"})
    assert (given.port, given.host) == (6000, "0.0.0.0")


def test_values_arrive_in_their_type():
    given = read_settings({"FRONTDESK_PORT": " 6000 ", "FRONTDESK_MODELS_DIR": "/tmp/models"}, {})
    assert (given.port, given.models_dir) == (6000, Path("/tmp/models"))


@pytest.mark.parametrize("text", ["", "0", "-1", "1.5", "many", "²", "5005x", "1e3"])
def test_a_number_of_the_wrong_form_is_refused_by_name_and_value(text):
    with pytest.raises(SettingError, match=r"FRONTDESK_PORT must be a whole number") as caught:
        read_settings({"FRONTDESK_PORT": text}, {})
    assert repr(text) in caught.value.message


@pytest.mark.parametrize("text", ["65536", "99999999999"])
def test_a_port_that_does_not_exist_is_refused(text):
    with pytest.raises(SettingError, match="FRONTDESK_ACTIONS_PORT"):
        read_settings({"FRONTDESK_ACTIONS_PORT": text}, {})


def test_an_unknown_setting_is_refused_and_a_foreign_variable_is_not():
    with pytest.raises(SettingError, match="Unknown setting FRONTDESK_PROT"):
        read_settings({"FRONTDESK_PROT": "1"}, {})
    foreign = {"PORT": "1", "FRONTDESK_ALLOW_SKIPS": "no", "FRONTDESK_TEST_POSTGRES_URL": "postgresql://"}
    assert read_settings(foreign, {"RASA_TOKEN": "x", "FRONTDESK_HOST": None}) == Settings()


@pytest.mark.parametrize(
    ("url", "resolved"),
    [
        ("sqlite:///var/a.db", f"sqlite:///{ROOT}/var/a.db"),
        ("sqlite:////srv/a.db", "sqlite:////srv/a.db"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
        ("postgresql+psycopg://u:p@db/shop", "postgresql+psycopg://u:p@db/shop"),
    ],
)
def test_a_relative_database_lies_in_the_project(url, resolved):
    assert Settings(database_url=url).resolved_database_url == resolved


def test_a_secret_that_is_missing_or_short_stops_the_start(setting):
    setting("action_secret", "short")
    with pytest.raises(SettingError, match="FRONTDESK_ACTION_SECRET"):
        require_secret("action_secret")
    setting("action_secret", "x" * 16)
    assert require_secret("action_secret") == "x" * 16


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("session_secret", "hunter2-hunter2-hunter2"),
        ("database_url", "postgresql://shop:hunter2@db.example/shop"),
        ("database_url", "postgresql://db.example/shop?user=shop&password=hunter2"),
        ("database_url", "postgresql://shop:p@hunter2@db.example/shop"),
    ],
)
def test_no_secret_is_shown(setting, name, value):
    setting(name, value)
    row = next(r for r in shown_settings() if r.name == f"FRONTDESK_{name.upper()}")
    assert "hunter2" not in row.value
    assert row.source == "environment"
    assert "db.example" in row.value or name == "session_secret"


def test_exported_settings_read_back_the_same(setting):
    setting("business_name_zh", "云雀小炉")
    assert read_settings(export_settings(), {}) == settings()
