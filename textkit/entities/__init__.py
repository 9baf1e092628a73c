"""What a message names: order numbers, e-mail addresses, telephones, sums, dates, quantities and products."""

from textkit.entities.catalogue import Catalogue
from textkit.entities.entity import Entity
from textkit.entities.extract import extract

__all__ = ["Catalogue", "Entity", "extract"]
