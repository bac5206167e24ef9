"""`hasten show JOB --samples`: every raw pair behind a verdict, as numbers and as dots."""

import math
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from api.cli.render import plain_table, print_table
from api.gains import log_ratio, times_s
from api.legible import line
from api.report_samples import MeasuredPart, SamplesPart

WIDTH = 31
_BARS = "▁▂▃▄▅▆▇█"


def render_samples(console: Console, samples: SamplesPart) -> None:
    """A table for each timed batch of each stage; a ratio is time before / time after: dots to the right are faster."""
    if not any(stage.measured.samples for stage in samples.stages):
        console.print("  No pairs were kept: nothing was measured, or their files are gone.")
    for stage in samples.stages:
        if not stage.measured.samples:
            continue
        level = f", level {stage.measured.alpha:.2g}" if stage.measured.alpha is not None else ""
        title = f"#{stage.candidate} {stage.stage}: {stage.decision}"
        about = f"  {line(stage.detail)} ({stage.measured.clock} time{level})"
        console.print(Text.assemble("\n", (title, "bold"), about))
        for group in stage.measured.samples[0].before.windows:
            _render_group(console, group, stage.measured)


def _render_group(console: Console, group: str, found: MeasuredPart) -> None:
    rows = [times_s(pair, group, found.clock) for pair in found.samples]
    gains = [log_ratio(before, after) for before, after in rows]
    low, high = min(0.0, *gains), max(0.0, *gains)
    middle = math.exp(sorted(gains)[len(gains) // 2])
    console.print(Text.assemble("\n  ", (line(group), "bold"), f"  median {middle:.3f}x  ", spark(gains)))
    table = plain_table("pair", "first", "before ms", "after ms", "ratio", "", right=_RIGHT, header=True)
    for number, (pair, (before, after), gain) in enumerate(zip(found.samples, rows, gains, strict=True), start=1):
        first = "before" if pair.before_first else "after"
        words = (str(number), first, f"{before * 1000:.2f}", f"{after * 1000:.2f}", f"{math.exp(gain):.3f}")
        table.add_row(*words, dot(gain, low, high))
    print_table(console, table)


_RIGHT = ("pair", "before ms", "after ms", "ratio")


def dot(gain: float, low: float, high: float) -> str:
    """Where a log ratio lies between `low` and `high`, with a bar where nothing is gained."""
    places = [" "] * WIDTH
    places[_place(0.0, low, high)] = "|"
    places[_place(gain, low, high)] = "●"
    return "".join(places)


def spark(values: Sequence[float]) -> str:
    """One bar for each value, in order."""
    low, high = min(values), max(values)
    step = (high - low) / (len(_BARS) - 1) or 1.0
    return "".join(_BARS[round((value - low) / step)] for value in values)


def _place(value: float, low: float, high: float) -> int:
    return round((value - low) / (high - low) * (WIDTH - 1)) if high > low else WIDTH // 2
