"""What the service promises, and whether what was measured keeps it; tests ask with `slack` for less."""

from collections.abc import Mapping
from typing import Any

POST_P99_MS = 150.0
PAGE_P99_MS = 50.0
GROWTH = 2.0
"""A page counts as flat where its median does not grow beyond this while the table grows a hundredfold."""
BEHIND_MS = 1000.0
FIRST_STEP_MS = 300.0
SLACK = 3.0
"""What continuous integration allows, on machines that are busy with other things."""
NONE_OF = (
    *("not_there", "not_ended", "not_in_order", "not_ended_rounds", "not_as_counted"),
    *("twice_ended", "twice_written_after_the_end", "twice_paid"),
)

Found = Mapping[str, Any]


def broken(part: str, found: Found, slack: float = 1.0) -> list[str]:
    """Promises of one part that are not kept, a sentence each."""
    return {"post": _post, "lists": _lists, "followers": _followers, "first-step": _first_step, "chaos": _chaos}[part](
        found, slack
    )


def growths(found: Found) -> dict[tuple[str, str], float]:
    """By list and page: the median of the largest table over that of the smallest."""
    medians: dict[tuple[str, str], list[float]] = {}
    for row in found["rows"]:
        medians.setdefault((row["of"], row["page"]), []).append(row["latencies"]["median_ms"])
    return {key: values[-1] / values[0] for key, values in medians.items()}


def _post(found: Found, slack: float) -> list[str]:
    said = [f"{found[name]} jobs {name}" for name in ("lost", "doubled", "untold") if found[name]]
    if set(found["answers"]) != {"202"}:
        said.append(f"answers were {found['answers']}")
    return said + _slow("a new job's answer", found["latencies"]["p99_ms"], POST_P99_MS * slack)


def _lists(found: Found, slack: float) -> list[str]:
    said = []
    for row in found["rows"]:
        what = f"{row['page']} of {row['there']:,} {row['of']}"
        said += _slow(what, row["latencies"]["p99_ms"], PAGE_P99_MS * slack)
    return said + [
        f"{page} of {what} became {growth:.1f} times slower as they grew"
        for (what, page), growth in growths(found).items()
        if growth > GROWTH * slack
    ]


def _followers(found: Found, slack: float) -> list[str]:
    missed = found["followers"] - found["complete"]
    said = [f"{missed} followers did not see every step in order"] if missed else []
    return said + _slow("a step at its follower", found["behind"]["longest_ms"], BEHIND_MS * slack)


def _first_step(found: Found, slack: float) -> list[str]:
    return [
        sentence
        for broker in ("redis", "embedded")
        for sentence in _slow(f"the first step ({broker})", found[broker]["median_ms"], FIRST_STEP_MS * slack)
    ]


def _chaos(found: Found, slack: float) -> list[str]:
    del slack  # counts have none
    said = [f"{found[name]} {name.replace('_', ' ')}" for name in NONE_OF if found[name]]
    return [*said, *found["left"]]


def _slow(what: str, taken_ms: float, most_ms: float) -> list[str]:
    return [f"{what} took {taken_ms:.0f} ms, more than {most_ms:.0f}"] if taken_ms > most_ms else []
