"""What the actions work with, made once per process: the database and the answerer of the current index."""

from __future__ import annotations

import logging
import threading
from functools import cache
from pathlib import Path

from sqlalchemy import select

from actions.store.database import Database, open_database
from actions.store.models import Product
from knowledge.answerer import Answerer
from knowledge.glossary import FILE as GLOSSARY_FILE
from knowledge.glossary import Glossary
from knowledge.index import current_version, open_index
from textkit.errors import FrontdeskError
from textkit.settings import settings

logger = logging.getLogger(__name__)


class Services:
    """The database, and an answerer that follows the index in service."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._answerer: Answerer | None = None
        self._lock = threading.Lock()

    def answerer(self) -> Answerer:
        """The answerer of the current index; opens a new one when `frontdesk ingest` has put one into service.

        Blocks while it opens (about 0.3 s); call it from a thread.
        """
        with self._lock:
            if self._answerer is None:
                self._answerer = self._open()
            elif self._answerer.index.version != current_version():
                try:
                    self._answerer = self._open()
                except FrontdeskError:  # the one that is open still answers
                    logger.exception("The new index cannot be opened")
            return self._answerer

    def _open(self) -> Answerer:
        index = open_index()
        return Answerer(index, self._glossary([Path(p) for p in index.manifest["origin"]]))

    def _glossary(self, origins: list[Path]) -> Glossary:
        """The business's glossary (glossary.json beside its documents) and the catalogue's names."""
        files = [folder / GLOSSARY_FILE for folder in origins if (folder / GLOSSARY_FILE).is_file()]
        glossary = Glossary.read(files[0]) if files else Glossary([])
        with self.database.read() as session:
            names = session.execute(select(Product.name_en, Product.name_zh)).all()
        return glossary.extended([(english, chinese) for english, chinese in names])


@cache
def services() -> Services:
    """The services of this process."""
    return Services(open_database(settings().resolved_database_url))
