"""Measures each rule on the examples of its corpus: `python -m benchmarks.rules` writes figures.json and docs/rules.md.

Before and after run in turns, in random order, in one process; the ratio is the median over the pairs. What a rule
moves away from the start of a program is measured as whole processes. Names of rules as arguments measure these alone.
"""

import copy
import json
import os
import platform
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from agent.proposers.rewrite import docs
from agent.proposers.rewrite.rules import RULES

CORPUS = Path(__file__).parents[2] / "tests/agent/proposers/rewrite/corpus/accept"
EXAMPLES = 3
"""Of each rule, the first ones."""
PAIRS = 9
STARTS = 11
BATCH_S = 0.01
"""A batch of calls is long enough that reading the clock does not count."""


def main(names: list[str]) -> int:
    """Measure the rules named, or all, and write what was found."""
    sys.set_int_max_str_digits(0)
    known = json.loads(docs.FIGURES.read_text()) if docs.FIGURES.exists() else {"rules": {}}
    figures = known["rules"] if names else {}
    for rule in RULES:
        if names and rule.name not in names:
            continue
        measured = [_measure(path) for path in sorted((CORPUS / rule.name).glob("*.py"))[:EXAMPLES]]
        best = max((found for found in measured if found is not None), key=lambda found: float(found["speedup"]))
        figures[rule.name] = best
        sys.stdout.write(f"{rule.name}: {best['speedup']:.2f}x on {best['example']}\n")
        _write(figures)
    return docs.main()


def _write(figures: dict[str, Any]) -> None:
    """Keep what is known so far, in the order of the rules."""
    machine = {"machine": _processor(), "cores": os.cpu_count(), "python": platform.python_version()}
    order = [rule.name for rule in RULES if rule.name in figures]
    found = {**machine, "rules": {name: figures[name] for name in order}}
    docs.FIGURES.write_text(json.dumps(found, indent=1) + "\n")


def _measure(path: Path) -> dict[str, Any] | None:
    """The speedup of one example; None where it needs a library that is not installed."""
    before, _, rest = path.read_text().partition("# ==== after\n")
    after, _, inputs = rest.partition("# ==== inputs\n")
    example = f"{path.parent.name}/{path.name}"
    if "start_up = True" in inputs:
        ratio, first_s = _starts(before, after)
        return {
            "example": example,
            "what": "start-up",
            "before_us": round(first_s * 1e6, 1),
            "speedup": round(ratio, 3),
        }
    scope: dict[str, Any] = {}
    try:
        exec(inputs, scope)
        one, other = _load(before), _load(after)
        arguments = scope["inputs"](random.Random(1), scope["large"])
    except ModuleNotFoundError as error:
        sys.stdout.write(f"{example}: left out, {error}\n")
        return None
    ratio, first_s = _pairs(one, other, arguments)
    what = f"inputs of size {scope['large']}"
    return {"example": example, "what": what, "before_us": round(first_s * 1e6, 1), "speedup": round(ratio, 3)}


def _load(source: str) -> Callable[..., Any]:
    scope: dict[str, Any] = {"__name__": "example"}
    exec(compile(source, "<example>", "exec"), scope)
    methods = [value for value in scope.values() if isinstance(value, type) and "target" in vars(value)]
    function: Callable[..., Any] = vars(methods[0])["target"] if methods else scope["target"]
    return function


def _pairs(one: Callable[..., Any], other: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[float, float]:
    """The median ratio of before to after, and the median time of a call before."""
    given = copy.deepcopy(arguments)
    begin = time.process_time()
    one(*given)
    calls = max(1, round(BATCH_S / max(time.process_time() - begin, 1e-7)))
    changes = repr(given) != repr(arguments)
    ratios, firsts, order = [], [], random.Random(0)
    for _ in range(PAIRS):
        spent_s = {}
        for function in order.sample((one, other), 2):
            inputs = [copy.deepcopy(arguments) if changes else arguments for _ in range(calls)]
            spent_s[function] = _seconds(function, inputs)
        ratios.append(spent_s[one] / spent_s[other])
        firsts.append(spent_s[one] / calls)
    return statistics.median(ratios), statistics.median(firsts)


def _seconds(function: Callable[..., Any], inputs: list[tuple[Any, ...]]) -> float:
    """Processor seconds of a batch; a recursion's cache is emptied before each call."""
    forget = getattr(function, "cache_clear", lambda: None)
    begin = time.process_time()
    for arguments in inputs:
        forget()
        function(*arguments)
    return time.process_time() - begin


def _starts(before: str, after: str) -> tuple[float, float]:
    """The median ratio, and the median time before, of processes that import the module and end."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ("before.py", "after.py")]
        for path, text in zip(paths, (before, after), strict=True):
            path.write_text(text)
        ratios, firsts = [], []
        for _ in range(STARTS):
            spent = []
            for path in paths:
                begin_s = _children_s()
                subprocess.run([sys.executable, "-I", str(path)], check=True)
                spent.append(_children_s() - begin_s)
            ratios.append(spent[0] / spent[1])
            firsts.append(spent[0])
    return statistics.median(ratios), statistics.median(firsts)


def _children_s() -> float:
    """Processor seconds of the processes that have ended so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _processor() -> str:
    """The processor's name as Linux tells it."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
