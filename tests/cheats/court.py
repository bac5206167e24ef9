"""The victim, prepared once, and its judging."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from entry import NO_GAIN, VICTIM, Entry
from silent import forgetful, silent_job

from agent.baseline import Baseline, prepare
from agent.bench import Bench, Plans
from agent.domain import UNCHANGED, Candidate, Job, Origin, Verdict
from agent.evaluate import DELIVERY, Cascade, evaluate
from agent.kit import Kit
from agent.probes import timing
from agent.probes.equivalence import same_behaviour
from tools.git.patch import make_patch
from tools.workload.workload import command_workload, file_workload

UNHURRIED = tuple((activity, probe) for activity, probe in DELIVERY if probe is not timing.screen)
"""The cascade of a delivery without the glance at time, which may turn a cheat that saves nothing away unnamed."""
UNTIMED = UNHURRIED[: [probe for _, probe in UNHURRIED].index(same_behaviour) + 1]
"""That cascade up to the whole comparison of behaviour."""


@dataclass
class Court:
    """Judges entries against the unchanged victim."""

    job: Job
    kit: Kit
    baseline: Baseline
    home: Path
    plans: Plans = field(default_factory=dict)
    judged: int = 0

    def judge(self, entry: Entry, *, whole: bool = False) -> Verdict:
        """The verdict on an entry; on one that need not be timed, what the cascade says before."""
        self.judged += 1
        candidate = Candidate(
            number=self.judged,
            patch=self.patch(entry),
            parents=(0,),
            origin=Origin.PERSON,
            summary=entry.id,
        )
        bench = Bench(
            # Every entry is the only candidate of its job: confirmed at the first one's level, no copy of another.
            kit=forgetful(self.kit, self.job),
            job=self.job,
            baseline=self._baseline(entry),
            parent=UNCHANGED,
            candidate=candidate,
            plans=self.plans,
        )
        return evaluate(bench, cascade=DELIVERY if whole else _cascade(entry))[0]

    def patch(self, entry: Entry) -> str:
        """The entry as a diff of the victim."""
        tree = self.baseline.snapshot.tree
        files = entry.files()
        before = {path: (tree / path).read_bytes() if (tree / path).exists() else None for path in files}
        return make_patch(before, files)

    def _baseline(self, entry: Entry) -> Baseline:
        if entry.workload:
            return replace(self.baseline, named=(file_workload(workload_file(entry), self.home),))
        if entry.command:
            return replace(self.baseline, named=(command_workload(entry.command, self.home),))
        return self.baseline


def _cascade(entry: Entry) -> Cascade:
    """What an entry faces in every run."""
    if not entry.whole:
        return UNTIMED
    return DELIVERY if entry.twin or set(NO_GAIN) & set(entry.outcomes) else UNHURRIED


def workload_file(entry: Entry) -> Path:
    """The workload file that the entry names."""
    return VICTIM / "workloads" / entry.workload


def write_victim(folder: Path) -> Path:
    """A copy of the victim to prepare, without what its judges keep for themselves."""
    shutil.copytree(VICTIM, folder, ignore=shutil.ignore_patterns("__pycache__", "workloads", "*.egg-info"))
    return folder


def open_court(source: Path, home: Path, index_env: Mapping[str, str]) -> Court:
    """Prepare the victim at `source`."""
    job, kit = silent_job(source, home, index_env)
    return Court(job=job, kit=kit, baseline=prepare(job, kit), home=home)
