"""`hasten optimize` on a project from its sdist, as a user would run it, and what came of it, kept in a file."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sdists import fetch

HASTEN = Path(sys.executable).with_name("hasten")


@dataclass(frozen=True, kw_only=True)
class Run:
    """One project's job."""

    name: str
    requirement: str
    report: dict[str, Any] | None
    peak_memory_mib: float
    """Of the largest process of the job: Hasten's own, or one in a sandbox."""
    ended: str = ""
    """What hasten said where there is no report."""
    own_benchmarks: str = ""
    """What it said of the benchmarks that the project has."""


def run(name: str, requirement: str, digest: str, budget_s: float, *words: str) -> Run:
    """One project, from the download to the report; `words` are further arguments of `hasten optimize`."""
    with tempfile.TemporaryDirectory() as scratch:
        tree = fetch(requirement, digest, Path(scratch))
        report = Path(scratch) / "report.json"
        command = [str(HASTEN), "optimize", str(tree), "--json", str(report), "--budget-s", f"{budget_s:g}", *words]
        said = Path(scratch) / "said.txt"
        with said.open("wb") as errors:
            job = subprocess.Popen(command, env={**os.environ, "NO_COLOR": "1"}, stderr=errors)
            _, status, usage = os.wait4(job.pid, 0)
        text = said.read_text(encoding="utf-8", errors="replace")
        print(text, file=sys.stderr)
        failed = os.waitstatus_to_exitcode(status) != 0
        lines = text.strip().splitlines()
        return Run(
            name=name,
            requirement=requirement,
            report=None if failed else json.loads(report.read_text()),
            peak_memory_mib=usage.ru_maxrss / 1024,
            ended=lines[-1] if failed and lines else "",
            own_benchmarks=next((line.strip() for line in lines if "own benchmarks run" in line), ""),
        )


class Written:
    """Everything measured so far, on disk after each step where there is a file for it."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        read = json.loads(path.read_text(encoding="utf-8")) if path and path.exists() else {}
        self.found: dict[str, Any] = {"runs": read} if isinstance(read, list) else read
        """By section; `runs` are the jobs, each as `Run` has it."""
        self._runs = {one["name"]: Run(**one) for one in self.found.get("runs", [])}

    def has(self, name: str) -> bool:
        """Whether this project was run."""
        return name in self._runs

    def runs(self, names: Iterable[str]) -> list[Run]:
        """The runs of these projects, as far as there are any."""
        return [self._runs[name] for name in names if name in self._runs]

    def add(self, one: Run) -> Run:
        """Keep a run."""
        self._runs[one.name] = one
        self.put("runs", [asdict(known) for known in self._runs.values()])
        return one

    def put(self, section: str, value: Any) -> None:
        """Keep a section, whole."""
        self.found[section] = value
        if self._path:
            self._path.write_text(json.dumps(self.found), encoding="utf-8")
