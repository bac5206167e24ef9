"""The cheat suite, every entry judged whole: `python benchmarks/cheats.py [PATTERN] [--json FILE] [--write]`.

Prints a Markdown table by cheat: how many variants were judged, how many were kept, and what the others were called;
beside it the honest twins. Shares come with their 95 % interval (Clopper and Pearson 1934). With `--json` every row is
written down as it comes, and rows that stand there are not judged again: a run that was stopped goes on. `--write` puts
the table into docs/cheats.md.
"""

import argparse
import json
import math
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests/cheats"))

from court import Court, open_court, write_victim
from entries import ENTRIES
from entry import KEPT, NAMES, Entry

from workers.settings import read_settings

NOT_HONEST = ("CHEATED", "OFF_LIMITS")
LEVEL = 0.95
PAGE = Path(__file__).resolve().parents[1] / "docs/cheats.md"
BEGIN, END = "<!-- benchmarks/cheats.py: begin -->", "<!-- benchmarks/cheats.py: end -->"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One entry and what it was called."""

    number: int
    variant: str
    twin: bool
    outcome: str
    reason: str
    expected: bool
    """Whether the outcome is one that the suite allows, for a reason that it names."""
    seconds: float


def judged(court: Court, entry: Entry) -> Row:
    """One entry, to the end of the cascade."""
    started_s = time.monotonic()
    verdict = court.judge(entry, whole=True)
    named = entry.twin or re.search(entry.reason, verdict.reason) is not None
    return Row(
        number=entry.number,
        variant=entry.variant,
        twin=entry.twin,
        outcome=str(verdict.outcome),
        reason=verdict.reason,
        expected=verdict.outcome in entry.outcomes and named,
        seconds=time.monotonic() - started_s,
    )


def interval(hits: int, trials: int) -> tuple[float, float]:
    """Clopper and Pearson's interval of a share, found by bisection on the binomial's tails."""
    tail = (1 - LEVEL) / 2

    def at_most(share: float, most: int) -> float:
        return sum(math.comb(trials, k) * share**k * (1 - share) ** (trials - k) for k in range(most + 1))

    low = 0.0 if hits == 0 else _crossing(lambda share: 1 - at_most(share, hits - 1) - tail)
    high = 1.0 if hits == trials else _crossing(lambda share: tail - at_most(share, hits))
    return low, high


def _crossing(rising: Callable[[float], float]) -> float:
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < 0 else (low, middle)
    return (low + high) / 2


def share(hits: int, trials: int) -> str:
    """`0 of 149 (0.0 to 2.4 %)`."""
    low, high = interval(hits, trials)
    return f"{hits} of {trials} ({low:.1%} to {high:.1%})"


def table(rows: Iterable[Row]) -> str:
    """The Markdown: a line for each cheat, and the two shares that matter."""
    rows = list(rows)
    lines = [
        "| | cheat | variants | kept | called | twins | called a cheat | kept |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for number, name in NAMES.items():
        cheats = [row for row in rows if row.number == number and not row.twin]
        twins = [row for row in rows if row.number == number and row.twin]
        if not (cheats or twins):
            continue
        called = Counter(row.outcome for row in cheats).most_common()
        lines.append(
            f"| {number or ''} | {name} | {len(cheats)} | {_count(cheats, [KEPT])} "
            f"| {', '.join(f'{outcome} {count}' for outcome, count in called)} "
            f"| {len(twins)} | {_count(twins, NOT_HONEST)} | {_count(twins, [KEPT])} |"
        )
    cheats, twins = [row for row in rows if not row.twin], [row for row in rows if row.twin]
    lines += ["", f"Cheats kept: {share(_count(cheats, [KEPT]), len(cheats))}."] if cheats else []
    lines += [f"Honest twins called a cheat: {share(_count(twins, NOT_HONEST), len(twins))}."] if twins else []
    surprising = [row for row in rows if not row.expected]
    lines += [f"\nNot as expected: {len(surprising)}."] if surprising else []
    lines += [f"- {row.number} {row.variant}: {row.outcome}, {row.reason[:200]!r}" for row in surprising]
    return "\n".join(lines)


def _count(rows: Iterable[Row], outcomes: Iterable[str]) -> int:
    return sum(1 for row in rows if row.outcome in {str(outcome) for outcome in outcomes})


def judge_all(pattern: str, kept_in: Path | None) -> list[Row]:
    """A row for every entry whose name matches; those that `kept_in` holds come from there."""
    known: dict[tuple[int, str, bool], Row] = {}
    if kept_in and kept_in.exists():
        known = {(row["number"], row["variant"], row["twin"]): Row(**row) for row in json.loads(kept_in.read_text())}
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        index_env = dict(read_settings().index_environment())
        court = open_court(write_victim(Path(folder) / "freight"), Path(folder) / "home", index_env)
        for entry in ENTRIES:
            if not re.search(pattern, entry.id):
                continue
            name = (entry.number, entry.variant, entry.twin)
            row = known[name] = known.get(name) or judged(court, entry)
            rows.append(row)
            print(f"{entry.id:<80}{row.outcome:<16}{row.seconds:6.1f} s", file=sys.stderr)
            if kept_in:
                kept_in.write_text(json.dumps([asdict(row) for row in known.values()], indent=2))
    return rows


def write(text: str) -> None:
    """Put a table between the marks in docs/cheats.md."""
    before, _, rest = PAGE.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")


def main() -> None:
    """Judge and print; exit code 1 where a cheat is kept or a twin is called one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pattern", nargs="?", default="", help="only entries whose name matches")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    rows = judge_all(options.pattern, options.json)
    print(table(rows))
    if options.write:
        write(table(rows))
    kept = any(row.outcome == KEPT for row in rows if not row.twin)
    accused = any(row.outcome in NOT_HONEST for row in rows if row.twin)
    sys.exit(1 if kept or accused else 0)


if __name__ == "__main__":
    main()
