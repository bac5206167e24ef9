"""One edit before the judge: the impacted tests and the comparison of behaviour, each whatever the other says."""

import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from agent.baseline import Baseline, prepare
from agent.bench import Bench, Plans
from agent.domain import UNCHANGED, Candidate, Job, Origin
from agent.evidence import Compared, Tested
from agent.kit import Kit
from agent.probes.equivalence import same_behaviour
from agent.probes.tests import on_impacted
from benchmarks.wrong_edits.edits import Edit, patch_of
from storage.store import open_store
from tools.profile.source import Function
from workers.settings import read_settings
from workers.wiring import wire


class Silence:
    """A progress that nobody watches."""

    def phase(self, name: str, detail: str = "") -> None: ...
    def note(self, text: str) -> None: ...
    def candidate(self, candidate: object, activity: str) -> None: ...
    def verdict(self, candidate: object, verdict: object) -> None: ...
    def spent(self, spend: object) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """One project, ready to judge edits of it."""

    job: Job
    kit: Kit
    baseline: Baseline
    plans: Plans

    def bench(self, edit: Edit, number: int) -> Bench:
        """The edit beside the unchanged code; its inputs are drawn from the job's seed and the number."""
        candidate = Candidate(
            number=number,
            patch=patch_of(self.baseline.snapshot.tree, edit),
            parents=(UNCHANGED.number,),
            origin=Origin.PERSON,
            summary=edit.why,
        )
        return Bench(
            kit=self.kit,
            job=self.job,
            baseline=self.baseline,
            parent=UNCHANGED,
            candidate=candidate,
            plans=self.plans,
        )


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What came of one edit."""

    edit: Edit
    tests: str | None
    """How the tests reject it; None where they pass."""
    counter_example: str | None
    """The input that equivalence rejects it with."""
    cheat: str | None
    not_reached: tuple[str, ...]
    cases: int
    tests_s: float
    equivalence_s: float
    searched: str | None = None
    """What a much longer search found where neither probe had found anything."""

    @property
    def rejected(self) -> bool:
        """Whether a candidate like it is never kept."""
        return bool(self.tests or self.counter_example or self.cheat or self.not_reached or not self.cases)

    @property
    def shown(self) -> bool:
        """Whether anything shows that it changes behaviour."""
        return bool(self.tests or self.counter_example or self.cheat or self.searched)

    def with_search(self, found: str | None) -> "Judged":
        """The same, with what the longer search found."""
        return replace(self, searched=found)

    def plain(self) -> dict[str, object]:
        """Plain JSON."""
        return asdict(self)


@contextmanager
def prepared(tree: Path, home: Path, edits: Sequence[Edit], seed: int) -> Iterator[Prepared]:
    """The project's baseline, with the calls of the functions that the edits change recorded."""
    settings = read_settings().model_copy(update={"home": home})
    job = Job(id=secrets.token_hex(6), source=str(tree), seed=seed, created=datetime.now(UTC))
    first: Sequence[Function] = tuple(dict.fromkeys(edit.target for edit in edits))
    with open_store(settings.home) as store:
        store.jobs.create(job)
        kit = wire(settings, job, Silence(), store)
        yield Prepared(job=job, kit=kit, baseline=prepare(job, kit, lambda _: first), plans={})


def judged(project: Prepared, edit: Edit, number: int) -> Judged:
    """Both probes on one edit."""
    bench = project.bench(edit, number)
    started_s = time.monotonic()
    tested: Tested = on_impacted(bench)
    between_s = time.monotonic()
    compared: Compared = same_behaviour(bench)
    return Judged(
        edit=edit,
        tests="; ".join(tested.problems[:1]) or getattr(tested, "cheat", None),
        counter_example=compared.difference,
        cheat=compared.cheat,
        not_reached=compared.not_reached,
        cases=compared.cases,
        tests_s=between_s - started_s,
        equivalence_s=time.monotonic() - between_s,
    )
