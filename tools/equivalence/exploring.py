"""Fresh inputs found by running the changed functions: those that take them somewhere new, on either side."""

import re
from collections.abc import Mapping, Sequence

from tools.equivalence.cases import Case
from tools.equivalence.constants import Constant
from tools.workload.session import DriverSession, Side, TargetFailed
from tools.workload.workload import Workload, WorkloadKind

_STEP = r"(edge|wild|retyped( [A-Za-z,]*)?)(:\d{1,20})?|put:[0-9a-f]{1,4000}"
_HOW = re.compile(f"({_STEP})(>({_STEP})){{0,5}}")
ROUNDS = 6
ROUND_S = 0.25
TRIES_PER_ROUND = 400
LEAST_NEW = 3
"""A round that finds fewer is the last."""
MOST_EXPLORED = 240


class Explorer:
    """Explores one workload on one side after the other; what it finds makes no verdict.

    Both sides are compared on it like on any other input.
    """

    def __init__(
        self,
        workload: Workload,
        functions: Mapping[str, Sequence[str]],
        seed: int,
        pool: Sequence[Constant],
        types: str,
    ) -> None:
        self._recorded = workload.kind is WorkloadKind.CALLS
        self._functions = functions
        self._seed = seed
        self._pool = list(pool)
        self._types = types

    def side(self, side: Side, workload: Workload) -> list[Case]:
        """Cases that show something new of the functions, in a process of its own; none where it does not open."""
        if not self._recorded:
            return []
        try:
            with side.session(workload, hash_seed=self._seed % (1 << 32)) as session:
                return self.session(session)
        except TargetFailed:
            return []

    def session(self, session: DriverSession) -> list[Case]:
        """The same in a process that is open; its code is another from here on."""
        cases: list[Case] = []
        for _ in range(ROUNDS if self._recorded else 0):
            try:
                found = self._round(session)
            except (TargetFailed, TypeError, ValueError):
                break  # an input that takes too long; what was found until then is as good
            cases += found
            if len(found) < LEAST_NEW:
                break
        return cases[:MOST_EXPLORED]

    def _round(self, session: DriverSession) -> list[Case]:
        answer = session.ask(
            "explore",
            functions=self._functions,
            types=self._types,
            seed=self._seed,
            seconds=ROUND_S,
            most=TRIES_PER_ROUND,
            pool=self._pool,
            timeout_s=ROUND_S * 4 + 2,
        )
        return [
            Case(item=(int(index), int(seed), how))
            for index, seed, how in answer["items"]
            if isinstance(how, str) and _HOW.fullmatch(how)
        ]
