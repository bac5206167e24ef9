"""Whether one of the repository's own benchmarks runs the lines that a patch changes."""

from collections.abc import Collection, Mapping

from tools.workload.session import Side
from tools.workload.workload import Workload


def runs_lines(side: Side, workload: Workload, lines: Mapping[str, Collection[int]], *, seed: int) -> bool:
    """Whether one call of the benchmark runs one of `lines`, given by path in the sandbox.

    Raises TargetFailed where the benchmark does not come to its end.
    """
    watched = {path: sorted(numbers) for path, numbers in lines.items()}
    with side.session(workload, hash_seed=seed % (1 << 32), lines=watched) as session:
        session.ask("prepare", group="reach", items=[[0, None, None]], commands=[])
        session.ask("run", group="reach")
        return any(session.ask("lines")["lines"].values())
