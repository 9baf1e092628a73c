import importlib.util
from contextlib import contextmanager

import pytest

if importlib.util.find_spec("faiss") is None:
    collect_ignore_glob = ["*"]  # a run of all tests in the dialogue runtime
else:
    from actions.services import services
    from knowledge.index import ingest
    from tests.actions.small_shop import ENCODER, build_encoder, write_documents
    from textkit.settings import settings


@contextmanager
def configured(**values):
    """The settings with `values` over their defaults, whatever the environment and .env say."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {
            "encoder_en": ENCODER,
            "encoder_zh": "lexical",
            "knowledge_encoder_en": "",
            **values,
        }.items():
            patch.setenv(f"FRONTDESK_{name.upper()}", str(value))
        settings.cache_clear()
        services.cache_clear()
        yield
    settings.cache_clear()
    services.cache_clear()


@pytest.fixture(scope="session")
def documents(tmp_path_factory):
    return write_documents(tmp_path_factory.mktemp("documents"))


@pytest.fixture(scope="session")
def models(tmp_path_factory, documents):
    """A models folder with the encoder and an index of the small shop; tests only read it."""
    folder = build_encoder(tmp_path_factory.mktemp("models"))
    with configured(models_dir=folder):
        ingest([documents])
    return folder


@pytest.fixture
def shop(models, tmp_path):
    """The services of the actions: the small shop's index and an empty database of the test's own."""
    with configured(models_dir=models, database_url=f"sqlite:///{tmp_path}/shop.db"):
        made = services()
        made.database.upgrade()
        yield made
        made.database.close()


@pytest.fixture
def own_models(models, tmp_path):
    """A models folder of the test's own, with the encoder and without an index."""
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "registry").symlink_to(models / "registry")
    with configured(models_dir=folder, database_url=f"sqlite:///{tmp_path}/shop.db"):
        yield folder
