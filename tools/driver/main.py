"""The driver's entry: takes the line over before any code of the target runs, then hands it to the mode asked for."""

import sys

from .channel import take_over


def main():
    """Run the mode named by the first argument: `tests`, `workload`, `counted`, `command`, `sampled` or `proven`."""
    channel = take_over()
    mode, arguments = sys.argv[1], sys.argv[2:]
    if mode == "tests":
        from .suite import main as run
    elif mode == "workload":
        from .serve import main as run
    elif mode == "counted":
        from .counted import main as run
    elif mode == "command":
        from .command import main as run
    elif mode == "sampled":
        from .sampled import main as run
    elif mode == "proven":
        from .proven import main as run
    else:
        raise SystemExit("no such mode of the driver: %r" % mode)
    run(channel, arguments)
