"""Iterators that hold something else: what they give is drawn, varied as a list, and given by another of the kind."""

import inspect
import itertools
import types

ITERATORS = (type(iter([])), type(iter(())), types.GeneratorType)
MOST_DRAWN = 100
"""Of a generator, which may have no end; what comes after these stays as it was."""


def can_draw(iterator):
    """Whether it has something to vary: a generator that has begun is at somebody else's place."""
    if type(iterator) is types.GeneratorType:
        return inspect.getgeneratorstate(iterator) == inspect.GEN_CREATED
    return iterator.__length_hint__() > 0


def with_items(iterator, varied):
    """Another iterator of the same type, of what `varied(items)` makes of its items."""
    kind = type(iterator)
    if kind is types.GeneratorType:
        return _giving(varied(list(itertools.islice(iterator, MOST_DRAWN))), iterator)
    items = varied(list(iterator))
    return iter(items) if kind is ITERATORS[0] else iter(tuple(items))


def _giving(items, rest):
    yield from items
    yield from rest
