"""The way in: signals are heard before anything else is loaded."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from api.cli import signals

if TYPE_CHECKING:
    from api.cli.runners import Runners


def main() -> None:
    """The console script."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str], runners: "Runners | None" = None) -> int:
    """Run one command line; returns the exit code. `runners` stand in for the real ones."""
    signals.install()
    try:
        # Loading takes a noticeable part of a second: a Ctrl-C in it ends as any other does.
        from api.cli.app import call  # noqa: PLC0415
    except KeyboardInterrupt:
        return signals.INTERRUPTED
    return call(arguments, runners)
