"""Tests of the dialogue runtime: `.venv-dialogue/bin/python -m pytest tests/bot`."""

import importlib.util

import pytest

import bot.engine

if importlib.util.find_spec("rasa") is None:
    # A run of all tests in the other environment.
    collect_ignore_glob = ["*"]
else:
    bot.engine.prepare()

# Third parties that rasa pins and no one will mend any more, each warning by its words or its module.
IGNORED_WARNINGS = (
    "ignore:distutils Version classes are deprecated:DeprecationWarning",
    "ignore:Deprecated call to `pkg_resources.declare_namespace:DeprecationWarning",
    "ignore:pkg_resources is deprecated as an API:DeprecationWarning",
    r"ignore:the load_module\(\) method is deprecated:DeprecationWarning",
    "ignore:Slot auto-fill has been removed in 3.0:UserWarning:rasa",
    "ignore:'parseString' deprecated:DeprecationWarning:packaging",
    "ignore:Python 3.14 will, by default, filter extracted tar archives:DeprecationWarning",
    r"ignore:Calling URL\(\) directly is deprecated:sqlalchemy.exc.SADeprecationWarning:rasa",
    "ignore:scipy.optimize. The `disp` and `iprint` options:DeprecationWarning",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    # pyproject.toml sets these for the other environment's pytest-asyncio; here the tests call asyncio.run themselves.
    if importlib.util.find_spec("pytest_asyncio") is None:
        for option in ("asyncio_mode", "asyncio_default_fixture_loop_scope", "asyncio_default_test_loop_scope"):
            parser.addini(option, "an option of pytest-asyncio, which this environment does not have")


def pytest_configure(config: pytest.Config) -> None:
    for line in IGNORED_WARNINGS:
        config.addinivalue_line("filterwarnings", line)
