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


class _OutOfTrials(Exception):
    """Time, trials or deaths are used up."""


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
    pair = _Pair(reference, candidate, workload, comparison, pool, hash_seed)
    with pair.opened():
        first = pair.differ(case)
        if first is None:
            return None
        smallest = _shrunk(pair, case, first)
    # The processes above have seen hundreds of calls: only what fresh ones repeat is shown.
    for case_found in dict.fromkeys([smallest, case]):
        pair = _Pair(reference, candidate, workload, comparison, pool, hash_seed)
        again = _Pair(reference, reference, workload, comparison, pool, hash_seed)
        with pair.opened(), again.opened():
            found, repeated = pair.differ(case_found), again.differ(case_found)
        if found is not None and repeated is None:
            return replace(found, case=case_found)
    return None


def _shrunk(pair: "_Pair", case: Case, first: Smallest) -> Case:
    """Greedy: from the large reductions to the small, from the start again after the last one, until none is left."""
    kept, number = case, 0
    try:
        count, changed = pair.count(kept), False
        while len(kept.reductions) < MOST_STEPS:
            if number >= count:
                if not changed:
                    break
                number, changed = 0, False
                continue
            tried = replace(kept, reductions=(*kept.reductions, number))
            found = pair.differ(tried)
            if found is None or pair.kinds(found) != pair.kinds(first):
                number += 1
                continue
            kept, changed = tried, True
            count = pair.count(kept)
    except _OutOfTrials:
        pass
    return kept


class _Pair:
    """A process of each side, asked about one case after the other."""

    def __init__(
        self,
        reference: Side,
        candidate: Side,
        workload: Workload,
        comparison: Comparison,
        pool: tuple[Constant, ...],
        hash_seed: int,
    ) -> None:
        self._sides = (reference, candidate)
        self._workload = workload
        self._comparison = comparison
        self._pool = list(pool)
        self._hash_seed = hash_seed
        self._deadline_s = 0.0
        self._trials = 0
        self._deaths = 0
        self._sessions: list[DriverSession] = []
        self._stack = ExitStack()

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Both processes, for as long as this lasts."""
        with self._stack:
            self._open()
            self._deadline_s = time.monotonic() + BUDGET_S
            yield

    def count(self, case: Case) -> int:
        """How many reductions there are of a case's input."""
        return int(self._sessions[0].ask("reductions", item=case.sent, pool=self._pool)["count"])

    def differ(self, case: Case) -> Smallest | None:
        """How the sides differ on a case, None where they do not or the reference cannot run it."""
        self._trials += 1
        if self._trials > MOST_TRIALS or time.monotonic() > self._deadline_s or self._deaths > MOST_DEATHS:
            raise _OutOfTrials
        before, after = (self._ask(place, case) for place in range(2))
        if before.seen is None or "digest" not in before.seen:
            return None
        if after.seen is not None and after.seen.get("digest") == before.seen["digest"]:
            return None
        text = self._comparison.calls(before.seen, after)
        return Smallest(case=case, text=text, input=before.seen["input"]) if text else None

    @staticmethod
    def kinds(found: Smallest) -> tuple[bool, ...]:
        """What must not change while an input shrinks: which side raises, and whether a process ends."""
        return (
            "before raises" in found.text,
            "now raises" in found.text,
            "the process" in found.text,
            "no answer in time" in found.text,
            found.text.startswith("the arguments"),
        )

    def _ask(self, place: int, case: Case) -> Answer:
        session = self._sessions[place]
        try:
            request = {
                "item": case.sent,
                "manner": case.manner,
                "pool": self._pool,
                "limit_s": CALL_LIMIT_S,
                "show": True,
            }
            return Answer(seen=session.ask("observe", timeout_s=CALL_LIMIT_S * 3 + 2, **request))
        except TargetFailed as error:
            if session.alive:
                return Answer(failure=str(error))
            self._deaths += 1
            self._stack.close()
            self._open()
            return Answer(death=str(error))

    def _open(self) -> None:
        self._sessions = [
            self._stack.enter_context(side.session(self._workload, hash_seed=self._hash_seed)) for side in self._sides
        ]
