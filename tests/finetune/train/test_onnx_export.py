import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from finetune.export import open_draft
from finetune.onnx_export import export_encoder
from finetune.train.base import pool, read_base
from textkit.errors import FrontdeskError


def distilled(base, folder):
    """Another architecture over the same vocabulary."""
    from transformers import DistilBertConfig, DistilBertModel

    folder.mkdir()
    torch.manual_seed(0)
    config = DistilBertConfig(
        vocab_size=60, dim=32, n_layers=2, n_heads=2, hidden_dim=64, max_position_embeddings=32, pad_token_id=0
    )
    DistilBertModel(config).save_pretrained(folder)
    shutil.copy(Path(base) / "tokenizer.json", folder)
    return folder


def test_another_architecture_is_exported_by_torch(base, tmp_path):
    source = distilled(base, tmp_path / "source")
    (tmp_path / "out").mkdir()
    fields = export_encoder(source, tmp_path / "out", "float32")
    texts = ["my card was stolen", "refund", "parcel late today please now"]
    got = open_draft(tmp_path / "out", fields).encode(texts)
    opened = read_base("distilled", source)
    for text, vector in zip(texts, got, strict=True):
        ids = torch.tensor(opened.pieces([text]))
        with torch.no_grad():
            hidden = opened.encoder.eval()(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state
        wanted = pool(hidden, torch.ones_like(ids), "mean")[0].numpy()
        np.testing.assert_allclose(vector, wanted, atol=1e-5)


def test_what_cannot_be_exported_is_named(base, tmp_path):
    source = distilled(base, tmp_path / "source")
    config = json.loads((source / "config.json").read_text()) | {"model_type": "no-such"}
    (source / "config.json").write_text(json.dumps(config))
    with pytest.raises(FrontdeskError, match="architecture 'no-such' could not be exported"):
        export_encoder(source, tmp_path, "float32")
