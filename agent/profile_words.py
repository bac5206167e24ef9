"""Profiles as a model reads them: what is hot first, nothing that does not help, always in the same order."""

from collections.abc import Sequence

from tools.profile.lines import LineCost, LineProfile
from tools.profile.profile import OUTSIDE, Profile

MOST_FUNCTIONS = 12
MOST_STACKS = 5
MOST_FRAMES = 8
MOST_HOTTEST = 3
MOST_SOURCE_LINES = 120
AROUND = 3
"""Lines shown around a dear one, of a function that is too long to be shown whole."""
LEAST_SHARE = 0.01
LEAST_BYTES = 100
"""What looking on itself allocates is less."""
MIB = 1024 * 1024


def functions_in_words(profile: Profile) -> str:
    """The functions by their own time, and the stacks that took most."""
    if not profile.functions:
        return "No measurable time was spent in the project's Python code."
    rows = ["    own   total  function"]
    for one in profile.functions[:MOST_FUNCTIONS]:
        name = f"{one.module}:{one.qualname}" if one.module else f"{one.path}:{one.qualname}"
        rows.append(f"{one.own_share:7.1%} {one.cumulative_share:7.1%}  {name} ({one.path}:{one.line})")
    if left := profile.functions[MOST_FUNCTIONS:]:
        rows.append(f"{sum(one.own_share for one in left):7.1%}          {len(left)} further functions")
    return "\n".join([*rows, *_stacks(profile)])


def _stacks(profile: Profile) -> list[str]:
    stacks: list[tuple[int, str]] = []
    for line in profile.folded.splitlines():
        frames, _, weight = line.rpartition(" ")
        stacks.append((int(weight), frames))
    if not any(";" in frames for _, frames in stacks):
        return []
    whole_us = sum(spent_us for spent_us, _ in stacks) or 1
    rows = ["", "The hottest stacks, callers first:"]
    for spent_us, frames in sorted(stacks, key=lambda one: (-one[0], one[1]))[:MOST_STACKS]:
        names = [
            "code outside the project" if name == OUTSIDE else name.rpartition(":")[2] for name in frames.split(";")
        ]
        shown = names if len(names) <= MOST_FRAMES else ["...", *names[-MOST_FRAMES:]]
        rows.append(f"{spent_us / whole_us:7.1%}  {' > '.join(shown)}")
    return rows


def lines_in_words(found: LineProfile, text: str, *, memory: bool = False) -> str:
    """The dearest lines of a function, then its source with what each line takes."""
    function = found.place.function
    if not found.lines:
        return f"{function.qualname} ({function.path}) did not run, so none of its lines can be told apart."
    source = text.splitlines()
    hottest = [cost for cost in found.hottest[:MOST_HOTTEST] if cost.share >= LEAST_SHARE]
    if memory:
        hottest = [cost for cost in hottest if max(cost.kept_bytes, cost.peak_bytes) >= LEAST_BYTES]
    rows = [f"{_dearest(cost, memory)}: {_source(source, cost.line).strip()}" for cost in hottest]
    rows = rows or ["Its lines allocate nothing to speak of."]
    hits = f"Hits are of {found.calls:,} calls" + (", not of the whole work" if found.cut else "") + "."
    return "\n".join([*rows, "", *([hits, ""] if found.calls else []), *_listing(found, source, memory)])


def _dearest(cost: LineCost, memory: bool) -> str:
    if memory:
        kept = _size(cost.kept_bytes)
        return (
            f"line {cost.line} keeps {kept} in a call and holds {_size(cost.peak_bytes)} at once ({cost.hits:,} hits)"
        )
    called = cost.share - cost.own_share
    inside = f", {called:.0%} in what it calls" if called >= 0.01 else ""
    hits = f" ({cost.hits:,} hits)" if cost.hits else ""
    return f"line {cost.line} takes {cost.share:.0%} of the function's time{inside}{hits}"


def _listing(found: LineProfile, source: Sequence[str], memory: bool) -> list[str]:
    costs = {cost.line: cost for cost in found.lines if cost.hits or cost.share}
    first, last = found.place.first, min(found.place.last, len(source))
    shown = set(range(first, last + 1))
    if len(shown) > MOST_SOURCE_LINES:
        dear = [cost.line for cost in found.hottest[: MOST_SOURCE_LINES // (2 * AROUND + 1)]]
        shown &= {line for one in dear for line in range(one - AROUND, one + AROUND + 1)} | {first}
    head = "  line      hits       kept   at once  source" if memory else "  line      hits   time  source"
    rows = [head]
    before = first - 1
    for line in sorted(shown):
        if line != before + 1:
            rows.append(f"        ... {line - before - 1} lines without much cost ...")
        rows.append(_row(line, costs.get(line), _source(source, line), memory))
        before = line
    if before < last:
        rows.append(f"        ... {last - before} lines without much cost ...")
    return rows


def _row(line: int, cost: LineCost | None, text: str, memory: bool) -> str:
    hits = f"{cost.hits:,}" if cost is not None and cost.hits else ""
    if memory:
        kept = _size(cost.kept_bytes) if cost is not None and abs(cost.kept_bytes) >= LEAST_BYTES else ""
        peak = _size(cost.peak_bytes) if cost is not None and cost.peak_bytes >= LEAST_BYTES else ""
        return f"{line:6} {hits:>9} {kept:>10} {peak:>9}  {text}".rstrip()
    share = f"{cost.share:.1%}" if cost is not None and cost.share >= 0.0005 else ""
    return f"{line:6} {hits:>9} {share:>6}  {text}".rstrip()


def _source(source: Sequence[str], line: int) -> str:
    return source[line - 1] if 0 < line <= len(source) else ""


def _size(count: int) -> str:
    """Bytes in the unit that suits them."""
    for unit, name in ((MIB, "MiB"), (1024, "KiB")):
        if abs(count) >= unit:
            return f"{count / unit:.1f} {name}"
    return f"{count} B"
