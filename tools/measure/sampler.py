"""Takes pairs: two fresh sandboxed processes on the same fresh inputs, the clock read by us, outputs compared.

The order within a pair is random; the hash seed is random and shared by the pair; both sides run on the same core,
which is locked for the pair. What was timed is what was checked: every pair's outputs are compared, and a difference
ends the measuring.
"""

import hashlib
import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tools.measure.batches import Group, Item, Plan
from tools.measure.cores import CoreLocks
from tools.measure.pairs import Pair, Sample, Window
from tools.sandbox.contract import Reading
from tools.workload.session import DriverSession, Names, Side, TargetFailed, TargetForged
from tools.workload.workload import WorkloadKind

MOST_COMPARED_ARGUMENTS = 100
"""Of a batch whose arguments only the encoder can describe: those looked at after the calls, chosen at random."""


class OutputsDiffer(Exception):
    """Both sides ran the same batch, drawn from `seed`, and returned different things."""

    def __init__(self, text: str, *, seed: int) -> None:
        super().__init__(text)
        self.seed = seed


class CandidateCheated(Exception):
    """The candidate's process did what no honest one does; says what."""


class CandidateBroke(Exception):
    """The candidate's process failed where the reference's did not; says how."""


class ReferenceBroke(Exception):
    """The reference's process failed: nothing can be said about the candidate."""


def _window(start: Reading, end: Reading, ended_waited_s: float) -> Window:
    waited_s = None if end.waited_s is None or start.waited_s is None else end.waited_s - start.waited_s
    return Window(
        wall_s=end.wall_s - start.wall_s,
        cpu_s=None if end.cpu_s is None or start.cpu_s is None else end.cpu_s - start.cpu_s,
        waited_s=None if waited_s is None else waited_s + ended_waited_s,
    )


def _waited_s(plan: Plan, answer: Mapping[str, Any]) -> float:
    """How long a command's processes, which have ended, waited for a processor; it is not the target that says so."""
    return float(answer.get("waited_s", 0.0)) if plan.workload.kind is WorkloadKind.COMMAND else 0.0


@dataclass(frozen=True, kw_only=True)
class _Answers:
    """What one side answered about one group's batch, besides the time it took."""

    made: str
    """Digest of the inputs."""
    outputs: str
    arguments: str
    """Digest of the arguments after the calls."""
    printed: int = 0
    files: int = 0
    looks: tuple[str, ...] = ()
    """What it looked at besides its own data, where it runs under other names."""
    shown: Any = None
    """Read back whole: a command's effects, or {outputs, arguments} encoded."""


_Taken = tuple[Sample, Mapping[str, _Answers]]


@dataclass(frozen=True, kw_only=True)
class Sampler:
    """Everything that the pairs of one candidate have in common."""

    reference: Side
    candidate: Side
    plans: tuple[Plan, ...]
    cores: CoreLocks
    agree: Callable[[Plan, Any, Any], str | None]
    """Compares what was read back of one group on both sides; None when it is the same, else a sentence."""
    _closer: set[str] = field(default_factory=set)
    """Groups whose digests differ where their values may not: they are read back whole from then on."""

    def pairs(self, seed: int, on_pair: Callable[[int], None] = lambda _: None) -> Iterator[Pair]:
        """An endless stream of pairs, all drawn from `seed`.

        Raises OutputsDiffer, CandidateCheated, CandidateBroke, ReferenceBroke.
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

    def reference_outputs(self, pair: Pair) -> Mapping[str, str]:
        """What the reference returns on the inputs of an earlier pair, as `Sample.outputs` says it, with all that was
        read back.

        Raises ReferenceBroke.
        """
        try:
            with self.cores.take() as core:
                sample, answers = self._sample(self.reference, pair.seed, core)
        except TargetFailed as error:
            raise ReferenceBroke(str(error)) from error
        shown = {name: json.dumps(answer.shown) for name, answer in answers.items() if answer.shown is not None}
        return {name: f"{outputs} {shown.get(name, '')}".strip() for name, outputs in sample.outputs.items()}

    def _pair(self, seed: int, core: int, *, reference_first: bool) -> Pair:
        taken: dict[bool, _Taken] = {}
        for is_reference in (reference_first, not reference_first):
            side = self.reference if is_reference else self.candidate
            try:
                taken[is_reference] = self._sample(side, seed, core)
            except TargetForged as error:
                raise (ReferenceBroke if is_reference else CandidateCheated)(str(error)) from error
            except TargetFailed as error:
                raise (ReferenceBroke if is_reference else CandidateBroke)(str(error)) from error
        (before, ours), (after, theirs) = taken[True], taken[False]
        unclear = {
            group.name for plan in self.plans for group in plan.groups if self._unclear(plan, group, ours, theirs, seed)
        }
        if unclear:  # what was timed must be what was read back: the pair is taken again
            self._closer.update(unclear)
            return self._pair(seed, core, reference_first=reference_first)
        return Pair(reference=before, candidate=after, reference_first=reference_first, seed=seed)

    def _sample(self, side: Side, seed: int, core: int) -> _Taken:
        windows: dict[str, Window] = {}
        first: dict[str, Window] = {}
        answers: dict[str, _Answers] = {}
        whole_wall_s, whole_cpu_s, peak = 0.0, 0.0, 0
        for plan in self.plans:
            looks = side.under is not Names.USUAL
            with side.session(plan.workload, hash_seed=seed % (1 << 32), core=core, looks=looks) as session:
                batches = plan.batches(seed)
                made = {name: self._prepare(session, plan, name, items) for name, items in batches.items()}
                for name in batches:
                    timed = self._timed(session, plan, name, made[name][1])
                    windows[name] = timed[-1][1]
                    if len(timed) > 1:
                        first[name] = timed[0][1]
                    digest = " ".join(digest for digest, _ in timed)
                    answers[name] = self._answers(session, plan, name, made[name], digest, seed)
                finished = session.close()
            whole_wall_s += finished.wall_s
            whole_cpu_s += finished.cpu_s or 0.0
            peak = max(peak, finished.peak_memory_bytes or 0)
        cpu = whole_cpu_s if all(window.cpu_s is not None for window in windows.values()) else None
        sample = Sample(
            windows=windows,
            whole=Window(wall_s=whole_wall_s, cpu_s=cpu),
            peak_memory_bytes=peak or None,
            outputs={name: f"{answer.made} {answer.outputs}" for name, answer in answers.items()},
            first=first,
        )
        return sample, answers

    def _timed(self, session: DriverSession, plan: Plan, name: str, items: int) -> list[tuple[str, Window]]:
        """(digest, window) of the batch; where it has enough calls, of the first one, cold, and of the rest, warm."""
        slices = [(0, 1), (1, items - 1)] if plan.first_apart(items) else [(0, items)]
        timed = []
        for start, most in slices:
            encoded = plan.lenient or name in self._closer
            answer, begun, ended = session.timed("run", group=name, first=start, most=most, encoded=encoded)
            timed.append((str(answer["digest"]), _window(begun, ended, _waited_s(plan, answer))))
        return timed

    @staticmethod
    def _prepare(session: DriverSession, plan: Plan, name: str, items: Sequence[Item]) -> tuple[str, int]:
        """(digest of the inputs, how many there are)."""
        answer = session.ask("prepare", group=name, items=items, commands=items, distinct=plan.distinct)
        return str(answer["digest"]), min(len(items), int(answer["count"]))

    def _answers(
        self, session: DriverSession, plan: Plan, name: str, made: tuple[str, int], digest: str, seed: int
    ) -> _Answers:
        inputs, count = made
        if plan.workload.kind is WorkloadKind.COMMAND:
            effects = session.ask("outputs", group=name, mask=plan.mask)
            return _Answers(made=inputs, outputs=digest, arguments="", shown=effects)
        closer = name in self._closer
        chosen = random.Random(~seed).sample(range(count), min(count, MOST_COMPARED_ARGUMENTS))
        after = session.ask("after", group=name, chosen=chosen, show=closer)
        shown: dict[str, Any] | None = None
        if plan.lenient or closer:
            outputs = session.ask("outputs", group=name, first=0, most=count)["outputs"]
            if digest != _digest_of(outputs, apart=plan.first_apart(count)):
                raise TargetForged("returned other results than it showed afterwards")
            shown = {"outputs": outputs, "arguments": after.get("shown")}
        return _Answers(
            made=inputs,
            outputs=digest,
            arguments=str(after["arguments"]),
            printed=int(after["printed"]),
            files=int(after["files"]),
            looks=tuple(session.ask("looks")["looks"]) if session.watches_looks else (),
            shown=shown,
        )

    def _unclear(
        self, plan: Plan, group: Group, ours: Mapping[str, _Answers], theirs: Mapping[str, _Answers], seed: int
    ) -> bool:
        """Whether a group must be read back whole to be compared; raises OutputsDiffer where it differs for certain."""
        before, after = ours[group.name], theirs[group.name]
        if looks := [look for look in after.looks if look not in before.looks]:
            raise CandidateCheated(f"it looks at more than its own data: {'; '.join(looks[:3])}")
        if before.made != after.made:
            raise OutputsDiffer("both sides made different inputs from one seed", seed=seed)
        if before.printed != after.printed:
            raise OutputsDiffer(f"lines printed: before {before.printed}, now {after.printed}", seed=seed)
        if before.files != after.files:
            raise OutputsDiffer(f"files left in /tmp: before {before.files}, now {after.files}", seed=seed)
        same = (before.outputs, before.arguments) == (after.outputs, after.arguments)
        if plan.workload.kind is not WorkloadKind.COMMAND:
            if same:
                return False
            if group.name not in self._closer and (not plan.lenient or before.arguments != after.arguments):
                return True
        if (not same or before.shown != after.shown) and (text := self.agree(plan, before.shown, after.shown)):
            raise OutputsDiffer(text, seed=seed)
        return False


def _digest_of(outputs: Sequence[Any], *, apart: bool) -> str:
    """What the driver's digests of these encoded outputs must have been."""
    parts = [outputs[:1], outputs[1:]] if apart else [outputs]
    texts = [[json.dumps(output, separators=(",", ":")) for output in part] for part in parts]
    dumped = [json.dumps(part, separators=(",", ":")).encode() for part in texts]
    return " ".join(hashlib.blake2b(data, digest_size=16).hexdigest() for data in dumped)
