import importlib.util
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

if importlib.util.find_spec("faiss") is None:
    collect_ignore_glob = ["*"]  # a run of all tests in the dialogue runtime
else:
    from actions.services import services
    from frontdesk import cli
    from knowledge.index import ingest
    from tests.actions.conftest import configured
    from tests.actions.small_shop import ENCODER, build_encoder, write_documents
    from textkit.settings import ROOT, settings

FRONTDESK = Path(sys.executable).with_name("frontdesk")


@pytest.fixture(scope="session")
def models(tmp_path_factory):
    """A models folder with the encoder and an index of the small shop; tests only read it."""
    folder = build_encoder(tmp_path_factory.mktemp("models"))
    with configured(models_dir=folder):
        ingest([write_documents(tmp_path_factory.mktemp("documents"))])
    return folder


@pytest.fixture
def environment(models, tmp_path):
    """The environment of a `frontdesk` that knows the small shop."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("FRONTDESK_")}
    return kept | {
        "FRONTDESK_MODELS_DIR": str(models),
        "FRONTDESK_DATABASE_URL": f"sqlite:///{tmp_path}/shop.db",
        "FRONTDESK_ENCODER_EN": ENCODER,
        "FRONTDESK_ENCODER_ZH": "lexical",
        "FRONTDESK_KNOWLEDGE_ENCODER_EN": "",
        "FRONTDESK_PORT": str(free_port()),
        "FRONTDESK_ACTIONS_PORT": str(free_port()),
        "COLUMNS": "240",
    }


@pytest.fixture
def own_models(models, tmp_path, environment):
    """The same with a models folder of the test's own, without an index."""
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "registry").symlink_to(models / "registry")
    environment["FRONTDESK_MODELS_DIR"] = str(folder)
    return folder


@pytest.fixture
def frontdesk_process(environment):
    """Runs the `frontdesk` command in a process of its own, to its end."""

    def run(*arguments, **more):
        return subprocess.run(
            [str(FRONTDESK), *arguments],
            cwd=ROOT,
            env={**environment, **more},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


@pytest.fixture
def in_process(environment, monkeypatch):
    """The same settings in this process."""
    for name, value in environment.items():
        if name.startswith("FRONTDESK_"):
            monkeypatch.setenv(name, value)
    forget()
    yield
    forget()
    monkeypatch.undo()
    forget()


@pytest.fixture
def frontdesk(in_process, monkeypatch, capsys):
    """Runs the `frontdesk` command in this process, which is faster."""
    monkeypatch.setattr(cli.out, "width", 240)
    monkeypatch.setattr(cli.err, "width", 240)

    def run(*arguments, **more):
        for name, value in more.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["frontdesk", *arguments])
        forget()
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        forget()
        shown = capsys.readouterr()
        return subprocess.CompletedProcess(arguments, ended.value.code or 0, shown.out, shown.err)

    return run


def forget():
    """Read settings and open services anew."""
    if services.cache_info().currsize:
        services().database.close()
    settings.cache_clear()
    services.cache_clear()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
