"""One value moved to an edge, all else as it was recorded: where `<` and `<=`, `[0]` and `[:1]` part ways."""

import collections

_ENDS = ("\n", " ", "\t", "\r\n", "0", "a", ".", "-", "_", "\u00df", "e\u0301", "\u0130", "\ud800")


def edged(mutator, args, kwargs):
    """Another call: exactly one place among the arguments, or inside one of them, holds an edge of what it held."""
    rng = mutator.rng
    places = [*range(len(args)), *kwargs]
    rng.shuffle(places)
    for place in places:
        holder = args if isinstance(place, int) else kwargs
        changed, new = _one(mutator, holder[place], 0)
        if changed:
            holder[place] = new
            break
    return args, kwargs


def _one(mutator, value, depth):
    """(whether there is an edge of it, the value at one)."""
    rng = mutator.rng
    kind = type(value)
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
    if kind is bool:
        return [not value]
    if kind is int:
        return [0, 1, -1, 2, value + 1, value - 1, -value, value * 2, *_near(mutator, int)]
    if kind is float:
        return [0.0, -0.0, 1.0, -value, value + 0.5, float(round(value)) if abs(value) < 1e15 else 0.5,
                float("nan"), float("inf"), float("-inf"), *mutator.pool.get(float, [])]  # fmt: skip
    if kind is str:
        return _texts(mutator, value)
    if kind in (bytes, bytearray):
        return [kind(), value[:1], value[1:], value[:-1], value + b"\n", value + value, value[::-1], value + b"\xff"]
    if kind in (list, tuple):
        return [kind(), value[:1], value[1:], value[:-1], value + value[:1], value + value[-1:], value + value,
                value[::-1], value[-1:] + value, value[:1] * 3, value[:2], value[-1:]]  # fmt: skip
    if kind in (set, frozenset):
        items = sorted(value, key=repr)
        return [kind(), kind(items[:1]), kind(items[1:]), kind(items[:-1])]
    if kind in (dict, collections.OrderedDict):
        pairs = list(value.items())
        return [kind(), kind(pairs[:1]), kind(pairs[1:]), kind(pairs[:-1]), kind(pairs[::-1])]
    return []


def _near(mutator, kind):
    return [number + step for number in mutator.pool.get(kind, []) for step in (-1, 0, 1)]


def _texts(mutator, value):
    end = mutator.rng.choice(_ENDS)
    at = mutator.rng.randrange(len(value) + 1)
    found = ["", value[:1], value[1:], value[:-1], value + "\n", " " + value, value + " ", end + value, value + end,
             value.upper(), value.lower(), value.title(), value.swapcase(), value + value, value[::-1],
             value[:at] + end + value[at:], value.strip(), value.replace(" ", "  "), value.replace(" ", "\n"),
             value + value[-1:]]  # fmt: skip
    constants = mutator.pool.get(str, [])
    if constants:
        other = mutator.rng.choice(constants)
        found += [other, value + other, other + value, value[:at] + other + value[at:]]
    return found
