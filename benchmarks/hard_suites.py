"""Suites that are hard to run: thousands of tests, over ten minutes, flaky tests, tests that need the network."""

from collections.abc import Iterable

from running import Run, Written, run

BUDGET_S = 300.0
PROJECTS = {
    "jsonschema-suite": ("jsonschema==4.22.0", "5b22d434a45935119af990552c862e5d6d564e8f6601206b305a61fdf661a2b7"),
    "sympy": ("sympy==1.13.3", "b27fd2c6530e0ab39e275fc9b683895367e51d5da91baa8d3d64db2565fec4d9"),
    "attrs": ("attrs==25.3.0", "75d7cefc7fb576747b2c81b4442d4d4a1ce0900973527c011d1030fd3bf4af1b"),
    "pooch": ("pooch==1.8.2", "76561f0de68a01da4df6af38e9955c4c9d1a5c90da73f7e40276a5728ec83d10"),
}
WHAT = {
    "jsonschema-suite": "over 5,000 tests",
    "sympy": "takes far over ten minutes",
    "attrs": "flaky tests",
    "pooch": "tests that need the network",
}
HEADER = ["project", "its suite", "tests", "what was left out, as the report says it", "time of the budget", "end"]


def measure(written: Written, names: Iterable[str] = PROJECTS) -> None:
    """Run those that were not run."""
    for name in names:
        if not written.has(name):
            print(row(written.add(run(name, *PROJECTS[name], BUDGET_S))), flush=True)


def row(one: Run) -> str:
    """The project's line of the table."""
    if one.report is None:
        return f"| {one.requirement} | {WHAT[one.name]} | {one.ended} |" + " |" * 3
    tests = one.report["baseline"]["tests"]
    absent = [f"{group['why']}: {group['count']:,}" for group in tests["absent"]]
    if tests["ran_once"]:
        absent.append(f"ran once instead of three times: {tests['ran_once']:,}")
    cells = (
        one.requirement,
        WHAT[one.name],
        f"{tests['passed']:,} of {tests['collected']:,} pass",
        "; ".join(absent) or "nothing",
        f"{one.report['spend']['wall_s']:.0f} s of {BUDGET_S:g} s",
        f"{len(one.report['candidates'])} judged, {len(one.report['kept'])} kept; {one.report['ended']}",
    )
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def section(written: Written) -> list[str]:
    """The section of docs/results.md."""
    return [
        "## Suites that are hard to run",
        "",
        f"`hasten optimize` with `--budget-s {BUDGET_S:g}`, nothing configured. Once the time is up nothing is begun;",
        "what was begun or kept is judged to its end. `python benchmarks/results.py --only NAME` runs one again.",
        "",
        "| " + " | ".join(HEADER) + " |",
        "|" + "---|" * len(HEADER),
        *(row(one) for one in written.runs(PROJECTS)),
        "",
    ]
