"""Benchmarks of the measuring: `python -m benchmarks.measuring COMMAND`.

record    take sessions of pairs on this host, quiet and beside neighbours; nothing else should run meanwhile
trials    resample the sessions: false alarms, jobs of no-ops, power, guards, intervals
rules     other tools' rules on the same pairs
reject    how long a hopeless candidate takes to reject
report    the tables, as Markdown
"""

import argparse
import random

from benchmarks.measuring.peers import OWN_TRIALS, TRIALS, compare
from benchmarks.measuring.record import record
from benchmarks.measuring.reject import measure
from benchmarks.measuring.report import page
from benchmarks.measuring.sessions import save
from benchmarks.measuring.trials import keep, run, stored_results

SEED = 20_250
PAIRS = 72


def main() -> None:
    """Do what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("record", "trials", "rules", "reject", "report"))
    parser.add_argument("--pairs", type=int, default=PAIRS, help="pairs of a session to record (%(default)s)")
    parser.add_argument("--seed", type=int, default=SEED, help="of the resampling; 0 draws a new one")
    parser.add_argument("--share", type=float, default=1.0, help="of the trials, where a glance is enough")
    options = parser.parse_args()
    seed = options.seed or random.SystemRandom().randrange(1 << 31)
    if options.command == "record":
        save(record(options.pairs, _say))
    elif options.command == "trials":
        keep(run(_say, seed, options.share))
    elif options.command == "rules":
        keep({"rules": compare(seed, round(TRIALS * options.share), round(OWN_TRIALS * options.share))})
    elif options.command == "reject":
        keep({"reject": measure(_say)})
    else:
        print(page(stored_results()))


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()
