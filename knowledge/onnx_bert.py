"""Writes a BERT or MPNet encoder as an ONNX graph straight from its safetensors; no torch.

The graph has the inputs `input_ids` and `attention_mask`, shape (batch, pieces), int64, and the outputs `tokens`,
shape (batch, pieces, hidden), and `sentence`, shape (batch, hidden): the mean over the real pieces or the first
piece, as the model was trained, at unit length. A deep encoder makes two graphs, of which the second goes on with the
`tokens` of the first in place of `input_ids`: some uses are served as well by the first alone, in half the time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from textkit.encoders import GRAPH, GRAPH_REST
from textkit.errors import FrontdeskError, MissingArtefactError

OPSET = 20  # the first with Gelu
CONTRIBUTED = "com.microsoft"  # ONNX Runtime's own operators
DEEP = 12  # layers from which on there are two graphs
POOLINGS = ("mean", "cls")
SUPPORTED: dict[str, tuple[object, ...]] = {
    "model_type": ("bert", "mpnet"),
    "hidden_act": ("gelu",),
    "position_embedding_type": ("absolute",),
    "is_decoder": (False,),
}
DEFAULTS = {"position_embedding_type": "absolute", "is_decoder": False}  # where config.json says nothing
# How the tensors of a layer's attention are called: query, key and value, what they go on through, its norm.
ATTENTION = {
    "bert": (("attention.self.query", "attention.self.key", "attention.self.value"), "attention.output.dense"),
    "mpnet": (("attention.attn.q", "attention.attn.k", "attention.attn.v"), "attention.attn.o"),
}
ATTENTION_NORM = {"bert": "attention.output.LayerNorm", "mpnet": "attention.LayerNorm"}
FARTHEST = 128  # pieces; what MPNet's last bucket of distances begins with
Weights = Mapping[str, NDArray[Any]]


class _Graph:
    """Collects nodes and constants; every method returns the name of its output."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value: NDArray[Any]) -> str:
        self.constants.setdefault(name, numpy_helper.from_array(np.asarray(value, order="C"), name))
        return name

    def split(self, value: str, parts: int, size: int) -> list[str]:
        sizes = self.constant(f"{parts}_by_{size}", np.full(parts, size, dtype=np.int64))
        outputs = [f"Split_{len(self.nodes)}_{part}" for part in range(parts)]
        self.nodes.append(helper.make_node("Split", [value, sizes], outputs, name=outputs[0], axis=-1))
        return outputs

    def add(self, op: str, *inputs: str, name: str = "", **attributes: Any) -> str:
        output = name or f"{op}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, list(inputs), [output], name=output, **attributes))
        return output


def build_graph(
    weights: Weights, config: Mapping[str, Any], pooling: str = "mean", layers: range | None = None
) -> onnx.ModelProto:
    """The graph of the encoder whose tensors and `config.json` are given; `pooling` is `mean` or `cls`.

    Of its `layers` alone where they are given. Raises FrontdeskError on another architecture.
    """
    layers = range(config["num_hidden_layers"]) if layers is None else layers
    for key, known in SUPPORTED.items():
        given = config.get(key, DEFAULTS.get(key))
        if given not in known:
            raise FrontdeskError(
                f"The graph writer knows encoders with {key} {' or '.join(map(str, known))}, not {given}.",
                "Export other architectures with the finetune group installed (make install-finetune).",
            )
    if pooling not in POOLINGS:
        raise FrontdeskError(f"pooling must be {' or '.join(POOLINGS)}, got {pooling!r}.")
    graph = _Graph()
    hidden = "read" if layers.start else _embed(graph, weights, config)
    mask = graph.add("Cast", "attention_mask", to=TensorProto.FLOAT)
    padding = graph.add("Cast", "attention_mask", to=TensorProto.INT32)
    seen = [padding, _distances(graph, weights, config)] if config["model_type"] == "mpnet" else [padding]
    for layer in layers:
        hidden = _transform(graph, weights, config, f"encoder.layer.{layer}.", hidden, seen)
    graph.add("Identity", hidden, name="tokens")
    _pool(graph, hidden, mask, pooling)
    return _model(graph, config["hidden_size"], goes_on=bool(layers.start))


def _embed(graph: _Graph, weights: Weights, config: Mapping[str, Any]) -> str:
    words = graph.constant("words", weights["embeddings.word_embeddings.weight"])
    places = weights["embeddings.position_embeddings.weight"]
    if config["model_type"] == "mpnet":  # the first places are those of padding
        places = places[config["pad_token_id"] + 1 :]
    else:  # every text is one segment, so its type's embedding is added to the positions once and for all
        places = places + weights["embeddings.token_type_embeddings.weight"][0]
    positions = graph.constant("positions", places)
    length = graph.add("Shape", "input_ids", start=1, end=2)
    zero = graph.constant("zero", np.array([0], dtype=np.int64))
    here = graph.add("Slice", positions, zero, length, zero)
    total = graph.add("Add", graph.add("Gather", words, "input_ids"), here)
    return _normalise(graph, weights, config, "embeddings.LayerNorm", total)


def _distances(graph: _Graph, weights: Weights, config: Mapping[str, Any]) -> str:
    """What MPNet adds to every score of attention for how far apart two pieces are, shape (1, heads, pieces, pieces).

    Distances fall into buckets: the near ones each their own, the far ones by their logarithm (Raffel et al. 2020).
    """
    longest, half = config["max_position_embeddings"], config["relative_attention_num_buckets"] // 2
    apart = np.arange(longest)[None, :] - np.arange(longest)[:, None]
    near, far = half // 2, np.maximum(np.abs(apart), 1)
    by_logarithm = near + (np.log(far / near) / np.log(FARTHEST / near) * (half - near)).astype(np.int64)
    bucket = np.where(far < near, np.abs(apart), np.minimum(by_logarithm, half - 1)) + half * (apart > 0)
    buckets = graph.constant("buckets", bucket.astype(np.int32))
    zero = graph.constant("zeros", np.array([0, 0], dtype=np.int64))
    here = graph.add("Shape", "attention_mask", start=1, end=2)
    square = graph.add("Slice", buckets, zero, graph.add("Concat", here, here, axis=0))
    biases = graph.constant("distances", weights["encoder.relative_attention_bias.weight"])
    by_heads = graph.add("Transpose", graph.add("Gather", biases, square), perm=[2, 0, 1])
    return graph.add("Unsqueeze", by_heads, graph.constant("axis_0", np.array([0], dtype=np.int64)))


def _transform(
    graph: _Graph, weights: Weights, config: Mapping[str, Any], prefix: str, hidden: str, seen: list[str]
) -> str:
    """One transformer layer. Queries, keys and values come from one product, heads are one operator.

    `seen` is what attention is masked by and, where there is such, what is added to its scores.
    """
    parts_of, onward = ATTENTION[config["model_type"]]
    own, norm = [f"{prefix}{name}" for name in parts_of], f"{prefix}{ATTENTION_NORM[config['model_type']]}"
    joined = {
        f"{prefix}attention.self.{kind}": np.concatenate([weights[f"{name}.{kind}"] for name in own])
        for kind in ("weight", "bias")
    }
    parts = graph.split(_dense(graph, joined, f"{prefix}attention.self", hidden), 3, config["hidden_size"])
    heads = config["num_attention_heads"]
    context = graph.add("MultiHeadAttention", *parts, "", *seen, domain=CONTRIBUTED, num_heads=heads)
    attended = graph.add("Add", _dense(graph, weights, f"{prefix}{onward}", context), hidden)
    hidden = _normalise(graph, weights, config, norm, attended)
    wide = graph.add("Gelu", _dense(graph, weights, f"{prefix}intermediate.dense", hidden))
    out = graph.add("Add", _dense(graph, weights, f"{prefix}output.dense", wide), hidden)
    return _normalise(graph, weights, config, f"{prefix}output.LayerNorm", out)


def _dense(graph: _Graph, weights: Weights, name: str, value: str) -> str:
    matrix = graph.constant(f"{name}.weight", weights[f"{name}.weight"].T)
    bias = graph.constant(f"{name}.bias", weights[f"{name}.bias"])
    return graph.add("Add", graph.add("MatMul", value, matrix), bias)


def _normalise(graph: _Graph, weights: Weights, config: Mapping[str, Any], name: str, value: str) -> str:
    scale = graph.constant(f"{name}.weight", weights[f"{name}.weight"])
    bias = graph.constant(f"{name}.bias", weights[f"{name}.bias"])
    return graph.add("LayerNormalization", value, scale, bias, axis=-1, epsilon=config["layer_norm_eps"])


def _pool(graph: _Graph, hidden: str, mask: str, pooling: str) -> None:
    one = graph.constant("axis_1", np.array([1], dtype=np.int64))
    two = graph.constant("axis_2", np.array([2], dtype=np.int64))
    tiny = graph.constant("tiny", np.array(1e-9, dtype=np.float32))
    if pooling == "cls":
        first = graph.constant("first", np.array(0, dtype=np.int64))
        pooled = graph.add("Gather", hidden, first, axis=1)
    else:
        total = graph.add("ReduceSum", graph.add("Mul", hidden, graph.add("Unsqueeze", mask, two)), one, keepdims=0)
        pooled = graph.add("Div", total, graph.add("Max", graph.add("ReduceSum", mask, one, keepdims=1), tiny))
    length = graph.add("Max", graph.add("ReduceL2", pooled, one, keepdims=1), tiny)
    graph.add("Div", pooled, length, name="sentence")


def _model(graph: _Graph, hidden: int, *, goes_on: bool) -> onnx.ModelProto:
    pieces = ["batch", "pieces"]
    first = helper.make_tensor_value_info("input_ids", TensorProto.INT64, pieces)
    if goes_on:
        first = helper.make_tensor_value_info("read", TensorProto.FLOAT, [*pieces, hidden])
    inputs = [first, helper.make_tensor_value_info("attention_mask", TensorProto.INT64, pieces)]
    outputs = [
        helper.make_tensor_value_info("tokens", TensorProto.FLOAT, [*pieces, hidden]),
        helper.make_tensor_value_info("sentence", TensorProto.FLOAT, ["batch", hidden]),
    ]
    body = helper.make_graph(graph.nodes, "encoder", inputs, outputs, list(graph.constants.values()))
    sets = [helper.make_opsetid("", OPSET), helper.make_opsetid(CONTRIBUTED, 1)]
    model = helper.make_model(body, opset_imports=sets, ir_version=9)
    onnx.checker.check_model(model)
    return model


def write_graphs(source: Path, folder: Path, pooling: str = "mean") -> tuple[dict[str, Any], list[Path]]:
    """Read `config.json` and `model.safetensors` in `source`, write float32 graphs into `folder`: config, files.

    One graph, or two where there are DEEP layers or more.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        config: dict[str, Any] = json.loads((source / "config.json").read_text(encoding="utf-8"))
        weights = {
            re.sub(r"^(bert|mpnet)\.", "", k): v for k, v in load_file(str(source / "model.safetensors")).items()
        }
    except (OSError, ValueError, SafetensorError) as error:
        raise MissingArtefactError(
            f"config.json or model.safetensors in {source} cannot be read ({error}).", "Get the files again."
        ) from error
    try:
        count = config["num_hidden_layers"]
        ranges = [range(count)] if count < DEEP else [range(count // 2), range(count // 2, count)]
        graphs = [build_graph(weights, config, pooling, layers) for layers in ranges]
    except KeyError as error:
        raise MissingArtefactError(f"The encoder in {source} has no {error}.", "Get the files again.") from error
    files = [folder / name for name in (GRAPH, GRAPH_REST)[: len(graphs)]]
    for graph, file in zip(graphs, files, strict=True):
        onnx.save_model(graph, str(file))
    return config, files


def quantise(source: Path, target: Path, kept: Sequence[str] = ()) -> None:
    """Write `source` with int8 weights, one scale per channel; activations are quantised as they come.

    The nodes in `kept` stay in float32.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        str(source),
        str(target),
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=False,
        nodes_to_exclude=list(kept),
        extra_options={"DefaultTensorType": TensorProto.FLOAT},  # what comes out of a contributed operator
    )
