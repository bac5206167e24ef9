"""How long a hopeless candidate is a burden: the whole cascade on a workload of a fifth of a second, after set-up."""

import time
from collections.abc import Callable
from typing import Any

from agent.bench import Bench, Plans
from agent.domain import UNCHANGED, Candidate, Origin, Outcome
from agent.evaluate import evaluate
from benchmarks.measuring.changes import FOLDER
from benchmarks.measuring.prepared import prepared
from tools.git.patch import make_patch

PATH = "pure.py"
HOPELESS = {
    "does not compile": ("        seen = {}\n", "        seen = {\n"),
    "fails a test": ("return 2 * value", "return 3 * value"),
    "wrong on fresh inputs": ("return 2 * value", "return 2 * value if value < 1000 else value + value + 1"),
    "as fast": ("seen.get(letter, 0) + 1", "1 + seen.get(letter, 0)"),
    "a tenth slower": ("\nUNITS = 231\nRARE_UNITS = 231\n", "\nUNITS = 254\nRARE_UNITS = 254\n"),
    "half as fast": ("\nUNITS = 231\nRARE_UNITS = 231\n", "\nUNITS = 462\nRARE_UNITS = 462\n"),
}
"""What is replaced in the subject, by what is wrong with it."""
REPEATS = 5


def measure(say: Callable[[str], None], repeats: int = REPEATS) -> dict[str, Any]:
    """Verdicts and seconds of every hopeless candidate, each judged `repeats` times."""
    found: dict[str, Any] = {name: {"verdicts": [], "seconds": []} for name in HOPELESS}
    with prepared("pure_200ms.py") as (job, kit, baseline):
        plans: Plans = {}
        for number, name in enumerate([*HOPELESS] * repeats, start=1):
            bench = Bench(
                kit=kit,
                job=job,
                baseline=baseline,
                parent=UNCHANGED,
                candidate=_candidate(name, number),
                plans=plans,
            )
            started_s = time.monotonic()
            verdict, _ = evaluate(bench)
            seconds = round(time.monotonic() - started_s, 1)
            found[name]["verdicts"].append(str(verdict.outcome))
            found[name]["seconds"].append(seconds)
            say(f"{name}: {verdict.outcome} after {seconds} s")
            assert verdict.outcome is not Outcome.KEPT
    return found


def _candidate(name: str, number: int) -> Candidate:
    old, new = HOPELESS[name]
    before = (FOLDER / PATH).read_text(encoding="utf-8")
    assert old in before
    return Candidate(
        number=number,
        patch=make_patch({PATH: before.encode()}, {PATH: before.replace(old, new).encode()}),
        parents=(UNCHANGED.number,),
        origin=Origin.PERSON,
        summary=name,
    )
