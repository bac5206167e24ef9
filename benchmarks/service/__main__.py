"""The numbers of the service: `python -m benchmarks.service` (or `make bench`) writes docs/performance.md.

Starts a PostgreSQL and a Redis by itself, and the service's own processes. `--only PART` runs one part and prints its
line. With `--json FILE` all that is measured is written down as it ends, and what stands there is not measured again:
what was stopped goes on, and `--write` makes the page of the file alone.
"""

import argparse
import json
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.service import first_step, following, lists, posting
from benchmarks.service.chaos import orders, run
from benchmarks.service.machine import machine, moment
from benchmarks.service.page import page
from benchmarks.service.promises import broken

PAGE = Path(__file__).resolve().parents[2] / "docs/performance.md"
PARTS: Mapping[str, Callable[[], dict[str, Any]]] = {
    "post": posting.measure,
    "lists": lists.measure,
    "followers": following.measure,
    "first-step": first_step.measure,
    "chaos": lambda: run.measure(real=tuple(orders.REAL)),
}


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=PARTS, help="one part, whether it was measured before or not")
    parser.add_argument("--json", type=Path, help="write all that is measured here; what stands there is taken")
    parser.add_argument("--write", action="store_true", help="measure nothing, write the page of what stands in --json")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # so that all that was started ends, as by Ctrl-C
    there = options.json is not None and options.json.exists()
    found: dict[str, Any] = json.loads(options.json.read_text()) if there else {}
    found.setdefault("machine", machine())
    if not options.write:
        for part in [options.only] if options.only else [one for one in PARTS if one not in found]:
            when = {**moment(), "cores": found["machine"]["cores"]}
            found[part] = {**PARTS[part](), "moment": when}
            if options.json:
                options.json.write_text(json.dumps(found, indent=1), encoding="utf-8")
            print(json.dumps(found[part], indent=1), *broken(part, found[part]), sep="\n", file=sys.stderr, flush=True)
    if options.only and not options.json:
        print(page(found))
        return
    PAGE.write_text(page(found), encoding="utf-8")
    print(f"wrote {PAGE.name}")


if __name__ == "__main__":
    main()
