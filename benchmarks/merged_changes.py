"""`hasten judge` on performance changes that projects released: `python benchmarks/merged_changes.py`.

For each change of merged_changes/changes.toml: downloads the sdists before and after the release, makes a patch of the
functions that its notes call faster, and has it judged on the workload file of the same name. Writes every judgement
(JSON) and the table (Markdown) to `--out`. `--only NAME` takes one change; it can be given again.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sdists import fetch
from transplant import transplant

from tools.git.patch import make_patch

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "benchmarks/merged_changes"
OUT = ROOT / "build/merged-changes"
HASTEN = Path(sys.executable).with_name("hasten")
HEADER = ["project", "what changed", "what the notes claim", "verdict", "speedup", "tests", "inputs compared", "time"]

REASON_CHARACTERS = 240


@dataclass(frozen=True, kw_only=True)
class Change:
    """A released change, as changes.toml describes it."""

    name: str
    project: str
    before: Mapping[str, str]
    after: Mapping[str, str]
    functions: Mapping[str, Sequence[str]]
    """What is taken over, by file."""

    claim: str
    source: str
    """The file of the newer sdist that the claim is quoted from."""

    imports: Mapping[str, Sequence[str]] = field(default_factory=dict)
    settings: str = ""
    """A hasten.toml, where the tests cannot be run without one."""

    note: str = ""
    """What the settings are for, a sentence."""

    why: Mapping[str, str] = field(default_factory=dict)
    """Why a verdict is not what the notes claim, by verdict; a sentence each."""

    @property
    def workload(self) -> Path:
        return FOLDER / f"{self.name}.py"


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A change and what Hasten says of it."""

    change: Change
    judgement: Mapping[str, Any]
    wall_s: float


def read_changes(only: Iterable[str] = ()) -> list[Change]:
    """The changes of changes.toml, all or those named."""
    found = tomllib.loads((FOLDER / "changes.toml").read_text(encoding="utf-8"))
    return [Change(name=name, **found[name]) for name in only or found]


def download(change: Change, folder: Path) -> tuple[Path, Path]:
    """Both sdists, unpacked; exits where the claim is not in the newer one."""
    trees = []
    for side in ("before", "after"):
        pinned = getattr(change, side)
        (place := folder / side).mkdir(parents=True)
        trees.append(fetch(f"{change.project}=={pinned['version']}", pinned["sha256"], place))
    notes = (trees[1] / change.source).read_text(encoding="utf-8")
    if change.claim not in " ".join(notes.split()):
        sys.exit(f"{change.name}: {change.source} of {change.project} {change.after['version']} lacks the quoted claim")
    return trees[0], trees[1]


def patch_of(change: Change, before: Path, after: Path) -> str:
    """The functions concerned, as a unified diff against the older sdist."""
    old, new = {}, {}
    for path, names in change.functions.items():
        text = (before / path).read_text(encoding="utf-8")
        taken = transplant(text, (after / path).read_text(encoding="utf-8"), names, change.imports.get(path, ()))
        old[path], new[path] = text.encode(), taken.encode()
    return make_patch(old, new)


def judge(change: Change, before: Path, after: Path, folder: Path) -> Judged | None:
    """Run `hasten judge` as a user would; nothing where it ends with an error, which it has printed."""
    patch, report = folder / "change.diff", folder / "judgement.json"
    patch.write_text(patch_of(change, before, after), encoding="utf-8")
    began = time.monotonic()
    if change.settings:
        (before / "hasten.toml").write_text(change.settings, encoding="utf-8")
    command = [str(HASTEN), "judge", str(before), "--patch", str(patch), "--workload", str(change.workload)]
    done = subprocess.run([*command, "--json", str(report)], env={**os.environ, "NO_COLOR": "1"}, check=False)
    if not report.exists():
        print(f"{change.name}: hasten ended with {done.returncode} and wrote no judgement", file=sys.stderr)
        return None
    return Judged(change=change, judgement=json.loads(report.read_text()), wall_s=time.monotonic() - began)


def measure(only: Iterable[str] = ()) -> list[Judged]:
    """Every change, from the download to the verdict; one is judged at a time."""
    changes = read_changes(only)
    with tempfile.TemporaryDirectory() as scratch:
        folders = [Path(scratch) / change.name for change in changes]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            trees = list(pool.map(download, changes, folders))
        judged = (judge(change, *both, folder) for change, both, folder in zip(changes, trees, folders, strict=True))
        return [one for one in judged if one is not None]


def interval(speedup: Mapping[str, Any] | None) -> str:
    """A speedup as it is written everywhere."""
    if not speedup:
        return "–"
    low, high = (speedup[end] for end in ("low", "high"))
    low, high = ("0" if low is None else f"{low:.2f}", "∞" if high is None else f"{high:.2f}")
    return f"{speedup['point']:.2f}x [{low}, {high}]"


def row(one: Judged) -> str:
    """The change's line of the table."""
    change, judgement = one.change, one.judgement
    tests, compared = judgement["tests"], judgement["equivalence"]
    names = [name for path in change.functions.values() for name in path]
    cells = (
        f"{change.project} {change.before['version']} → {change.after['version']}",
        ", ".join(f"`{name}`" for name in names),
        f"“{plain(change.claim)}”",
        judgement["verdict"],
        interval(judgement["speedup"]),
        f"{tests['passed']} pass, {tests['failed']} fail" if tests else "–",
        compared["cases"] if compared else "–",
        f"{one.wall_s:.0f} s",
    )
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def plain(claim: str) -> str:
    """A claim without the marks of its format, so that it reads the same in Markdown."""
    for mark in (":func:", "**", "``", "`", "_."):
        claim = claim.replace(mark, "." if mark == "_." else "")
    return claim.replace("[setutils.IndexedSet][setutils.IndexedSet]", "setutils.IndexedSet")


def remarks(one: Judged) -> list[str]:
    """What was configured; where a change was not kept, why the notes can still be right and what Hasten says."""
    verdict, change = one.judgement["verdict"], one.change
    lines = [f"- **{change.project}:** {change.note}"] if change.note else []
    if verdict != "KEPT":
        said = " ".join(one.judgement["reason"].split())
        said = said if len(said) <= REASON_CHARACTERS else said[:REASON_CHARACTERS] + " …"
        why = change.why.get(verdict, "Not looked into.")
        lines.append(f"- **{change.project}, {verdict}:** {why} Hasten says: “{said}”")
    return lines


def section(judged: Sequence[Judged]) -> str:
    """The section of docs/results.md, whole."""
    kept = sum(one.judgement["verdict"] == "KEPT" for one in judged)
    projects = len({one.change.project for one in judged})
    lines = [
        "## Released performance changes",
        "",
        f"`hasten judge` on {len(judged)} changes that {projects} projects released as faster. The patch is the",
        "functions concerned as the newer sdist has them; tests and all other code are of the release before. Each is",
        "measured on a workload of the claimed case (`benchmarks/merged_changes/`), and recorded calls of what changed",
        f"are compared as well. {kept} of {len(judged)} are kept. `python benchmarks/merged_changes.py` does it again.",
        "",
        "| " + " | ".join(HEADER) + " |",
        "|" + "---|" * len(HEADER),
        *(row(one) for one in judged),
        "",
        *(line for one in judged for line in remarks(one)),
    ]
    return "\n".join(lines).rstrip("\n") + "\n"


def write(judged: Sequence[Judged], folder: Path) -> None:
    """The judgements and the section, as files."""
    folder.mkdir(parents=True, exist_ok=True)
    found = {one.change.name: {"wall_s": one.wall_s, **one.judgement} for one in judged}
    (folder / "judgements.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    (folder / "section.md").write_text(section(judged), encoding="utf-8")


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", default=[], choices=[change.name for change in read_changes()])
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    judged = measure(options.only)
    write(judged, options.out)
    print(section(judged))


if __name__ == "__main__":
    main()
