"""The documents in service without what editors put beside them: what a shop has on its first day."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from knowledge.answerer import Answerer
from knowledge.attached import FILE as ATTACHED_FILE
from knowledge.attached import UNANSWERED_FILE
from knowledge.index import ingest, open_index
from knowledge.weights import Taught

BESIDE: dict[Taught, tuple[str, ...]] = {  # files that are left out
    "plain": (ATTACHED_FILE, UNANSWERED_FILE),
    "attached": (UNANSWERED_FILE,),
    "bounded": (),
}


@contextmanager
def taught_less(answerer: Answerer, taught: Taught) -> Iterator[Answerer]:
    """An answerer over a temporary index of the same documents."""
    with tempfile.TemporaryDirectory() as scratch:
        copies = []
        for number, origin in enumerate(answerer.index.manifest["origin"]):
            copy = Path(scratch) / "documents" / str(number)
            if Path(origin).is_dir():
                shutil.copytree(origin, copy, ignore=shutil.ignore_patterns(*BESIDE[taught]))
            else:
                copy.mkdir(parents=True)
                shutil.copy(origin, copy)
            copies.append(copy)
        ingest(copies, Path(scratch) / "index")
        yield Answerer(open_index(Path(scratch) / "index"), answerer.glossary)
