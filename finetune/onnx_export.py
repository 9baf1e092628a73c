"""A folder of trained weights as an ONNX encoder: BERT and MPNet by the graph writer, every other one by torch."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from knowledge.encoder_install import languages_of, longest_text, quantise_quietly, read_pooling, write_encoder
from knowledge.onnx_bert import ATTENTION
from textkit.errors import FrontdeskError


def export_encoder(source: Path, folder: Path, precision: str = "int8") -> dict[str, Any]:
    """Write model.onnx and tokenizer.json into `folder`; what the manifest says of them."""
    config = json.loads((source / "config.json").read_text(encoding="utf-8"))
    if config.get("model_type") in ATTENTION:
        return write_encoder(source, folder, precision)
    pooling = read_pooling(source)
    with tempfile.TemporaryDirectory() as scratch:
        graph = folder / "model.onnx" if precision == "float32" else Path(scratch) / "float32.onnx"
        _export_by_torch(source, graph, pooling)
        if precision != "float32":
            quantise_quietly(graph, folder / "model.onnx")
    shutil.copyfile(source / "tokenizer.json", folder / "tokenizer.json")
    return {
        "precision": precision,
        "pooling": pooling,
        "dimensions": config.get("hidden_size") or config["dim"],
        "max_length": longest_text(source, config),
        "pad_id": config.get("pad_token_id", 0),
        "languages": languages_of(folder / "tokenizer.json"),
    }


def _export_by_torch(source: Path, target: Path, pooling: str) -> None:
    """The same inputs and outputs as the graph writer's (knowledge/onnx_bert.py)."""
    import torch
    from transformers import AutoModel

    from finetune.train.base import pool
    from finetune.train.quiet import quiet

    class Served(torch.nn.Module):
        def __init__(self, encoder: Any) -> None:
            super().__init__()
            self.encoder = encoder

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            tokens = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            return tokens, pool(tokens, attention_mask, pooling)

    batch, pieces = torch.export.Dim("batch", min=1, max=4096), torch.export.Dim("pieces", min=2, max=512)
    ids = torch.ones((2, 7), dtype=torch.int64)
    shape = {0: batch, 1: pieces}
    try:
        with quiet():
            encoder = AutoModel.from_pretrained(source, dtype=torch.float32, attn_implementation="eager").eval()
            torch.onnx.export(
                Served(encoder),
                (ids, torch.ones_like(ids)),
                str(target),
                input_names=["input_ids", "attention_mask"],
                output_names=["tokens", "sentence"],
                dynamic_shapes={"input_ids": shape, "attention_mask": shape},
                external_data=False,
                dynamo=True,
                verbose=False,
            )
    except Exception as error:
        kind = json.loads((source / "config.json").read_text(encoding="utf-8")).get("model_type")
        raise FrontdeskError(
            f"An encoder of the architecture {kind!r} could not be exported ({type(error).__name__}).",
            "Take a BERT or an MPNet as the base: those are written without torch's exporter.",
        ) from error
