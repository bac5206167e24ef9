"""docs/performance.md, whole, of what was measured."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from benchmarks.service.promises import (
    BEHIND_MS,
    FIRST_STEP_MS,
    NONE_OF,
    PAGE_P99_MS,
    POST_P99_MS,
    SLACK,
    broken,
    growths,
)

COMMAND = "make bench"
Found = Mapping[str, Any]


def page(found: Found) -> str:
    """Every part that was measured."""
    machine = found["machine"]
    host = f"{machine['processor']}, {machine['cores']} cores, {machine['memory_bytes'] / 2**30:.1f} GiB of memory"
    versions = f"{machine['system']}, Python {machine['python']}, PostgreSQL {machine['postgresql']}"
    parts = [part for part in ROWS if part in found]
    missing = [part for part in ROWS if part not in found]
    return "\n".join(
        [
            "# Performance of the service",
            "",
            f'Written by `{COMMAND}`; every figure is from its runs. One part alone: `{COMMAND} ARGS="--only post"`.',
            "Everything stands on one machine: the servers, the service, and who asks of it. PostgreSQL waits for the",
            f"disk at every commit. Tests hold the same promises at a smaller scale, in {SLACK:g} times the time.",
            "",
            f"Machine: {host}, {versions}, Redis {machine['redis']}.",
            "",
            *([f"Not measured yet: {', '.join(missing)}.", ""] if missing else []),
            *_table(("what", "promised", "measured", "kept"), [_row(part, found[part]) for part in parts]),
            "",
            *(line for part in parts if part in DETAILS for line in DETAILS[part](found[part])),
        ]
    )


def _row(part: str, found: Found) -> Sequence[str]:
    what, promised, measured = ROWS[part](found)
    cores = int(found["moment"]["cores"])
    load = float(found["moment"]["load"])
    busy = f" (loaded: {load:g} before it began)" if load > cores / 2 else ""
    return what, promised, measured + busy, "no: " + "; ".join(said) if (said := broken(part, found)) else "yes"


def _post(found: Found) -> tuple[str, str, str]:
    taken = found["latencies"]
    what = (
        f"`POST /v1/jobs`, {found['rate_per_s']:g} a second for {found['seconds']:g} s, each from the moment it was due"
        f" ({_processes(found['api_processes'])} of the API, after {found['warm']} others)"
    )
    measured = (
        f"{_spread(taken)}; of {taken['count']:,} jobs {found['lost']} lost, {found['doubled']} doubled,"
        f" {found['untold']} not told to the broker"
    )
    return what, f"p99 under {POST_P99_MS:g} ms, none lost, none doubled", measured


def _lists(found: Found) -> tuple[str, str, str]:
    rows = found["rows"]
    most = {of: max(row["there"] for row in rows if row["of"] == of) for of in ("jobs", "steps")}
    worst = {of: max(row["latencies"]["p99_ms"] for row in rows if row["of"] == of) for of in most}
    what = f"any page of a list of {most['jobs']:,} jobs; of {most['steps']:,} steps of a job"
    measured = (
        f"p99 {worst['jobs']:.0f} ms; {worst['steps']:.0f} ms;"
        f" medians at most {max(growths(found).values()):.1f} times those of the smallest"
    )
    return what, f"p99 under {PAGE_P99_MS:g} ms, flat as they grow", measured


def _followers(found: Found) -> tuple[str, str, str]:
    what = (
        f"event stream: {found['followers']} followers of {found['jobs']} live jobs that write"
        f" {found['steps_per_s']:g} steps a second; {found['dropped']} of them lose their connection once"
    )
    measured = (
        f"{found['complete']} saw every step in order ({found['delivered']:,} in all);"
        f" behind by {_spread(found['behind'])}"
    )
    return what, f"every step to every one, in order, under {BEHIND_MS / 1000:g} s behind", measured


def _first_step(found: Found) -> tuple[str, str, str]:
    what = f"from a new job to its first step of work, {found['tries']} times on an idle worker"
    measured = f"Redis: {_spread(found['redis'])}; embedded: {_spread(found['embedded'])}"
    return what, f"under {FIRST_STEP_MS:g} ms", measured


def _chaos(found: Found) -> tuple[str, str, str]:
    struck = found["struck"]
    what = (
        f"{found['jobs']} jobs with a scripted model and a sandbox, {len(found['real'])} real ones among them"
        f" ({', '.join(found['real'])}), {found['workers']} workers; {struck.get('kill', 0)} random `SIGKILL`s of"
        f" workers, {struck.get('broker', 0)} restarts of Redis, {struck.get('database', 0)} of PostgreSQL,"
        f" {struck.get('full disk', 0)} full disk"
    )
    ends = ", ".join(f"{count} {end}" for end, count in found["ends"].items())
    measured = (
        f"{ends}, in {found['wall_s']} s; {found['steps']:,} steps, {found['attempts']} rounds begun again;"
        f" {len(found['left'])} things left"
    )
    promised = "every job ends exactly once, no step lost or doubled, no sandbox or temporary file left"
    return what, promised, measured


ROWS: Mapping[str, Callable[[Found], tuple[str, str, str]]] = {
    "post": _post,
    "lists": _lists,
    "followers": _followers,
    "first-step": _first_step,
    "chaos": _chaos,
}


def _lists_by_size(found: Found) -> list[str]:
    rows = [
        (
            row["of"],
            row["page"],
            f"{row['there']:,}",
            *(f"{row['latencies'][name]:.1f} ms" for name in ("median_ms", "p99_ms", "longest_ms")),
        )
        for row in found["rows"]
    ]
    return [
        "## Lists as they grow",
        "",
        f"Each kind of page asked for {found['rate_per_s']:g} times a second, at places drawn at random.",
        "",
        *_table(("list", "page", "rows", "median", "p99", "longest"), rows),
        "",
    ]


def _chaos_counts(found: Found) -> list[str]:
    rows = [(name.replace("_", " "), found[name]) for name in NONE_OF]
    return [
        "## What went wrong, and what did not",
        "",
        f"The order of events is drawn at random (seed {found['seed']}); they are spread over the run by how many jobs",
        "have ended. A kill hits all processes of a worker, its first one alone, or one that works. Read from the",
        "database, and from the machine, once every job had ended and the workers were stopped:",
        "",
        *_table(("what must not be", "found"), [*rows, ("left on the machine", "; ".join(found["left"]) or 0)]),
        "",
    ]


DETAILS: Mapping[str, Callable[[Found], list[str]]] = {"lists": _lists_by_size, "chaos": _chaos_counts}


def _spread(taken: Found) -> str:
    return f"median {taken['median_ms']:.0f} ms, p99 {taken['p99_ms']:.0f} ms, longest {taken['longest_ms']:.0f} ms"


def _processes(count: int) -> str:
    return f"{count} process{'es' * (count != 1)}"


def _table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    return ["| " + " | ".join(map(str, line)) + " |" for line in (header, ["---"] * len(header), *rows)]
