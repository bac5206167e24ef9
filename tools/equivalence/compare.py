"""Two encoded values compared by the supervisor, with the place where they differ.

Floats are equal when their bits are, or within a stated relative tolerance. The candidate may keep further private
attributes on objects it was given (a cache on `self`); everything else must be the same, which object is shared with
which included. The grammar of an encoding stands in `tools/driver/encoding.py`.
"""

import math
import struct
from dataclasses import dataclass
from typing import Any

from tools.equivalence.render import render

PRIVATE_STATE = "which is private state"
_NUMBERED = {"list", "deque", "set", "bytearray", "dict", "object", "buffer"}
INCIDENTAL = {
    *("builtins.TypeError", "builtins.AttributeError", "builtins.IndexError", "builtins.ZeroDivisionError"),
    *("builtins.OverflowError", "builtins.UnboundLocalError", "builtins.NameError"),
}
"""Where the interpreter itself raises one of these, its words tell which operation met the value first: an accident."""
_FLOAT_CODES = {"f4": "f", "f8": "d"}


@dataclass(frozen=True, kw_only=True)
class Difference:
    """The first place where two values are not the same."""

    place: str
    before: str
    after: str

    def __str__(self) -> str:
        at = f" at {self.place}" if self.place else ""
        kept = f", {PRIVATE_STATE}" if "._" in self.place else ""
        return f"before {self.before}, now {self.after}{at}{kept}"


@dataclass(kw_only=True)
class Deviation:
    """How far floats lay apart that a tolerance let pass."""

    largest: float = 0.0
    """Of the larger one's value, as a fraction."""

    def met(self, one: float, other: float) -> None:
        """Two floats that are not the same, within the tolerance."""
        self.largest = max(self.largest, abs(one - other) / max(abs(one), abs(other)))


def difference(
    before: Any, after: Any, tolerance: float = 0.0, deviation: Deviation | None = None
) -> Difference | None:
    """The first difference between two encoded values, None where they are the same; never raises on rubbish."""
    return Walk(tolerance, deviation).difference(before, after)


class Walk:
    """One walk over encodings side by side; values that were encoded in one go are walked in one go."""

    def __init__(self, tolerance: float = 0.0, deviation: Deviation | None = None) -> None:
        self.tolerance = tolerance
        self.deviation = deviation or Deviation()
        self._numbers: dict[int, int] = {}
        """Of the mutable values met so far: the number before, and the number now."""

    def difference(self, before: Any, after: Any) -> Difference | None:
        """The first difference, None where they are the same; never raises on rubbish."""
        try:
            return self.value(before, after, "")
        except (TypeError, ValueError, IndexError, KeyError, AttributeError, RecursionError, struct.error):
            return None if before == after else Difference(place="", before=render(before), after=render(after))

    def value(self, before: Any, after: Any, place: str) -> Difference | None:
        """One encoded value."""
        if type(before) is not type(after) or not isinstance(before, list):
            return None if type(before) is type(after) and before == after else _here(place, before, after)
        if before[0] != after[0]:
            return _here(place, before, after)
        kind = before[0]
        if kind == "ref":
            return None if self._numbers.get(before[1]) == after[1] else _another(place, before, after)
        if kind in _NUMBERED:
            self._numbers[before[1]] = after[1]
        walk = getattr(self, f"_{kind}", None)
        if walk is None:
            return None if before == after else _here(place, before, after)
        found: Difference | None = walk(before, after, place)
        return found

    def _float(self, before: Any, after: Any, place: str) -> Difference | None:
        return None if self._close(*_unpacked(before[1], after[1], ">d")) else _here(place, before, after)

    def _items(self, before: Any, after: Any, place: str, ours: Any, theirs: Any) -> Difference | None:
        if len(ours) != len(theirs):
            return _here(place, before, after)
        for index, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            if found := self.value(one, other, f"{place}[{index}]"):
                return found
        return None

    def _list(self, before: Any, after: Any, place: str) -> Difference | None:
        return self._items(before, after, place, before[2], after[2])

    def _deque(self, before: Any, after: Any, place: str) -> Difference | None:
        if before[3] != after[3]:
            return _here(place, before, after)
        return self._items(before, after, place, before[2], after[2])

    def _tuple(self, before: Any, after: Any, place: str) -> Difference | None:
        return self._items(before, after, place, before[1], after[1])

    def _set(self, before: Any, after: Any, place: str) -> Difference | None:
        return None if before[2] == after[2] else _here(place, before, after)

    def _bytearray(self, before: Any, after: Any, place: str) -> Difference | None:
        return None if before[2] == after[2] else _here(place, before, after)

    def _pairs(self, before: Any, after: Any, place: str, ours: Any, theirs: Any) -> Difference | None:
        if [key for key, _ in ours] != [key for key, _ in theirs]:
            return _here(place, before, after)
        for (key, one), (_, other) in zip(ours, theirs, strict=True):
            if found := self.value(one, other, f"{place}[{render(key, 60)}]"):
                return found
        return None

    def _dict(self, before: Any, after: Any, place: str) -> Difference | None:
        return self._pairs(before, after, place, before[2], after[2])

    def _object(self, before: Any, after: Any, place: str) -> Difference | None:
        if before[2] != after[2]:
            return _here(place, before, after)
        base, other_base = before[3], after[3]
        if isinstance(base, list) and base[0] == "dict" and isinstance(other_base, list) and other_base[0] == "dict":
            found = self._pairs(before, after, place, base[1], other_base[1])
        elif isinstance(base, list) and base[0] in ("list", "tuple", "deque") and isinstance(other_base, list):
            found = self._items(before, after, place, base[1], other_base[1])
        else:
            found = None if base == other_base else _here(place, before, after)
        return found or self._attributes(before[4], after[4], place)

    def _attributes(self, before: dict[str, Any], after: dict[str, Any], place: str) -> Difference | None:
        added = sorted(set(after) - set(before))
        gone = sorted(set(before) - set(after))
        if gone or any(not name.startswith("_") for name in added):
            return Difference(place=place, before=f"attributes {', '.join(sorted(before))}", after=_named(gone, added))
        for name, one in before.items():
            if found := self.value(one, after[name], f"{place}.{name}"):
                return found
        return None

    def _iterator(self, before: Any, after: Any, place: str) -> Difference | None:
        if before[1] != after[1]:
            return _here(place, before, after)
        found = self._items(before, after, place, before[2], after[2])
        return found or (_here(place, before, after) if self.value(before[3], after[3], place) else None)

    def _view(self, before: Any, after: Any, place: str) -> Difference | None:
        return (
            _here(place, before, after)
            if before[1] != after[1]
            else self._items(before, after, place, before[2], after[2])
        )

    def _exception(self, before: Any, after: Any, place: str) -> Difference | None:
        if before[1] != after[1]:
            return _here(place, before, after)
        incidental = before[1] in INCIDENTAL and before[5] == after[5] == 0
        if not incidental and self._items(before, after, place, before[2], after[2]):
            return _here(place, before, after)
        if before[4] != after[4]:
            return Difference(place=place, before=_raised_from(before), after=_raised_from(after))
        ours, theirs = before[3], after[3]
        if incidental:  # so does the name that it had no value for
            ours, theirs = ({k: v for k, v in one.items() if k != "name"} for one in (ours, theirs))
        return self._attributes(ours, theirs, place)

    def _returned(self, before: Any, after: Any, place: str) -> Difference | None:
        return self.value(before[1], after[1], place)

    _raised = _returned

    def _named(self, before: Any, after: Any, place: str) -> Difference | None:
        """Keyword arguments."""
        if set(before[1]) != set(after[1]):
            return _here(place, before, after)
        for name, one in before[1].items():
            if found := self.value(one, after[1][name], f"{place}.{name}"):
                return found
        return None

    def _buffer(self, before: Any, after: Any, place: str) -> Difference | None:
        same = before[2] == after[2] and before[4] == after[4]
        return self.value(before[3], after[3], place) if same else _here(place, before, after)

    def _labelled(self, before: Any, after: Any, place: str, plain: int, labels: tuple[str, ...]) -> Difference | None:
        """Parts up to `plain` must be equal as they stand; the others are walked."""
        if before[:plain] != after[:plain]:
            return Difference(place=place, before=render(before[:plain]), after=render(after[:plain]))
        for label, one, other in zip(labels, before[plain:], after[plain:], strict=True):
            if found := self.value(one, other, f"{place}{label}"):
                return found
        return None

    def _masked(self, before: Any, after: Any, place: str) -> Difference | None:
        return self._labelled(before, after, place, 2, (".data", ".mask", ".fill_value"))

    def _series(self, before: Any, after: Any, place: str) -> Difference | None:
        return self._labelled(before, after, place, 2, (".name", ".index", ""))

    def _index(self, before: Any, after: Any, place: str) -> Difference | None:
        if before[2] == after[2] == "levels":
            same = before[1] == after[1] and before[3] == after[3]
            return self._items(before, after, place, before[4], after[4]) if same else _here(place, before, after)
        if before[1:4] != after[1:4]:
            return _here(place, before, after)
        return self.value(before[4], after[4], place)

    def _extension(self, before: Any, after: Any, place: str) -> Difference | None:
        same = before[1:3] == after[1:3]
        return self._items(before, after, place, before[3], after[3]) if same else _here(place, before, after)

    def _record(self, before: Any, after: Any, place: str) -> Difference | None:
        same = before[1:4] == after[1:4]
        return self._pairs(before, after, place, before[4], after[4]) if same else _here(place, before, after)

    def _frame(self, before: Any, after: Any, place: str) -> Difference | None:
        if before[1] != after[1]:
            return _here(place, before, after)
        found = self.value(before[2], after[2], f"{place}.columns") or self.value(before[3], after[3], f"{place}.index")
        return found or self._items(before, after, f"{place}.iloc[:, ...]", before[4], after[4])

    def _array(self, before: Any, after: Any, place: str) -> Difference | None:
        if before[1:4] != after[1:4]:
            return _here(place, before, after)
        if before[5:] != after[5:]:
            return Difference(place=place, before=_writeable(before), after=_writeable(after))
        if before[4] == after[4]:
            return None
        if isinstance(before[4], list):
            return self._items(before, after, place, before[4], after[4])
        code = _FLOAT_CODES.get(before[2][1:])
        if not code or not isinstance(before[4], str) or len(before[4]) != len(after[4]):
            return _here(place, before, after)
        count = len(before[4]) // 2 // struct.calcsize(code)
        pattern = f"{before[2][0]}{count}{code}"
        ours, theirs = (struct.unpack(pattern, bytes.fromhex(data)) for data in (before[4], after[4]))
        close = all(self._close(one, other) for one, other in zip(ours, theirs, strict=True))
        return None if close and self.tolerance else _here(place, before, after)

    def _close(self, one: float, other: float) -> bool:
        if struct.pack(">d", one) == struct.pack(">d", other):
            return True
        if not self.tolerance:
            return False
        if math.isnan(one) and math.isnan(other):
            return True
        close = math.isclose(one, other, rel_tol=self.tolerance)
        if close and one != other:
            self.deviation.met(one, other)
        return close


def _raised_from(encoded: Any) -> str:
    causes = ", raised from ".join(str(name).removeprefix("builtins.") for name in encoded[4])
    return f"{render(encoded)} {f'raised from {causes}' if causes else 'raised from nothing'}"


def _writeable(encoded: Any) -> str:
    return "an array that can be written to" if encoded[5:] == [True] else "an array that is read-only"


def _unpacked(before: str, after: str, pattern: str) -> tuple[float, float]:
    one, other = (struct.unpack(pattern, bytes.fromhex(bits))[0] for bits in (before, after))
    return one, other


def _named(gone: list[str], added: list[str]) -> str:
    return " and ".join([f"without {name}" for name in gone] + [f"with {name} besides" for name in added])


def _another(place: str, before: Any, after: Any) -> Difference:
    """Two objects that stand elsewhere too; numbers are each side's own, and may be the same by chance."""
    shown = render(after) if render(after) != render(before) else "another one than that"
    return Difference(place=place, before=render(before), after=shown)


def _here(place: str, before: Any, after: Any) -> Difference:
    return Difference(place=place, before=render(before), after=render(after))
