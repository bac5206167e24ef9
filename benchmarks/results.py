"""Hasten on real projects, without help: `python benchmarks/results.py` (or `make results`) writes docs/results.md.

Downloads pinned sdists with pip, runs `hasten optimize` on each as a user would, and says what came of it. Honest zeros
stay, and so does a project that hasten cannot get through. `--only NAME` runs one project and prints its row;
`--budget-s` is what each job may take. With `--json FILE` everything is written down as it ends, and what stands there
is not measured again: what was stopped goes on, and the page can be written anew from the file alone.
"""

import argparse
from pathlib import Path
from typing import Any

import hard_suites
import merged_changes
import own_benchmarks
import verdict
from kept_diffs import diffs
from merged_changes import interval
from running import Run, Written, run

ROOT = Path(__file__).resolve().parents[1]

PAGE = ROOT / "docs/results.md"
BUDGET_S = 240.0
PROJECTS = {
    "tabulate": ("tabulate==0.10.0", "e2cfde8f79420f6deeffdeda9aaec3b6bc5abce947655d17ac662b126e48a60d"),
    "sqlparse": ("sqlparse==0.5.1", "bb6b4df465655ef332548e24f08e205afc81b9ab86cb1c45657a7ff173a3a00e"),
    "boltons": ("boltons==26.2.0", "d39cfd15c1a1c3bd4d705c82252fa9edb8e4f5e8cc039f8e39afac7b1b47e92c"),
    "networkx": ("networkx==3.3", "0c127d8b2f4865f59ae9cb8aafcd60b5c70f3241ebd66f7defad7c4ab90126c9"),
    "docutils": ("docutils==0.20.1", "f08a4e276c3a1583a86dce3e34aba3fe04d02bba2dd51ed16106244e8a923e3b"),
    "mistune": ("mistune==3.0.2", "fc7f93ded930c92394ef2cb6f04a8aabab4117a91449e72dcc8dfa646a508be8"),
    "jinja2": ("jinja2==3.1.4", "4a3aee7acbbe7303aede8e9648d13b8bf88a429282aa6122a993f0ac800cb369"),
    "click": ("click==8.1.7", "ca9853ad459e787e2192211578cc907e7594e294c7ccc834310722b41b9ca6de"),
    "lark": ("lark==1.1.9", "15fa5236490824c2c4aba0e22d2d6d823575dcaf4cdd1848e34b6ad836240fba"),
    "python-dateutil": (
        "python-dateutil==2.9.0.post0",
        "37dd54208da7e1cd875388217d5e00ebd4179249f90fb72437e91a35459a0ad3",
    ),
    "beautifulsoup4": ("beautifulsoup4==4.12.3", "74e3d1928edc070d21748185c46e3fb33490f22f52a3addee9aee0f4f7781051"),
    "jsonschema": ("jsonschema==4.22.0", "5b22d434a45935119af990552c862e5d6d564e8f6601206b305a61fdf661a2b7"),
    "more-itertools": ("more-itertools==10.5.0", "5482bfef7849c25dc3c6dd53a6173ae4795da2a41a80faea6700d9f5846c5da6"),
    "marshmallow": ("marshmallow==3.21.3", "4f57c5e050a54d66361e826f94fba213eb10b67b2fdb02c3e0343ce207ba1662"),
    "mpmath": ("mpmath==1.3.0", "7a28eb2a9774d00c7bc92411c19a89209d5da7c4c9a9e227be8330a23a25b91f"),
    "simpy": ("simpy==4.1.1", "06d0750a7884b11e0e8e20ce0bc7c6d4ed5f1743d456695340d13fdff95001a6"),
}


def row(one: Run) -> str:
    """The project's line of the table."""
    report = one.report
    if report is None:
        return f"| {one.requirement} | {one.ended} |" + " |" * 7
    tests = report["baseline"]["tests"]
    spots = ", ".join(f"`{target['name'].split(':')[1]}`" for target in report["baseline"]["targets"][:3])
    kept = [f"`{kept['candidate']}` {interval(kept['speedup'])}" for kept in report["kept"]]
    combined = interval((report["combined"] or {}).get("speedup"))
    cells = (
        one.requirement,
        f"{tests['passed']} pass, {tests['failed']} fail, {tests['flaky']} flaky",
        spots or "none",
        len(report["candidates"]),
        ", ".join(f"{count} {name}" for name, count in report["rejected"].items()) or "none",
        "; ".join(kept) or "none",
        combined,
        f"{report['spend']['wall_s']:.0f} s",
        f"{one.peak_memory_mib:.0f} MiB",
    )
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def set_up(one: Run) -> list[str]:
    """What was found out about the project by itself."""
    return [f"**{one.name}**", "", *(f"- {note}" for note in one.report["recipe"]), ""] if one.report else []


def page(written: Written) -> str:
    """docs/results.md, whole, of what was measured."""
    runs = written.runs(PROJECTS)
    machine = next(one.report["machine"] for one in runs if one.report)
    host = f"{machine['processor']}, {machine['cores']} cores, {machine['system']}, Python {machine['python']}"
    header = ["project", "tests", "hotspots", "candidates", "rejected", "kept", "all together", "time", "peak memory"]
    missing = [PROJECTS[name][0] for name in PROJECTS if name not in {one.name for one in runs}]
    lines = [
        "# Results",
        "",
        "Written by `make results`; every figure is from its runs. Nothing was configured for any project, except",
        "where a line of the last section says so.",
        "",
        f"Machine: {host}, sandbox {machine['sandbox']}.",
        "Times are of this machine; speedups are ratios of pairs measured in one run.",
        "",
        "## Real projects",
        "",
        f"`hasten optimize` with `--budget-s {BUDGET_S:g}` on each.",
        "",
        *([f"Not run yet: {', '.join(missing)}.", ""] if missing else []),
        "| " + " | ".join(header) + " |",
        "|" + "---|" * len(header),
        *(row(one) for one in runs),
        "",
        "The workload is calls of the changed functions, recorded while the tests ran and varied. Peak memory is of",
        "the largest process of the job, Hasten's own or one in a sandbox. Where nothing was kept, no rule found a",
        "change that is certainly faster on those calls.",
        "",
        "## What was kept",
        "",
        "Each diff was read: could the project's maintainers merge it as it stands?",
        "",
        *(line for one in runs for line in diffs(one)),
        *own_benchmarks.section(written),
        *hard_suites.section(written),
        "## Set-up, as it was found",
        "",
        *(line for one in runs for line in set_up(one)),
        "## Time to a verdict",
        "",
        "After set-up, on the sample project:",
        "",
        "| patch | verdict | seconds |",
        "|---|---|---|",
        *(f"| {name} | {outcome} | {seconds:.1f} |" for name, outcome, seconds in written.found.get("verdicts", [])),
        "",
        merged_changes.section(released(written)),
    ]
    return "\n".join(lines)


def released(written: Written) -> list[merged_changes.Judged]:
    """The released changes, as they were judged."""
    found: dict[str, Any] = written.found.get("released", {})
    return [
        merged_changes.Judged(
            change=change, judgement=found[change.name]["judgement"], wall_s=found[change.name]["wall_s"]
        )
        for change in merged_changes.read_changes()
        if change.name in found
    ]


def measure(written: Written, budget_s: float) -> None:
    """All that does not stand there yet."""
    for name, (requirement, digest) in PROJECTS.items():
        if not written.has(name):
            print(row(written.add(run(name, requirement, digest, budget_s))), flush=True)
    own_benchmarks.measure(written)
    hard_suites.measure(written)
    if "verdicts" not in written.found:
        written.put("verdicts", [list(one) for one in verdict.measure()])
    known = written.found.get("released", {})
    for change in merged_changes.read_changes():
        if change.name not in known:
            for judged in merged_changes.measure([change.name]):
                known[change.name] = {"judgement": dict(judged.judgement), "wall_s": judged.wall_s}
                written.put("released", known)


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=[*PROJECTS, *own_benchmarks.PROJECTS, *hard_suites.PROJECTS])
    parser.add_argument("--budget-s", type=float, default=BUDGET_S)
    parser.add_argument("--json", type=Path, help="write all that is measured here; what stands there is taken")
    parser.add_argument("--write", action="store_true", help="measure nothing, write the page of what stands in --json")
    options = parser.parse_args()
    written = Written(options.json)
    if options.only in PROJECTS:
        print(row(written.add(run(options.only, *PROJECTS[options.only], options.budget_s))))
    elif options.only:
        section = own_benchmarks if options.only in own_benchmarks.PROJECTS else hard_suites
        section.measure(written, [options.only])
    else:
        if not options.write:
            measure(written, options.budget_s)
        PAGE.write_text(page(written), encoding="utf-8")
        print(f"wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
