"""What came of a run, as Markdown."""

import math
from collections.abc import Callable, Sequence

from benchmarks.wrong_edits.edits import KINDS, REFACTORING
from benchmarks.wrong_edits.judging import Judged

Z = 1.959964
"""Of a two-sided interval of 95 %."""
HEADER = ("edits", "change behaviour", "rejected", "with a counter-example", "by the tests alone", "by equivalence")


def wilson(hits: int, trials: int) -> str:
    """A share with Wilson's interval (https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval)."""
    if not trials:
        return "–"
    share = hits / trials
    middle = (share + Z * Z / (2 * trials)) / (1 + Z * Z / trials)
    half = Z / (1 + Z * Z / trials) * math.sqrt(share * (1 - share) / trials + Z * Z / (4 * trials * trials))
    return f"{hits} of {trials}, {share:.1%} [{max(0.0, middle - half):.1%}, {min(1.0, middle + half):.1%}]"


def page(results: Sequence[Judged], seed: int) -> str:
    """The tables, and every result that is not as it should be."""
    wrong = [found for found in results if found.edit.kind in KINDS]
    refactored = [found for found in results if found.edit.kind == REFACTORING]
    mutants = [found for found in results if found.edit.kind not in (*KINDS, REFACTORING)]
    changing = [found for found in mutants if found.shown]
    lines = ["| " + " | ".join(HEADER) + " |", "|" + "---|" * len(HEADER)]
    lines += [_row(kind, [found for found in wrong if found.edit.kind == kind]) for kind in KINDS]
    lines += [_row("**made by hand**", wrong), _row(f"**by the mutator, seed {seed}**", changing), ""]
    equal = sum(1 for found in refactored if not found.rejected)
    lines += [
        f"Pure refactorings accepted as equal: {wilson(equal, len(refactored))}.",
        f"Mutants not shown to differ, and not counted: {len(mutants) - len(changing)} of {len(mutants)}.",
        f"Median seconds an edit: {_median(results, lambda found: found.tests_s):.1f} for its tests, "
        f"{_median(results, lambda found: found.equivalence_s):.1f} for its behaviour.",
        "",
    ]
    lines += _listed("Wrong, and not rejected", [found for found in (*wrong, *changing) if not found.rejected])
    no_example = [found for found in (*wrong, *changing) if found.rejected and not found.counter_example]
    lines += _listed("Wrong, rejected without a counter-example", no_example)
    lines += _listed("Equal, and rejected", [found for found in refactored if found.rejected])
    lines += _listed("Mutants not shown to differ", [found for found in mutants if not found.shown])
    return "\n".join(lines)


def row_of(found: Judged) -> str:
    """One result on one line."""
    tests = f"tests: {found.tests[:60]!r}" if found.tests else "tests pass"
    unseen = f"not reached: {', '.join(found.not_reached)}" if found.not_reached else f"equal on {found.cases} cases"
    seen = found.counter_example or found.cheat or unseen
    later = f"; searched: {found.searched}" if found.searched else ""
    return f"[{found.edit.kind}] {found.edit.name} | {tests} | {seen}{later}"


def _row(name: str, found: Sequence[Judged]) -> str:
    cells = (
        name,
        len(found),
        wilson(sum(1 for one in found if one.rejected), len(found)),
        wilson(sum(1 for one in found if one.counter_example), len(found)),
        sum(1 for one in found if one.tests and not one.counter_example),
        sum(1 for one in found if one.counter_example and not one.tests),
    )
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def _listed(title: str, found: Sequence[Judged]) -> list[str]:
    return [f"{title} ({len(found)}):", "", *(f"- {row_of(one)}" for one in found), ""] if found else []


def _median(found: Sequence[Judged], value: Callable[[Judged], float]) -> float:
    ordered = sorted(value(one) for one in found)
    return ordered[len(ordered) // 2] if ordered else 0.0
