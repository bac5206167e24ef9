"""Real projects that ship benchmarks (asv, pytest-benchmark, pytest-codspeed), each optimised on them to the end."""

from collections.abc import Iterable

from merged_changes import interval
from running import Run, Written, run

BUDGET_S = 400.0
PROJECTS = {
    "cdflib": ("cdflib==1.3.1", "7bb296e02ac7c47536c43bcc20d24796bfd9d4ec39490ec74953972203f26913"),
    "pint": ("pint==0.24.4", "35275439b574837a6cd3020a5a4a73645eb125ce4152a73a2f126bf164b91b80"),
    "wcwidth": ("wcwidth==0.3.3", "f8f7d42c8a067d909b80b425342d02c423c5edc546347475e1d402fe3d35bb63"),
}
FRAMEWORKS = {"cdflib": "asv", "pint": "pytest-benchmark", "wcwidth": "pytest-codspeed"}
HEADER = ["project", "its benchmarks", "what hasten says of them", "measured on them", "rejected", "kept", "time"]


def measure(written: Written, names: Iterable[str] = PROJECTS) -> None:
    """Run those that were not run."""
    for name in names:
        if not written.has(name):
            print(row(written.add(run(name, *PROJECTS[name], BUDGET_S))), flush=True)


def row(one: Run) -> str:
    """The project's line of the table."""
    if one.report is None:
        return f"| {one.requirement} | {FRAMEWORKS[one.name]} | {one.ended} |" + " |" * 4
    on_them = [
        chosen["target"].partition(":")[2] for chosen in one.report["chosen"] if "own; it spends" in chosen["why"]
    ]
    kept = [f"{interval(kept['speedup'])} on {kept['workload']}" for kept in one.report["kept"]]
    cells = (
        one.requirement,
        FRAMEWORKS[one.name],
        one.own_benchmarks,
        ", ".join(f"`{name}`" for name in on_them if name) or "none",
        ", ".join(f"{count} {name}" for name, count in one.report["rejected"].items()) or "none",
        "; ".join(kept) or "none",
        f"{one.report['spend']['wall_s']:.0f} s",
    )
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def section(written: Written) -> list[str]:
    """The section of docs/results.md."""
    runs = written.runs(PROJECTS)
    return [
        "## The repository's own benchmarks",
        "",
        f"`hasten optimize` with `--budget-s {BUDGET_S:g}` on projects that ship benchmarks; none of their plug-ins is",
        "needed. `python benchmarks/results.py --only NAME` runs one again.",
        "",
        "| " + " | ".join(HEADER) + " |",
        "|" + "---|" * len(HEADER),
        *(row(one) for one in runs),
        "",
    ]
