"""Which of many followed calls is worth showing: the first that ends otherwise than on the unchanged code."""

from collections import Counter
from dataclasses import dataclass

from tools.trace.calls import Trace, TracedCall


@dataclass(frozen=True, kw_only=True)
class Picked:
    """One call, and why it was chosen."""

    call: TracedCall
    of: int
    """How many calls of the same function were followed."""
    before: TracedCall | None = None
    """The same call on the unchanged code, where it is known and ended otherwise."""
    misled: bool = False
    """Already its arguments are not what they were, so that something before it went wrong."""


def pick(now: Trace, before: Trace | None) -> Picked | None:
    """The first call, as they ended, with the same arguments and another end; else the first with other arguments; else
    the last that raised; else the last. None where none was followed."""
    if not now.calls:
        return None
    counts = Counter(call.name for call in now.calls)
    earlier = _by_turn(before) if before is not None else {}
    misled: Picked | None = None
    for turn, call in _by_turn(now).items():
        was = earlier.get(turn)
        if was is None or "unfinished" in (was.ending, call.ending) or _end(was) == _end(call):
            continue
        found = Picked(call=call, of=counts[call.name], before=was, misled=was.arguments != call.arguments)
        if not found.misled:
            return found
        misled = misled or found
    if misled is not None:
        return misled
    raised = [call for call in now.calls if call.ending == "raised"]
    call = (raised or now.calls)[-1]
    return Picked(call=call, of=counts[call.name])


def _by_turn(trace: Trace) -> dict[tuple[str, int], TracedCall]:
    """Calls by name and by when they began among those of the name, in the order in which they ended."""
    turns: dict[int, tuple[str, int]] = {}
    counts: Counter[str] = Counter()
    for call in sorted(trace.calls, key=lambda one: one.number):
        counts[call.name] += 1
        turns[call.number] = (call.name, counts[call.name])
    return {turns[call.number]: call for call in trace.calls}


def _end(call: TracedCall) -> tuple[str, str, tuple[str, ...]]:
    return call.ending, call.value, call.items
