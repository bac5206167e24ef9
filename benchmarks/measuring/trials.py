"""Runs the experiments, on two processes, and keeps what they found as plain data for the report."""

import json
import math
import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.measuring.experiments import EXPERIMENTS, Covered, Found, JobSeen, Seen, as_recorded
from benchmarks.measuring.sessions import DATA, Session, load

RESULTS = DATA.with_name("results.json")
PROCESSES = 2
CHUNK = 50


@dataclass(frozen=True, kw_only=True)
class Row:
    """Trials that were counted together."""

    trials: int
    screened_in: int
    faster: int
    kept: int
    pairs_median: float
    pairs_most_of: float
    """Nine tenths took at most this many."""
    seconds_median: float
    by_wall_time: int
    """Trials of which some part was decided by wall time."""
    ends: Mapping[str, int]
    """How the trials ended."""


def run(say: Callable[[str], None], seed: int, share: float = 1.0, path: Path = DATA) -> dict[str, Any]:
    """Every experiment on a recording; `share` of its trials, where a glance is enough."""
    recording = load(path)
    found: dict[str, Any] = {
        "machine": dict(recording.machine),
        "taken": recording.taken,
        "seed": seed,
        "sessions": len(recording.sessions),
        "pairs": sum(len(session.pairs) for session in recording.sessions),
        "as recorded": rows(list(as_recorded(recording.sessions))),
    }
    with ProcessPoolExecutor(PROCESSES) as pool:
        for name, (_, trials) in EXPERIMENTS.items():
            chunks = max(1, math.ceil(trials * share / CHUNK))
            work = [(str(path), name, seed + number) for number in range(chunks)]
            seen = [one for chunk in pool.map(_chunk, work) for one in chunk]
            found[name] = described(seen)
            say(f"{name}: {len(seen)} trials")
    return found


def keep(found: Mapping[str, Any], path: Path = RESULTS) -> None:
    """Add what was found to the stored results."""
    stored = stored_results(path)
    stored.update(found)
    path.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")


def stored_results(path: Path = RESULTS) -> dict[str, Any]:
    """The stored results; empty where there are none."""
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def described(seen: Sequence[Found]) -> dict[str, Any]:
    """Plain data of one experiment's trials."""
    jobs = [one for one in seen if isinstance(one, JobSeen)]
    if jobs:
        return {
            "jobs": len(jobs),
            "with any faster": sum(one.faster > 0 for one in jobs),
            "confirmations": sum(one.confirmations for one in jobs) / len(jobs),
        }
    intervals = [one for one in seen if isinstance(one, Covered)]
    if intervals:
        return _coverage(intervals)
    return rows([one for one in seen if isinstance(one, Seen)])


def rows(seen: Sequence[Seen]) -> dict[str, Any]:
    """All trials, and by workload and condition."""
    places = sorted({(one.workload, one.condition) for one in seen}, key=lambda place: (place[1] != "quiet", place))
    return {
        "all": asdict(_row(seen)),
        "by place": {
            f"{workload}, {condition}": asdict(
                _row([one for one in seen if (one.workload, one.condition) == (workload, condition)])
            )
            for workload, condition in places
        },
    }


def _row(seen: Sequence[Seen]) -> Row:
    trials = [one.trial for one in seen]
    pairs = sorted(trial.pairs for trial in trials)
    seconds = sorted(trial.seconds for trial in trials)
    return Row(
        trials=len(trials),
        screened_in=sum(trial.screened_in for trial in trials),
        faster=sum(trial.faster for trial in trials),
        kept=sum(trial.kept for trial in trials),
        pairs_median=pairs[len(pairs) // 2],
        pairs_most_of=pairs[len(pairs) * 9 // 10],
        seconds_median=round(seconds[len(seconds) // 2], 1),
        by_wall_time=sum("wall" in trial.clocks for trial in trials),
        ends=dict(Counter(trial.end for trial in trials).most_common()),
    )


def _coverage(seen: Sequence[Covered]) -> dict[str, Any]:
    def counted(some: Iterable[Covered]) -> dict[str, float]:
        chosen = list(some)
        widths = sorted(one.width for one in chosen)
        middle = widths[len(widths) // 2] if widths else math.inf
        return {
            "trials": len(chosen),
            "inside": sum(one.inside for one in chosen),
            "width": middle if math.isfinite(middle) else -1.0,
        }

    places = sorted({(one.workload, one.condition) for one in seen})
    return {
        "all": counted(seen),
        "called faster": counted(one for one in seen if one.faster),
        "by place": {
            f"{workload}, {condition}": counted(
                one for one in seen if (one.workload, one.condition) == (workload, condition)
            )
            for workload, condition in places
        },
    }


_sessions: dict[str, tuple[Session, ...]] = {}


def _chunk(work: tuple[str, str, int]) -> list[Found]:
    """CHUNK trials of one experiment, from a seed of their own."""
    path, name, seed = work
    if path not in _sessions:
        _sessions[path] = load(Path(path)).sessions
    experiment, _ = EXPERIMENTS[name]
    rng = random.Random(f"{name}/{seed}")
    return [experiment(_sessions[path], rng) for _ in range(CHUNK)]
