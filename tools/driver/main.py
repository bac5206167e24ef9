"""The driver's entry: takes the line over before any code of the target runs, then hands it to the mode asked for."""

import sys

from .channel import take_over


def main(arguments=None, hidden=None):
    """Run the mode named by the first argument.

    With `hidden`, some words, it takes itself out of sight first (see `hiding.py`).
    """
    channel = take_over()
    mode, *arguments = arguments or sys.argv[1:]
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
    elif mode == "benchmarks":
        from .benchmark_list import main as run
    elif mode == "proven":
        from .proven import main as run
    elif mode == "built":
        from .built import main as run
    else:
        raise SystemExit("no such mode of the driver: %r" % mode)
    if hidden:
        from .hiding import hide

        hide(hidden)
    run(channel, arguments)
