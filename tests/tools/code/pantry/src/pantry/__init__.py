"""The stock of a small kitchen."""

from .items import Item, Shelf
from .money import price_of

__all__ = ["Item", "Shelf", "price_of"]
