"""How long a verdict takes once a project is set up: `python benchmarks/verdict.py [--json FILE]`.

Judges patches of the sample project that end at different steps of the cascade, each against the unchanged code.
"""

import argparse
import json
import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from agent.baseline import prepare
from agent.bench import Bench, Plans
from agent.domain import UNCHANGED, Candidate, Job, Origin
from agent.evaluate import evaluate
from agent.kit import Kit
from storage.store import open_store
from tools.git.patch import make_patch
from workers.settings import read_settings
from workers.wiring import wire

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "examples/shopfloor"
PATCHES = {
    "does not compile": ("costing.py", "    costs = []\n", "    costs = [\n"),
    "fails a test": ("costing.py", "worked * MINUTE_RATE + overhead", "worked + MINUTE_RATE + overhead"),
    "wrong on fresh inputs": ("storing.py", "    outside = []\n", "    outside = []\n    total = sum(levels)\n"),
    "not faster": ("costing.py", "    costs = []\n", "    costs = list()\n"),
    "faster": ("costing.py", "    costs = []\n", "    costs = []\n    total = sum(minutes)\n"),
}


class Silence:
    """A progress that nobody watches."""

    def phase(self, name: str, detail: str = "") -> None: ...
    def note(self, text: str) -> None: ...
    def candidate(self, candidate: object, activity: str) -> None: ...
    def verdict(self, candidate: object, verdict: object) -> None: ...
    def spent(self, spend: object) -> None: ...


def patch_of(tree: Path, name: str) -> str:
    """One of PATCHES as a unified diff from the repository's root."""
    module, old, new = PATCHES[name]
    (path,) = (path for path in tree.rglob(module) if "shopfloor" in path.parts)
    before = path.read_text()
    after = before.replace(old, new)
    if "total = sum" in after:
        after = after.replace("worked / sum(minutes)", "worked / total").replace("if sum(levels)", "if total")
    assert after != before
    relative = path.relative_to(tree).as_posix()
    return make_patch({relative: before.encode()}, {relative: after.encode()})


@contextmanager
def prepared() -> Iterator[tuple[Job, Kit]]:
    """A job on the sample in a home of its own."""
    with tempfile.TemporaryDirectory() as home:
        settings = read_settings().model_copy(update={"home": Path(home)})
        job = Job(id=secrets.token_hex(6), source=str(SAMPLE), created=datetime.now(UTC))
        with open_store(settings.home) as store:
            store.jobs.create(job)
            yield job, wire(settings, job, Silence(), store)


def measure() -> list[tuple[str, str, float]]:
    """(patch, verdict, seconds) for each of PATCHES."""
    rows = []
    with prepared() as (job, kit):
        baseline = prepare(job, kit)
        plans: Plans = {}
        for number, name in enumerate(PATCHES, start=1):
            candidate = Candidate(
                number=number,
                patch=patch_of(baseline.snapshot.tree, name),
                parents=(0,),
                origin=Origin.PERSON,
                summary=name,
            )
            bench = Bench(kit=kit, job=job, baseline=baseline, parent=UNCHANGED, candidate=candidate, plans=plans)
            started_s = time.monotonic()
            verdict, _ = evaluate(bench)
            rows.append((name, str(verdict.outcome), time.monotonic() - started_s))
    return rows


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rows = measure()
    for name, outcome, seconds in rows:
        print(f"{name:<24}{outcome:<18}{seconds:6.1f} s")
    if options.json:
        options.json.write_text(json.dumps(rows, indent=2))


if __name__ == "__main__":
    main()
