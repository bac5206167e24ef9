"""Takes pairs: two fresh sandboxed processes on the same fresh inputs, the clock read by us, outputs compared.

The order within a pair is random; the hash seed is random and shared by the pair; both sides run on the same core,
which is locked for the pair. What was timed is what was checked: every pair's outputs are compared, and a difference
ends the measuring.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tools.measure.batches import Item, Plan
from tools.measure.cores import CoreLocks
from tools.measure.pairs import Pair, Sample, Window
from tools.sandbox.contract import Reading
from tools.workload.session import DriverSession, Side, TargetFailed
from tools.workload.workload import WorkloadKind


class OutputsDiffer(Exception):
    """Both sides ran the same batch, drawn from `seed`, and returned different things."""

    def __init__(self, text: str, *, seed: int) -> None:
        super().__init__(text)
        self.seed = seed


class CandidateBroke(Exception):
    """The candidate's process failed where the reference's did not; says how."""


class ReferenceBroke(Exception):
    """The reference's process failed: nothing can be said about the candidate."""


def _window(start: Reading, end: Reading) -> Window:
    return Window(
        wall_s=end.wall_s - start.wall_s,
        cpu_s=None if end.cpu_s is None or start.cpu_s is None else end.cpu_s - start.cpu_s,
        waited_s=None if end.waited_s is None or start.waited_s is None else end.waited_s - start.waited_s,
    )


_Taken = tuple[Sample, Mapping[str, Any]]
"""A sample, and by group what was read back whole of its outputs."""


@dataclass(frozen=True, kw_only=True)
class Sampler:
    """Everything that the pairs of one candidate have in common."""

    reference: Side
    candidate: Side
    plans: tuple[Plan, ...]
    cores: CoreLocks
    agree: Callable[[Plan, Any, Any], str | None]
    """Compares the outputs of one group that did not match to the byte; None when they are the same all the same."""

    def pairs(self, seed: int, on_pair: Callable[[int], None] = lambda _: None) -> Iterator[Pair]:
        """An endless stream of pairs, all drawn from `seed`.

        Raises OutputsDiffer, CandidateBroke, ReferenceBroke.
        """
        rng = random.Random(seed)
        count = 0
        while True:
            pair_seed = rng.randrange(1 << 62)
            with self.cores.take() as core:
                pair = self._pair(pair_seed, core, reference_first=rng.random() < 0.5)
            count += 1
            on_pair(count)
            yield pair

    def again(self, pair: Pair) -> Pair:
        """Another pair on the inputs of an earlier one; raises as `pairs` does."""
        with self.cores.take() as core:
            return self._pair(pair.seed, core, reference_first=not pair.reference_first)

    def _pair(self, seed: int, core: int, *, reference_first: bool) -> Pair:
        taken: dict[bool, _Taken] = {}
        for is_reference in (reference_first, not reference_first):
            side = self.reference if is_reference else self.candidate
            try:
                taken[is_reference] = self._sample(side, seed, core)
            except TargetFailed as error:
                raise (ReferenceBroke if is_reference else CandidateBroke)(str(error)) from error
        before, after = taken[True][0], taken[False][0]
        self._compare(seed, core, taken[True], taken[False])
        return Pair(reference=before, candidate=after, reference_first=reference_first, seed=seed)

    def _sample(self, side: Side, seed: int, core: int) -> _Taken:
        windows: dict[str, Window] = {}
        outputs: dict[str, str] = {}
        shown: dict[str, Any] = {}
        whole_wall_s, whole_cpu_s, peak = 0.0, 0.0, 0
        for plan in self.plans:
            with side.session(plan.workload, hash_seed=seed % (1 << 32), core=core) as session:
                batches = plan.batches(seed)
                prepared = {name: self._prepare(session, name, items) for name, items in batches.items()}
                for name in batches:
                    answer, start, end = session.timed("run", group=name)
                    windows[name] = _window(start, end)
                    outputs[name] = f"{prepared[name]} {answer['digest']}"
                    shown[name] = self._shown(session, plan, name, batches[name])
                finished = session.close()
            whole_wall_s += finished.wall_s
            whole_cpu_s += finished.cpu_s or 0.0
            peak = max(peak, finished.peak_memory_bytes or 0)
        cpu = whole_cpu_s if all(window.cpu_s is not None for window in windows.values()) else None
        sample = Sample(
            windows=windows,
            whole=Window(wall_s=whole_wall_s, cpu_s=cpu),
            peak_memory_bytes=peak or None,
            outputs=outputs,
        )
        return sample, shown

    @staticmethod
    def _prepare(session: DriverSession, name: str, items: Sequence[Item]) -> str:
        return str(session.ask("prepare", group=name, items=items, commands=items)["digest"])

    @staticmethod
    def _shown(session: DriverSession, plan: Plan, name: str, items: Sequence[Item]) -> Any:
        """What must be read back whole to be compared: a command's effects, outputs that `equal` looks at."""
        if plan.workload.kind is WorkloadKind.COMMAND:
            return session.ask("outputs", group=name, mask=plan.mask)
        if plan.lenient:
            return session.ask("outputs", group=name, first=0, most=len(items))["outputs"]
        return None

    def _compare(self, seed: int, core: int, one: _Taken, other: _Taken) -> None:
        (before, before_shown), (after, after_shown) = one, other
        for plan in self.plans:
            for name in (group.name for group in plan.groups):
                if before.outputs[name] == after.outputs[name] and before_shown[name] == after_shown[name]:
                    continue
                if before.outputs[name].split()[0] != after.outputs[name].split()[0]:
                    raise OutputsDiffer("both sides made different inputs from one seed", seed=seed)
                if before_shown[name] is None:
                    text = self._look_closer(seed, core, plan, name)
                else:
                    text = self.agree(plan, before_shown[name], after_shown[name])
                if text:
                    raise OutputsDiffer(text, seed=seed)

    def _look_closer(self, seed: int, core: int, plan: Plan, name: str) -> str | None:
        """Run the same batch again on both sides and read the outputs back whole: only their digests are known."""
        shown = []
        for side in (self.reference, self.candidate):
            closer = replace(self, plans=(replace(plan, lenient=True),))
            try:
                shown.append(closer._sample(side, seed, core)[1][name])
            except TargetFailed as error:
                return f"the batch fails when run again: {error}"
        return self.agree(plan, shown[0], shown[1])
