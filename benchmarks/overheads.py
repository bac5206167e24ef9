"""What looking on costs, and how soon a second job begins: `python -m benchmarks.overheads`.

For each pinned project: `hasten optimize` twice in one home, each ended when its first pair is about to be measured;
then its suite plainly, with coverage, with the profile and with recording, in rounds of random order, by processor time
of the whole process tree. Prints a Markdown table; `--rounds N`, `--only NAME`.
"""

import argparse
import os
import random
import resource
import secrets
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agent.baseline import Baseline, prepare
from agent.domain import Job
from agent.kit import Kit
from agent.suite import pickling_s
from agent.workloads import functions_to_record
from benchmarks.sdists import fetch
from storage.store import open_store
from tools.profile.source import Function
from tools.sandbox.contract import Limits
from tools.testsuite import Mode, SuiteOrder, run_suite
from workers.settings import read_settings
from workers.wiring import wire

PROJECTS = {
    "sqlparse": ("sqlparse==0.5.1", "bb6b4df465655ef332548e24f08e205afc81b9ab86cb1c45657a7ff173a3a00e"),
    "toolz": ("toolz==1.0.0", "2c86e3d9a04798ac556793bced838816296a2f085017664e4995cb40a1047a02"),
    "inflection": ("inflection==0.5.1", "1a29730d366e996aaacffb2f1f1cb9593dc38e2ddd30c91250c6dde09ea9b417"),
}
MODES: tuple[Mode, ...] = ("plain", "touch", "sample", "record")
BEGINS = "calibration"
"""The phase in which the first pair is measured."""
START_S = 900.0
HASTEN = Path(sys.executable).with_name("hasten")


class Silence:
    """A progress that nobody watches."""

    def __getattr__(self, name: str) -> Any:
        return lambda *_: None


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=sorted(PROJECTS))
    asked = parser.parse_args()
    sys.stdout.write("| project | plain | touch | sample | record | first job begins | second |\n" + "|---" * 7 + "|\n")
    for name, (requirement, digest) in PROJECTS.items():
        if asked.only in (None, name):
            with tempfile.TemporaryDirectory() as scratch:
                tree = fetch(requirement, digest, Path(scratch))
                home = Path(scratch) / "home"
                begins = [_begins_s(tree, home), _begins_s(tree, home)]
                row = _row(requirement, _rounds(tree, home, asked.rounds), begins)
                sys.stdout.write(f"| {' | '.join(row)} |\n")
                sys.stdout.flush()


def _rounds(tree: Path, home: Path, count: int) -> list[dict[str, float]]:
    """Processor seconds of each mode, round by round."""
    settings = read_settings().model_copy(update={"home": home})
    job = Job(id=secrets.token_hex(6), source=str(tree), created=datetime.now(UTC))
    with open_store(settings.home) as store:
        store.jobs.create(job)
        kit = wire(settings, job, Silence(), store)
        baseline = prepare(job, kit)
        rounds = []
        for number in range(count):
            order = random.Random(number).sample(MODES, len(MODES))
            rounds.append({mode: _suite_cpu_s(kit, baseline, mode) for mode in order})
        return rounds


def _suite_cpu_s(kit: Kit, baseline: Baseline, mode: Mode) -> float:
    subjects = [Function(path=target.path, qualname=target.qualname) for target in baseline.targets]
    wanted = functions_to_record((), baseline.profile, baseline.sources, subjects)
    order = SuiteOrder(
        mode=mode,
        record=wanted if mode == "record" else (),
        record_s=pickling_s(baseline.suite.seconds),
        hash_seed=1,
        limits=Limits(wall_s=START_S),
    )
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run_suite(kit.sandbox, baseline.environment, baseline.side.tree, baseline.recipe, order)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _begins_s(tree: Path, home: Path) -> tuple[float, float]:
    """From the start of the command until its first pair is about to be measured: wall and processor time."""
    started = time.monotonic()
    command = [str(HASTEN), "optimize", str(tree)]
    environment = {**os.environ, "HASTEN_HOME": str(home), "PYTHONUNBUFFERED": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # nobody's Hasten is compiled at each start
    environment["PYTHONPYCACHEPREFIX"] = str(home / "bytecode")
    with subprocess.Popen(
        command, env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    ) as job:
        assert job.stderr is not None
        for line in job.stderr:
            if BEGINS in line.split():
                took_s, cpu_s = time.monotonic() - started, _cpu_s(job.pid)
                job.send_signal(signal.SIGINT)
                job.stderr.read()
                return took_s, cpu_s
    sys.exit(f"hasten optimize {tree} ended before its first pair")


def _cpu_s(pid: int) -> float:
    """Of a process and of those of its children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def _row(name: str, rounds: Sequence[Mapping[str, float]], begins: Sequence[tuple[float, float]]) -> list[str]:
    plain = statistics.median(one["plain"] for one in rounds)
    ratios = []
    for mode in MODES[1:]:
        found = sorted(one[mode] / one["plain"] for one in rounds)
        ratios.append(f"{statistics.median(found):.2f} ({found[0]:.2f} to {found[-1]:.2f})")
    first, second = (f"{took_s:.1f} s ({cpu_s:.1f} s)" for took_s, cpu_s in begins)
    return [name, f"{plain:.1f} s", *ratios, first, second]


if __name__ == "__main__":
    main()
