"""What a processor's model says of a stretch of assembly: llvm-mca's throughput, and what holds it up."""

import re
from collections.abc import Sequence

from tools.compiler.assembly import Line
from tools.compiler.compilers import NOT_FOUND, Place
from tools.errors import ToolError
from tools.sandbox.contract import Limits

LIMITS = Limits(wall_s=60.0)
ITERATIONS = 100
PACKAGE = "llvm"
_SUMMARY = ("Instructions", "Total Cycles", "Dispatch Width", "uOps Per Cycle", "IPC", "Block RThroughput")
_CALL = re.compile(r"^\s*(call|bl)\b")


def throughput(place: Place, lines: Sequence[Line]) -> str:
    """Cycles of an iteration of these lines and their bottleneck, in llvm-mca's words; raises ToolError."""
    text = "\n".join(line.raw for line in lines if not _is_call(line)) + "\n"
    argv = ("llvm-mca", f"-iterations={ITERATIONS}", "-bottleneck-analysis", "-instruction-info=false")
    finished = place.run((*argv, "-resource-pressure=false", "-"), "/tmp", stdin=text.encode(), limits=LIMITS)
    if finished.exit_code == NOT_FOUND:
        raise ToolError(f"llvm-mca is not installed in the sandbox (Debian: `apt-get install {PACKAGE}`).")
    if not finished.ok:
        raise ToolError(f"llvm-mca cannot read this assembly: {finished.tail(2)}")
    report = finished.stdout.decode("utf-8", "replace")
    return f"{_cycles(report)}\n{_summary(report)}\n{_bottleneck(report)}".rstrip()


def _cycles(report: str) -> str:
    cycles = re.search(r"Total Cycles:\s+(\d+)", report)
    each = int(cycles[1]) / ITERATIONS if cycles else 0.0
    return f"{each:.1f} cycles an iteration, were every load a hit in the nearest cache and every jump foreseen"


def _summary(report: str) -> str:
    found = [re.search(rf"^{re.escape(name)}:\s+(\S+)", report, re.MULTILINE) for name in _SUMMARY]
    return ", ".join(f"{name} {match[1]}" for name, match in zip(_SUMMARY, found, strict=True) if match)


def _bottleneck(report: str) -> str:
    """From what holds it up to the end of that section; empty where nothing does."""
    lines = report.splitlines()
    first = next((number for number, line in enumerate(lines) if "backend pressure" in line), None)
    if first is None:
        return "No bottleneck was found."
    found: list[str] = []
    for line in lines[first:]:
        if line.startswith(("Instruction Info", "Resources:", "Critical sequence")):
            break
        if line.strip():
            found.append(line.rstrip())
    return "\n".join(found)


def _is_call(line: Line) -> bool:
    return bool(_CALL.match(line.raw))
