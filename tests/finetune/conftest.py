import importlib.util

import pytest

if importlib.util.find_spec("faiss") is None:
    collect_ignore_glob = ["*"]  # a run of all tests in the dialogue runtime
else:
    from knowledge.answerer import Answerer
    from knowledge.glossary import Glossary
    from knowledge.index import ingest, open_index
    from tests.knowledge.small_library import GLOSSARY, configured, write_library


@pytest.fixture
def lexical():
    """Both languages by the encoder that needs no model."""
    with configured(encoder_en="lexical", knowledge_encoder_en="", encoder_zh="lexical"):
        yield


@pytest.fixture(scope="session")
def answerer(tmp_path_factory):
    """Answers from the small library, indexed without a pretrained encoder."""
    root = tmp_path_factory.mktemp("benchmarks")
    with configured(encoder_en="lexical", knowledge_encoder_en="", encoder_zh="lexical"):
        ingest([write_library(root / "library")], root / "index")
        return Answerer(open_index(root / "index"), Glossary(GLOSSARY))
