"""A flame graph from folded stacks, laid out in fractions of its width so that it fits any page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

NARROWEST = 0.001
"""Share of the whole below which a frame is not drawn."""
DEEPEST = 80
MOST_FRAMES = 4000
ROW_PX = 18
HUES = 5
SHADES = (0.01, 0.05, 0.15)
"""Changes, as shares of the time before, from which each stronger colour is used."""


@dataclass(frozen=True, kw_only=True)
class Frame:
    """One function in one place of the stacks."""

    label: str
    """`path:qualname`, or what stands for code outside the project."""
    name: str
    x: float
    width: float
    depth: int
    share: float
    """Of all time, from 0 to 1."""
    change: float | None
    """Of the function's time, as a share of the other profile's; None where there is none."""
    colour: str

    @property
    def y(self) -> int:
        """Distance from the top, in pixels."""
        return self.depth * ROW_PX


@dataclass(frozen=True, kw_only=True)
class Flame:
    """Everything that is drawn of one profile."""

    frames: tuple[Frame, ...]
    height: int
    """In pixels."""
    spent_ms: float


@dataclass(kw_only=True)
class _Node:
    label: str
    spent_us: int = 0
    children: dict[str, Self] = field(default_factory=dict)


def flame_of(folded: str, against: str | None = None, *, takes: float = 1.0) -> Flame | None:
    """The graph of one profile, coloured by what changed `against` another; None where nothing was seen.

    `takes` is how long all of this one takes, where all of the other takes 1.
    """
    root = _tree(folded)
    if not root.spent_us:
        return None
    now = {label: share * takes for label, share in shares_of(folded).items()}
    shares = None if against is None else (shares_of(against), now)
    frames: list[Frame] = []
    rows = [(root, 0.0, 0)]
    while rows and len(frames) < MOST_FRAMES:
        node, x, depth = rows.pop(0)
        width = node.spent_us / root.spent_us
        frames.append(_frame(node.label, x, width, depth, shares))
        if depth < DEEPEST:
            for child in sorted(node.children.values(), key=lambda one: one.label):
                share = child.spent_us / root.spent_us
                if share >= NARROWEST:
                    rows.append((child, x, depth + 1))
                x += share
    deepest = max(frame.depth for frame in frames)
    return Flame(frames=tuple(frames), height=(deepest + 1) * ROW_PX, spent_ms=root.spent_us / 1000)


def shares_of(folded: str) -> dict[str, float]:
    """Each function's share of the time, with everything it calls, from 0 to 1."""
    spent: dict[str, int] = {}
    total = 0
    for labels, us in _stacks(folded):
        total += us
        for label in set(labels):
            spent[label] = spent.get(label, 0) + us
    return {label: us / total for label, us in spent.items()} if total else {}


def _tree(folded: str) -> _Node:
    root = _Node(label="everything")
    for labels, us in _stacks(folded):
        root.spent_us += us
        node = root
        for label in labels:
            node = node.children.setdefault(label, _Node(label=label))
            node.spent_us += us
    return root


def _stacks(folded: str) -> list[tuple[list[str], int]]:
    stacks = []
    for text in folded.split("\n"):
        stack, _, us = text.rpartition(" ")
        if stack and us.isdecimal():
            stacks.append((stack.split(";"), int(us)))
    return stacks


def _frame(
    label: str, x: float, width: float, depth: int, shares: tuple[Mapping[str, float], Mapping[str, float]] | None
) -> Frame:
    change = None
    if shares is not None and depth:
        before, after = shares
        change = after.get(label, 0.0) - before.get(label, 0.0)
    return Frame(
        label=label,
        name=label.rpartition(":")[2],
        x=x,
        width=width,
        depth=depth,
        share=width,
        change=change,
        colour=_colour(label, depth, change),
    )


def _colour(label: str, depth: int, change: float | None) -> str:
    """The name of a style: by file, or by how much the share changed."""
    if change is not None:
        shade = sum(abs(change) >= limit for limit in SHADES)
        return f"{'more' if change > 0 else 'less'}{shade}" if shade else "same"
    if not depth or label.startswith("["):
        return "plain"
    return f"hue{sum(label.partition(':')[0].encode()) % HUES}"
