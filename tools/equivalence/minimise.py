"""A counter-example made as small as it gets: reductions of its input are kept while both sides still differ on it."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any

from tools.equivalence.calls import Answer, Comparison
from tools.equivalence.cases import Case
from tools.equivalence.constants import Constant
from tools.workload.session import DriverSession, Side, TargetFailed
from tools.workload.workload import Workload

BUDGET_S = 3.0
MOST_TRIALS = 600
MOST_STEPS = 60
MOST_DEATHS = 3
CALL_LIMIT_S = 0.5


@dataclass(frozen=True, kw_only=True)
class Smallest:
    """A case whose input could not be made smaller, and how both sides differ on it."""

    case: Case
    text: str
    input: Any
    """As encoded by the driver: (args, kwargs)."""
    digest: str
    """Of what the reference did."""


def minimise(
    reference: Side,
    candidate: Side,
    workload: Workload,
    case: Case,
    comparison: Comparison,
    pool: tuple[Constant, ...],
    hash_seed: int,
) -> Smallest | None:
    """The smallest case found within the budget on which fresh processes of both sides differ.

    None where they do not differ on this one call alone, as when the difference lies in what earlier calls left behind.
    """
    pair = _Pair((reference, candidate), workload, comparison, pool, hash_seed)
    with pair.opened():
        first = pair.differ(case)
        if first is None:
            return None
        smallest = _shrunk(pair, case, first)
    # The processes above have seen hundreds of calls: only what fresh ones repeat is shown.
    for found_case in dict.fromkeys([smallest, case]):
        pair = _Pair((reference, candidate), workload, comparison, pool, hash_seed)
        with pair.opened():
            found = pair.differ(found_case)
        with pair.opened():
            if found is not None and pair.repeats(found):
                return found
    return None


def _shrunk(pair: "_Pair", case: Case, first: Smallest) -> Case:
    """Greedy: from the large reductions to the small, from the start again after the last one, until none is left."""
    deadline_s = time.monotonic() + BUDGET_S
    kept, number, trials, changed = case, 0, 0, False
    count = pair.count(kept)
    while trials < MOST_TRIALS and time.monotonic() < deadline_s and pair.deaths <= MOST_DEATHS:
        if number >= count:
            if not changed:
                break
            number, changed = 0, False
            continue
        tried = replace(kept, reductions=(*kept.reductions, number))
        found = pair.differ(tried)
        trials += 1
        if found is None or _kinds(found) != _kinds(first):
            number += 1
            continue
        kept, changed = tried, True
        count = pair.count(kept)
        if len(kept.reductions) >= MOST_STEPS:
            break
    return kept


def _kinds(found: Smallest) -> tuple[bool, ...]:
    """What must not change while an input shrinks: which side raises, and whether a process ends."""
    return (
        "before raises" in found.text,
        "now raises" in found.text,
        "the process" in found.text,
        "no answer in time" in found.text,
        found.text.startswith("the arguments"),
    )


class _Pair:
    """A process of each side, asked about one case after the other."""

    def __init__(
        self,
        sides: tuple[Side, Side],
        workload: Workload,
        comparison: Comparison,
        pool: tuple[Constant, ...],
        hash_seed: int,
    ) -> None:
        self._sides = sides
        self._workload = workload
        self._comparison = comparison
        self._pool = list(pool)
        self._hash_seed = hash_seed
        self._sessions: dict[int, DriverSession] = {}
        self._stack = ExitStack()
        self.deaths = 0
        """Processes that ended in a call."""

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Room for both processes; each is started when it is first asked."""
        self._sessions.clear()
        with self._stack:
            yield

    def count(self, case: Case) -> int:
        """How many reductions there are of a case's input."""
        return int(self._session(0).ask("reductions", item=case.sent, pool=self._pool)["count"])

    def differ(self, case: Case) -> Smallest | None:
        """How the sides differ on a case, None where they do not or the reference cannot run it."""
        before = self._ask(0, case)
        if before.seen is None or "digest" not in before.seen:
            return None
        after = self._ask(1, case)
        digest = before.seen["digest"]
        if after.seen is not None and after.seen.get("digest") == digest:
            return None
        text = self._comparison.calls(before.seen, after)
        return Smallest(case=case, text=text, input=before.seen["input"], digest=digest) if text else None

    def repeats(self, found: Smallest) -> bool:
        """Whether the reference does the same once more."""
        seen = self._ask(0, found.case).seen
        return seen is not None and seen.get("digest") == found.digest

    def _session(self, place: int) -> DriverSession:
        if place not in self._sessions or not self._sessions[place].alive:
            opened = self._sides[place].session(self._workload, hash_seed=self._hash_seed)
            self._sessions[place] = self._stack.enter_context(opened)
        return self._sessions[place]

    def _ask(self, place: int, case: Case) -> Answer:
        session = self._session(place)
        asked = {"item": case.sent, "manner": case.manner, "pool": self._pool, "show": True}
        try:
            return Answer(seen=session.ask("observe", limit_s=CALL_LIMIT_S, timeout_s=CALL_LIMIT_S * 3 + 2, **asked))
        except TargetFailed as error:
            if session.alive:
                return Answer(failure=str(error))
            self.deaths += 1
            return Answer(death=str(error))
