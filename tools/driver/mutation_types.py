"""One value of another type that a caller might as well give: 1.0 for 1, a tuple for a list, None where it is optional.

Which types these are is said with the item: those that the changed code speaks of, or "any" where it asks for types. A
parameter's own default needs no such word. Where the unchanged code cannot take the value, it is no input.
"""

import collections

ANY_NAME = "**"
"""Among the defaults where a function takes keyword arguments of any name."""
ANY_TYPE = "any"
NAN = "NaN"
"""Instead of names of types: see `with_nan`."""
_FALSY = (None, 0, "", False, 0.0, (), [])
_NUMERALS = ("1.5", "0", "-1", "inf", "nan", "1e5", "x")
_TYPES = (int, float, str, bytes, bool, type(None), list, tuple)
_INNER = (list, tuple, dict)
_ITERATORS = (type(iter([])), type(iter(())), type(iter("")))
MOST_DEPTH = 4


class Retyping:
    """Makes one value of a call's arguments, or inside one of them, another type's."""

    def __init__(self, rng, types, defaults, pool):
        """`types` are names; `defaults` are (name, value) of parameters, by place and name.

        `!name` among the types is a parameter whose default is no input: it is not the same everywhere.
        """
        self._rng = rng
        self._types = types
        self._defaults = defaults
        self._pool = pool

    def arguments(self, args, kwargs):
        """Another call; it may be the same where nothing can be given instead."""
        rng = self._rng
        places = [*((args, i) for i in range(len(args))), *((kwargs, name) for name in kwargs)]
        if not places:
            return args, kwargs
        if ANY_NAME in self._defaults and rng.random() < 0.6:
            return args, _more_named(rng, kwargs, [value for _, value in places], self._pool)
        if rng.random() < 0.4 and self._with_its_type(places):
            return args, kwargs
        rng.shuffle(places)
        for holder, place in places:
            others = self._allowed(self._others(holder[place]))
            name, default = self._defaults.get(place, ("", None))
            if name and "!" + name not in self._types:
                others += [default, *self._allowed(_FALSY[:4])]
            inner = self._inside(holder[place], 0) if type(holder[place]) in _INNER and holder[place] else None
            if inner is not None and (rng.random() < 0.6 or not others):
                holder[place] = inner
                break
            if others:
                holder[place] = rng.choice(others)
                break
        return args, kwargs

    def _with_its_type(self, places):
        """A value and, where another argument names its type, that too; whether there were such."""
        pairs = [
            (holder, place, other)
            for holder, place in places
            for other in places
            if type(other[0][other[1]]) is type and type(holder[place]) is other[0][other[1]]
        ]
        if not pairs:
            return False
        holder, place, (type_holder, type_place) = self._rng.choice(pairs)
        found = [one for one in self._allowed(self._others(holder[place])) if type(one) in _TYPES]
        if found:
            holder[place] = self._rng.choice(found)
            type_holder[type_place] = type(holder[place])
        return bool(found)

    def _others(self, value):
        """Values of other types for this one; a text for a list, with another `in`, only where texts are named."""
        found = _others(self._rng, value)
        texts = "str" in self._types or type(value) not in (list, tuple)
        return [one for one in found if texts or type(one) is not str]

    def _allowed(self, values):
        return [one for one in values if ANY_TYPE in self._types or _name(one) in self._types]

    def _inside(self, value, depth):
        """A copy of the container in which one item, often at one of its ends, is another; None where there is none."""
        rng = self._rng
        kind = type(value)
        places = list(value) if kind is dict else list(range(len(value)))
        at = rng.choice((places[0], places[-1], rng.choice(places)))
        item = value[at]
        equal = self._allowed(_equal_to(item))
        if kind is not dict and equal and rng.random() < 0.4:
            # An equal one beside it: which of two that are equal is taken?
            new = rng.choice(equal)
            items = list(value)
            items[at : at + 1] = rng.choice(([item, new], [new, item], [new, item, new]))
            return kind(items)
        if type(item) in _INNER and item and depth < MOST_DEPTH and rng.random() < 0.6:
            new = self._inside(item, depth + 1)
        else:
            new = self._item(item)
        if new is None and item is not None and not self._allowed([None]):
            return None
        if kind is dict:
            return {**value, at: new}
        items = list(value)
        items[at] = new
        return kind(items)

    def _item(self, item):
        # What can be kept in a set stays so: a list of lists is no list of numbers, and `set(numbers)` an honest gain.
        falsy = [one for one in _FALSY if type(one) is type(item)] + self._allowed(_FALSY)
        others, falsy = (_alike(item, found) for found in (self._allowed(self._others(item)), falsy))
        if others and (not falsy or self._rng.random() < 0.7):
            return self._rng.choice(others)
        return self._rng.choice(falsy) if falsy else None


def _equal_to(item):
    """Numbers of other types that are equal to this one."""
    if type(item) not in (int, float, bool) or not abs(item) < 1 << 53 or item != int(item):
        return []
    found = [int(item), float(item)] + [bool(item)] * (item in (0, 1))
    return [one for one in found if type(one) is not type(item)]


def _name(value):
    return "None" if value is None else value.__name__ if isinstance(value, type) else type(value).__name__


def _more_named(rng, kwargs, values, pool):
    """Further keyword arguments for what takes any: by names that stand in its code, or by any, in some order."""
    names = [text for text in pool if type(text) is str and text.isidentifier() and text not in kwargs]
    made = dict(kwargs)
    any_names = ["b", "a"][: rng.randrange(1, 3)]
    known = rng.sample(names, min(len(names), rng.randrange(1, 3)))
    for name in any_names if rng.random() < 0.2 else known or any_names:
        made[name] = rng.choice([*values, None, 0, 1, "a"])
    return dict(rng.sample(list(made.items()), len(made)))


def _others(rng, value):
    """Values of other types that may stand for this one."""
    kind = type(value)
    if kind is bool:
        return [int(value), float(value), None]
    if kind is int and abs(value) < 1 << 60:
        texts = [str(value), rng.choice(_NUMERALS)] if rng.random() < 0.3 else []
        return [float(value), value + 0.5, value - 0.5, bool(value), *texts]
    if kind is float and abs(value) < 1 << 60:
        return [int(value), round(value), bool(value), str(value)]
    if kind is str:
        data = value.encode("utf-8", "surrogatepass")
        return [data, bytearray(data), list(value), data + b"\xff", rng.choice(_NUMERALS)]
    if kind in (bytes, bytearray):
        return [value.decode("latin-1"), (bytes, bytearray)[kind is bytes](value)]
    if kind in (list, tuple):
        other = tuple if kind is list else list
        found = [other(value), other(value)]
        if all(type(item) is int for item in value):
            found += [range(len(value)), range(min(value, default=0), max(value, default=0) + 1)]
        if value and all(type(item) is str and len(item) == 1 for item in value):
            found.append("".join(value))
        return found
    if kind is range:
        return [list(value), tuple(value)]
    if kind is type and value in _TYPES:
        return [other for other in _TYPES if other is not value]
    if kind is dict:
        return [collections.OrderedDict(value), list(value.items())]
    if kind in (set, frozenset):
        items = sorted(value, key=repr)
        return [items, (frozenset, set)[kind is frozenset](items)]
    return []


def _alike(item, others):
    return [one for one in others if _hashable(one)] if _hashable(item) else list(others)


def _hashable(value):
    try:
        hash(value)
    except TypeError:
        return False
    return True


def with_nan(rng, args, kwargs, streams):
    """One and the same NaN as an item and as an argument: equal to nothing, not even to itself, but the same object.

    At `streams` any iterable is as good as a list. The call is the same where it has no list.
    """
    places = [*((args, i) for i in range(len(args))), *((kwargs, name) for name in kwargs)]
    lists = [(holder, place) for holder, place in places if type(holder[place]) in (list, tuple, *_ITERATORS)]
    lists += [(args, place) for place in streams if place < len(args) and type(args[place]) is str]
    if not lists:
        return args, kwargs
    others = [(holder, place) for holder, place in places if type(holder[place]) in (int, float, str, type(None))]
    nan = float("nan")
    holder, place = chosen = rng.choice(lists)
    kind, items = type(holder[place]), list(holder[place])
    items.insert(rng.randrange(len(items) + 1), nan)
    holder[place] = iter(items) if kind in _ITERATORS else tuple(items) if kind is tuple else items
    others = [other for other in others if other != chosen]
    if others:
        holder, place = rng.choice(others)
        holder[place] = nan
    return args, kwargs
