"""A real BERT of two thin layers over a made-up vocabulary: it trains in a second."""

import importlib.util
import json

import pytest

from finetune.examples import Example, Pair

collect_ignore_glob = []
if importlib.util.find_spec("torch") is None:
    collect_ignore_glob = ["*"]  # without the group finetune (make install-finetune)

WORDS = {
    "arrival": ["parcel", "arrive", "delivery", "late", "waiting", "courier"],
    "refund_request": ["refund", "money", "back", "return", "charged", "twice"],
    "lost_card": ["card", "lost", "stolen", "block", "wallet", "missing"],
}
FILLERS = ["my", "the", "please", "i", "is", "was", "hello", "now", "today", "and"]


def made_up(count, start=0):
    """`count` texts of each label, all different."""
    found = []
    for label, words in WORDS.items():
        for n in range(start, start + count):
            picked = [words[n % 6], FILLERS[n % 10], words[(n // 6 + 1) % 6], FILLERS[(n // 10 + 3) % 10]]
            found.append(Example(" ".join(picked), label))
    return found


def made_up_pairs(count, start=0):
    """Questions of four words with what answers them."""
    answers = {label: f"about {' '.join(words[:3])}" for label, words in WORDS.items()}
    return [Pair(e.text, answers[e.label]) for e in made_up(count, start)]


def write_base(folder, layers=2):
    """The files of a hub folder."""
    import torch
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import BertConfig, BertModel

    words = ["about", "arrival", "request", *FILLERS, *(w for some in WORDS.values() for w in some)]
    vocabulary = {word: n for n, word in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *dict.fromkeys(words)])}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer, tokenizer.pre_tokenizer = normalizers.Lowercase(), pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=layers,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=32,
    )
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    (folder / "1_Pooling").mkdir(exist_ok=True)
    (folder / "1_Pooling/config.json").write_text(json.dumps({"pooling_mode_mean_tokens": True}))
    return folder


@pytest.fixture(scope="session", autouse=True)
def one_thread():
    """Threads of so small a network wait for each other most of the time."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def base(tmp_path_factory):
    return str(write_base(tmp_path_factory.mktemp("base") / "tiny"))


@pytest.fixture(scope="session")
def trained(base, tmp_path_factory):
    """An intent model of the tiny base; tests that change it take a copy."""
    from finetune.train.intent import train_intent
    from finetune.train.settings import TrainSettings

    out = tmp_path_factory.mktemp("trained") / "intent"
    about = {"train_file": "examples.csv", "licence": "CC0"}
    settings = TrainSettings(epochs=4, learning_rate=3e-3, batch=16)
    return train_intent(made_up(24), made_up(8, 30), base, out, settings, about=about)
