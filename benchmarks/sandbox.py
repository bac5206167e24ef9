"""How long a sandbox takes to start and to be gone again: `python benchmarks/sandbox.py [--runs N] [--json FILE]`.

Each sample runs `python -c pass` from the call to the returned result. Exits with 1 where bubblewrap's median is over
the limit, so that a slow start is noticed. A sandbox that this host cannot have is left out, and why is said.
"""

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tools.errors import UserError
from tools.sandbox.contract import Command, Mount, Sandbox
from tools.sandbox.select import DOCKER_SOCKET, NAMES, open_sandbox

LIMIT_MS = 50.0
WARM_UP = 3


def interpreter() -> tuple[str, tuple[Mount, ...]]:
    """The system's Python, which every sandbox shows; else the one this runs on."""
    system = Path("/usr/bin/python3")
    if system.exists():
        return str(system), ()
    prefix = Path(sys.base_prefix).resolve()
    return str(prefix / "bin" / "python3"), (Mount(source=prefix, target=str(prefix)),)


def samples(sandbox: Sandbox, command: Command, runs: int) -> dict[str, list[float]]:
    """Milliseconds of whole runs, and of the command alone within them."""
    taken: dict[str, list[float]] = {"whole": [], "command": []}
    for number in range(WARM_UP + runs):
        begun = time.perf_counter()
        finished = sandbox.run(command)
        whole_ms = (time.perf_counter() - begun) * 1000
        if not finished.ok:
            sys.exit(f"the command failed in {sandbox.name}:\n{finished.tail()}")
        if number >= WARM_UP:
            taken["whole"].append(whole_ms)
            taken["command"].append(finished.wall_s * 1000)
    return taken


def main() -> None:
    """Measure every back-end and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--docker-socket", type=Path, default=DOCKER_SOCKET)
    options = parser.parse_args()
    python, mounts = interpreter()
    results: dict[str, dict[str, float | list[float]]] = {}
    medians: dict[str, float] = {}
    print(f"{python} -c pass, {options.runs} runs, milliseconds")
    print(f"{'sandbox':<12}{'median':>8}{'best':>8}{'worst':>8}{'of it the command':>20}")
    for name in NAMES:
        try:
            sandbox = open_sandbox(name, docker_socket=options.docker_socket)
        except UserError as error:
            print(f"{name:<12}{error}")
            continue
        taken = samples(sandbox, Command(argv=(python, "-c", "pass"), mounts=mounts), options.runs)
        whole, command = taken["whole"], statistics.median(taken["command"])
        medians[name] = statistics.median(whole)
        results[name] = {"median_ms": medians[name], "command_ms": command, "samples_ms": whole}
        print(f"{name:<12}{medians[name]:8.1f}{min(whole):8.1f}{max(whole):8.1f}{command:20.1f}")
    if options.json:
        options.json.write_text(json.dumps(results, indent=2))
    if medians.get("bubblewrap", 0.0) > LIMIT_MS:
        sys.exit(f"bubblewrap's median is over {LIMIT_MS:.0f} ms")


if __name__ == "__main__":
    main()
