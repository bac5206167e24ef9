"""What one call did on either side, set against each other and put into words."""

from dataclasses import dataclass, field
from typing import Any

from tools.equivalence.compare import Deviation, Walk, difference
from tools.equivalence.own_equal import OwnEqual
from tools.equivalence.render import render

_EFFECTS = {
    "random state": "the random numbers drawn from `random` are not the same, so what the caller draws next is another",
    "NumPy's random state": "the random numbers drawn from `numpy.random` are not the same",
}
_MANNERS = {
    "spoiled": ", called again after the caller changed the first result in place",
    "changed": ", called again after the caller changed the arguments in place",
    "unasked": ", before an item of the result is asked for",
    "first": ", after the first item of the result",
    "late": ", its arguments changed in place before the result's items are drawn",
}


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What one side did with one case."""

    seen: dict[str, Any] | None = None
    """The driver's answer, where there is one."""
    death: str | None = None
    """How its process ended in it."""
    failure: str | None = None
    """Why the input could not be made."""

    @property
    def nothing(self) -> bool:
        """Whether the case was never reached."""
        return self.seen is None and self.death is None and self.failure is None


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """When two answers are the same."""

    tolerance: float = 0.0
    equal: OwnEqual | None = None
    deviation: Deviation = field(default_factory=Deviation)
    """What the tolerance let pass in all of its comparisons."""

    def calls(self, before: dict[str, Any], after: Answer) -> str | None:
        """How the candidate's call differs, in words; None where it does not, or where too little was shown."""
        if "seen" not in before:
            return None
        was = render(before["seen"][-1]["returned"])
        if after.death is not None:
            return f"before {was}, now the process {after.death.splitlines()[0]}"
        if after.failure is not None:
            return f"before {was}, now the input cannot be made: {after.failure}"
        if after.seen is None:
            return None
        if after.seen.get("slow"):
            return f"before {was}, now no answer in time"
        if "unseen" in after.seen:
            return f"before {was}, now {after.seen['unseen']}"
        for one, other in zip(before["seen"], after.seen.get("seen", ()), strict=False):
            walk = Walk(self.tolerance, self.deviation)
            text = self._returned(walk, one, other) or _arguments(walk, one, other) or _effects(one, other)
            if text:
                return text
        return None

    def states(self, before: dict[str, Any], after: dict[str, Any], watched: frozenset[str]) -> str | None:
        """How public data of the project's modules differs after the call; names only the candidate has are its own."""
        for name in sorted(set(before) | (set(after) & watched)):
            one, other = before.get(name, ["unchanged"]), after.get(name, ["unchanged"])
            if found := difference(one, other, self.tolerance, self.deviation):
                return f"the module's data {name} after the call: {found}"
        return None

    def _returned(self, walk: Walk, one: dict[str, Any], other: dict[str, Any]) -> str | None:
        found = walk.difference(one["returned"], other["returned"])
        if self.equal and one["returned"][0] == other["returned"][0] == "returned":
            if found is None or self.equal.holds(one["returned"][1], other["returned"][1]):
                return None
            return f"equal(before, now) does not hold: {found}"
        return _in_words("", found)


def manner_in_words(manner: str) -> str:
    """What the caller did besides the call, as it continues "for input (...)"."""
    return _MANNERS.get(manner, "")


def _arguments(walk: Walk, one: dict[str, Any], other: dict[str, Any]) -> str | None:
    for key in ("arguments", "arguments after the result was changed"):
        if key not in one or key not in other:
            continue
        # What the result and the arguments share was numbered in one go, so it is walked in one go, too.
        found = walk.difference(
            *(["tuple", [["tuple", args], ["named", kwargs]]] for args, kwargs in (one[key], other[key]))
        )
        if found:
            return f"the {key if key != 'arguments' else 'arguments after the call'}: {found}"
        walk = Walk(walk.tolerance, walk.deviation)
    return None


def _in_words(what: str, found: object) -> str | None:
    return f"{what}{found}" if found else None


def _effects(one: dict[str, Any], other: dict[str, Any]) -> str | None:
    before, after = one["effects"], other["effects"]
    if before == after:
        return None
    for name in sorted(set(before) | set(after)):
        if before.get(name) != after.get(name):
            return _EFFECTS.get(
                name, f"{name}: before {str(before.get(name, ''))[:200]!r}, now {str(after.get(name, ''))[:200]!r}"
            )
    return "its effects differ"
