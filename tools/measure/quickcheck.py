"""An A/A run on a loop of a shell, for a host that has no project at hand."""

import random
from collections.abc import Iterator

from tools.errors import InfrastructureError
from tools.measure.cores import CoreLocks
from tools.measure.pairs import Pair, Sample, Window
from tools.sandbox.contract import Command, Limits, Sandbox

NAME = "a loop of the shell"
TURNS = 60_000
"""Of the loop: some 60 ms on a core of today."""
# Its process waits for a line, as a driver does, so that its start is outside of the window.
_LOOP = f"while read -r _; do i=0; while [ $i -lt {TURNS} ]; do i=$((i+1)); done; echo; done"


def loop_pairs(sandbox: Sandbox, cores: CoreLocks, seed: int) -> Iterator[Pair]:
    """Pairs of fresh processes that do the same; raises InfrastructureError where the loop does not run."""
    rng = random.Random(seed)
    while True:
        number, first = rng.randrange(1 << 62), rng.random() < 0.5
        with cores.take() as core:
            one, other = _sample(sandbox, core), _sample(sandbox, core)
        reference, candidate = (one, other) if first else (other, one)
        yield Pair(reference=reference, candidate=candidate, reference_first=first, seed=number)


def _sample(sandbox: Sandbox, core: int) -> Sample:
    command = Command(argv=("/bin/sh", "-c", _LOOP), core=core, limits=Limits(wall_s=30.0))
    with sandbox.spawn(command) as process:
        for _ in range(2):  # the first turn warms the shell up
            before = process.reading()
            try:
                process.send(b"\n", timeout_s=20.0)
                answer = process.receive(1, timeout_s=20.0)
            except (BrokenPipeError, TimeoutError) as error:
                raise InfrastructureError(f"a plain loop fails in the sandbox: {error}") from error
            after = process.reading()
            if answer != b"\n":
                raise InfrastructureError("a plain loop ends early in the sandbox")
        finished = process.wait(timeout_s=5.0)
    cpu_s = None if after.cpu_s is None or before.cpu_s is None else after.cpu_s - before.cpu_s
    waited_s = None if after.waited_s is None or before.waited_s is None else after.waited_s - before.waited_s
    return Sample(
        windows={NAME: Window(wall_s=after.wall_s - before.wall_s, cpu_s=cpu_s, waited_s=waited_s)},
        whole=Window(wall_s=finished.wall_s, cpu_s=finished.cpu_s),
        peak_memory_bytes=finished.peak_memory_bytes,
        outputs={NAME: ""},
    )
