"""One value moved to an edge, all else as it was recorded: where `<` and `<=`, `[0]` and `[:1]` part ways."""

import collections
import re

from .mutation_iterators import ITERATORS, can_draw, with_items

_NUMBERS = ("1.5", "inf", "nan", "-1", "0", "1e5", "1,000", "0x10", " 1 ", "1_0", "")
_EXTRA = (None, 0, "", False, 1.5, ())
_ENDS = ("\n", " ", "\t", "\r\n", "\n \n", "0", "a", ".", "-", "_", "\u00df", "e\u0301", "\u0130", "\ud800")


def edged(mutator, args, kwargs, peer):
    """Another call: exactly one place among the arguments, or inside one of them, holds an edge of what it held."""
    rng = mutator.rng
    if kwargs and rng.random() < 0.1:
        return args, dict(list(kwargs.items())[::-1])
    if peer is not None and rng.random() < 0.15 and _other_type(mutator, args, kwargs, peer):
        return args, kwargs
    places = [*range(len(args)), *kwargs]
    rng.shuffle(places)
    for place in places:
        holder = args if isinstance(place, int) else kwargs
        changed, new = _one(mutator, holder[place], 0)
        if changed:
            holder[place] = new
            break
    return args, kwargs


def _other_type(mutator, args, kwargs, peer):
    """Where recorded calls have values of several types in one place, it takes any: now one of yet another type."""
    places = [*range(len(args)), *kwargs]
    if not places:
        return False
    place = mutator.rng.choice(places)
    types = {type((args if isinstance(place, int) else kwargs)[place])}
    for _ in range(6):
        other_args, other_kwargs = peer()
        if isinstance(place, int) and place < len(other_args):
            types.add(type(other_args[place]))
        elif place in other_kwargs:
            types.add(type(other_kwargs[place]))
    if len(types - {type(None)}) < 2:
        return False
    (args if isinstance(place, int) else kwargs)[place] = mutator.rng.choice(_EXTRA)
    return True


def _one(mutator, value, depth):
    """(whether there is an edge of it, the value at one)."""
    rng = mutator.rng
    kind = type(value)
    if kind in ITERATORS and can_draw(value):
        return True, with_items(value, lambda items: _one(mutator, items, depth)[1])
    inner = kind in (list, tuple, dict) and depth < 5 and len(value) > 0
    if inner and rng.random() < (0.5 if depth == 0 else 0.6):
        return _inside(mutator, value, kind, depth)
    found = _edges(mutator, value, kind)
    if found:
        return True, rng.choice(found)
    varied = mutator.vary(value, depth)
    return varied is not value, varied


def _inside(mutator, value, kind, depth):
    rng = mutator.rng
    places = list(value) if kind is dict else list(range(len(value)))
    # The ends are where most errors are.
    at = rng.choice((places[0], places[-1], rng.choice(places)))
    changed, new = _one(mutator, value[at], depth + 1)
    if not changed:
        return False, value
    if kind is tuple:
        return True, (*value[:at], new, *value[at + 1 :])
    copy = value.copy()
    copy[at] = new
    return True, copy


def _edges(mutator, value, kind):
    rng = mutator.rng
    if kind is bool:
        return [not value]
    if kind is int:
        powers = [value * 10, value * 1000, *[int("1" + "0" * k) + step for k in (3, 6, 9) for step in (-1, 0)]]
        return [
            0,
            1,
            -1,
            2,
            value + 1,
            value - 1,
            -value,
            value * 2,
            *_near(mutator, int),
            *powers[: 2 if value < 100 else 8],
        ]
    if kind is float:
        return [0.0, -0.0, 1.0, -value, value + 0.5, float(round(value)) if abs(value) < 1e15 else 0.5,
                float("nan"), float("inf"), float("-inf"), *mutator.pool.get(float, [])]  # fmt: skip
    if kind is str:
        return _texts(mutator, value)
    if kind in (bytes, bytearray):
        return [kind(), value[:1], value[1:], value[:-1], value + b"\n", value + value, value[::-1], value + b"\xff"]
    if kind in (list, tuple):
        return [kind(), value[:1], value[1:], value[:-1], value + value[:1], value + value[-1:], value + value,
                value[::-1], value[-1:] + value, value[:1] * 3, value[:2], value[-1:],
                *map(kind, _with_prefix(rng, list(value), list(value)))]  # fmt: skip
    if kind is range:
        return [range(0), range(1), value[:1], value[1:], value[:-1], value[::-1], value[::2], range(-1, 1)]
    if kind in (set, frozenset):
        items = sorted(value, key=repr)
        return [kind(), kind(items[:1]), kind(items[1:]), kind(items[:-1])]
    if kind in (dict, collections.OrderedDict):
        pairs = list(value.items())
        return [kind(), kind(pairs[:1]), kind(pairs[1:]), kind(pairs[:-1]), kind(pairs[::-1]),
                *map(kind, _with_prefix(rng, pairs, list(value)))]  # fmt: skip
    return []


def _with_prefix(rng, items, texts):
    """The items with one more whose text another begins with, ahead of it or behind: which of the two is taken?"""
    places = [place for place, text in enumerate(texts) if type(text) is str and len(text) > 1]
    if not places:
        return []
    item = items[rng.choice(places)]
    short = item[:-1] if type(item) is str else (item[0][:-1], rng.choice(items)[1])
    return [[short, *items], [*items, short]]


def _near(mutator, kind):
    return [number + step for number in mutator.pool.get(kind, []) for step in (-1, 0, 1)]


def _texts(mutator, value):
    end = mutator.rng.choice(_ENDS)
    at = mutator.rng.randrange(len(value) + 1)
    found = ["", value[:1], value[1:], value[:-1], value + "\n", " " + value, value + " ", end + value, value + end,
             value.upper(), value.lower(), value.title(), value.swapcase(), value + value, value[::-1],
             value[:at] + end + value[at:], value.strip(), value.replace(" ", "  "), value.replace(" ", "\n"),
             value + value[-1:]]  # fmt: skip
    parts = re.split(r"([,;/|:\s_-])", value)
    if len(parts) > 1:
        # One of the parts that its separators make of a text is missing, or blank.
        part = mutator.rng.randrange(0, len(parts), 2)
        found += ["".join([*parts[:part], *fill, *parts[part + 1 :]]) for fill in ([], [" "], [parts[part]] * 2)]
    if value.strip("+-.,").isdigit():
        found += _NUMBERS
    constants = mutator.pool.get(str, [])
    if constants:
        other = mutator.rng.choice(constants)
        found += [other, value + other, other + value, value[:at] + other + value[at:]]
    return found
