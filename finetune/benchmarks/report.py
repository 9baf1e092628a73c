"""How every benchmark reports: figures with data, protocol, versions, cores and seconds."""

from __future__ import annotations

import json
import math
import os
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PACKAGES = ("numpy", "onnxruntime", "faiss-cpu", "faiss-gpu", "bm25s", "jieba", "torch", "rasa-sdk")


def report(name: str, data: Sequence[str], protocol: str, figures: Mapping[str, Any], seconds: float) -> dict[str, Any]:
    """The JSON object of one benchmark; `figures` has the field's standard keys."""
    return {
        "benchmark": name,
        "data": list(data),
        "protocol": protocol,
        **figures,
        "versions": {"python": platform.python_version(), **_versions()},
        "cores": os.cpu_count(),
        "seconds": round(seconds, 2),
    }


def _versions() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def write_json(report: Mapping[str, Any], out: Path | None) -> None:
    """Write `report` to `out` when one is given."""
    if out:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of `values` lie (nearest rank)."""
    if not values:
        raise ValueError("There are no values to take a percentile of.")
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]
