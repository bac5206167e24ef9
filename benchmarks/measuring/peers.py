"""Other tools' rules on the recorded pairs, beside our own procedure on the same sessions.

Each rule is given its runs twice over: taken by turns, as our pairs are, which most tools do not do; and one side after
the other, which is how they are used: the reference's runs from one stretch of a session and the candidate's from the
stretch after it.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from benchmarks.measuring.resample import Resampled
from benchmarks.measuring.rules import RULES
from benchmarks.measuring.sessions import DATA, Session, load
from benchmarks.measuring.trial import judge, without_intervals
from tools.measure.pairs import Pair, Sample

TRIALS = 3000
OWN_TRIALS = 1000
CASES: Mapping[str, str] = {"false alarms": "no-op", "5 % found": "5 %", "10 % found": "10 %"}
OURS = "Hasten"


def compare(seed: int, trials: int = TRIALS, own_trials: int = OWN_TRIALS) -> dict[str, Any]:
    """Per rule: hits and trials of each case and order, runs of each side, and the median seconds of one decision."""
    sessions = load(DATA).sessions
    found: dict[str, Any] = {name: _rule(name, sessions, random.Random(f"{name}/{seed}"), trials) for name in RULES}
    found[OURS] = _ours(sessions, random.Random(seed), own_trials)
    return found


def _rule(name: str, sessions: Sequence[Session], rng: random.Random, trials: int) -> dict[str, Any]:
    rule, runs = RULES[name]
    row: dict[str, Any] = {"runs": runs, "trials": trials}
    seconds = []
    for case, change in CASES.items():
        by_turns = in_turn = 0
        for _ in range(trials):
            given = _drawn(sessions, change, rng)
            before, after = _stretches(given, rng, runs)
            by_turns += rule([_wall_s(pair.reference) for pair in before], [_wall_s(pair.candidate) for pair in before])
            in_turn += rule([_wall_s(pair.reference) for pair in before], [_wall_s(pair.candidate) for pair in after])
            seconds.append(sum(_whole_s(pair) for pair in before))
        row[case] = {"by turns": by_turns, "one after the other": in_turn}
    row["seconds"] = round(sorted(seconds)[len(seconds) // 2], 1)
    return row


def _ours(sessions: Sequence[Session], rng: random.Random, trials: int) -> dict[str, Any]:
    row: dict[str, Any] = {"trials": trials}
    for case, change in CASES.items():
        with without_intervals():
            seen = [judge(_drawn(sessions, change, rng)) for _ in range(trials)]
        row[case] = {"by turns": sum(trial.faster if change == "no-op" else trial.kept for trial in seen)}
        pairs, seconds = sorted(trial.pairs for trial in seen), sorted(trial.seconds for trial in seen)
        row[f"runs, {case}"] = pairs[len(pairs) // 2]
        row[f"seconds, {case}"] = round(seconds[len(seconds) // 2], 1)
    return row


def _drawn(sessions: Sequence[Session], change: str, rng: random.Random) -> Resampled:
    """A session; one of identical code with its sides exchanged or not."""
    session = rng.choice([one for one in sessions if one.change == change])
    return Resampled(session=session, rng=rng, swapped=change == "no-op" and rng.random() < 0.5)


def _stretches(given: Resampled, rng: random.Random, runs: int) -> tuple[list[Pair], list[Pair]]:
    """Two neighbouring stretches of a session, in the order that they were taken."""
    pairs = list(islice(replace(given, in_order=True).pairs(), len(given.session.pairs)))
    runs = min(runs, len(pairs) // 2)
    start = rng.randrange(len(pairs) - 2 * runs + 1)
    return pairs[start : start + runs], pairs[start + runs : start + 2 * runs]


def _wall_s(sample: Sample) -> float:
    (window,) = sample.windows.values()
    return window.wall_s


def _whole_s(pair: Pair) -> float:
    return pair.reference.whole.wall_s + pair.candidate.whole.wall_s
