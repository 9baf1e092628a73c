"""The catalogue as JSON for the dialogue runtime, which has no database: `textkit.entities.Catalogue` reads it."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.store.models.product import Product


def write_catalogue(session: Session, path: Path) -> None:
    """Write the names of every product to `path` in one step.

    A family comes before its variants (GR-ROOK before GR-ROOK-WH), since a name of several products stands for the
    first. Names are looked up in that order, so it is always the same.
    """
    rows = [
        {"sku": p.sku, "name_en": p.name_en, "name_zh": p.name_zh, "aliases": p.aliases}
        for p in session.scalars(select(Product))
    ]
    rows.sort(key=lambda row: str(row["sku"]))  # here, not in the database: collations differ
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(rows, file, ensure_ascii=False, indent=1, sort_keys=True)
        os.chmod(draft, 0o644)
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise
