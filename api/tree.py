"""A search as a picture: what grew from what, and what became of it, as an SVG that stands alone."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from agent.domain import UNCHANGED, Candidate, Outcome, Round
from agent.policies.search import Tried
from agent.protocols import Entry
from api.legible import line

ROW = 26
STEP = 34
LEFT = 34
TOP = 96
WIDTH = 1040
METHOD_X = 838
CHARACTER = 6.6
"""The width of a character of a label, about."""
_KINDS: Mapping[str, tuple[Outcome, ...]] = {
    "kept": (Outcome.KEPT,),
    "no gain": (Outcome.NOT_FASTER, Outcome.REGRESSED, Outcome.INCONCLUSIVE, Outcome.DUPLICATE),
    "wrong": (Outcome.TESTS_FAILED, Outcome.NOT_EQUIVALENT, Outcome.BUILD_FAILED, Outcome.DOES_NOT_APPLY),
    "refused": (Outcome.CHEATED, Outcome.OFF_LIMITS),
}
_LIGHT = {
    "back": "#ffffff",
    "ink": "#1f2328",
    "soft": "#656d76",
    "rule": "#d0d7de",
    "best": "#dafbe1",
    "kept": "#1a7f37",
    "no-gain": "#8c959f",
    "wrong": "#bc4c00",
    "refused": "#cf222e",
    "cross": "#8250df",
}
_DARK = {
    "back": "#0d1117",
    "ink": "#e6edf3",
    "soft": "#8d96a0",
    "rule": "#30363d",
    "best": "#12261e",
    "kept": "#3fb950",
    "no-gain": "#6e7681",
    "wrong": "#db6d28",
    "refused": "#f85149",
    "cross": "#a371f7",
}
_FONT = 'text { font: 12px ui-sans-serif, system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }'
_SHAPES = (
    ".title { font-size: 16px; font-weight: 600; } .number { font-weight: 600; } "
    "path { fill: none; stroke-width: 1.5; } "
    ".way { stroke-width: 2.5; } .no-gain, .wrong, .refused { stroke-width: 2; }"
)


@dataclass(kw_only=True)
class _Node:
    """One candidate and its place."""

    candidate: Candidate
    entry: Entry | None = None
    made_by: str = ""
    depth: int = 0
    row: int = 0
    children: list["_Node"] = field(default_factory=list)

    @property
    def x(self) -> float:
        return LEFT + self.depth * STEP

    @property
    def y(self) -> float:
        return TOP + self.row * ROW


def tree_svg(entries: Sequence[Entry], rounds: Sequence[Round], title: str) -> str:
    """The tree of a search: a row for each candidate, below and to the right of the one whose code it began from."""
    tried = Tried(entries=tuple(entry for entry in entries if entry.candidate.round), rounds=tuple(rounds))
    nodes = _grown(tried)
    best = max((one.candidate for one in tried.entries if one.verdict.kept), key=tried.gain, default=UNCHANGED)
    way = _way_to(best, tried)
    edges = [_edge(child, parent, way) for parent in nodes.values() for child in parent.children]
    drawn = sorted(edges, key=lambda edge: 'class="way"' in edge)  # the way lies above what branches off
    drawn += [_node(node, tried, best) for node in nodes.values()]
    height = TOP + len(nodes) * ROW + 6
    kept = sum(entry.verdict.kept for entry in tried.entries)
    summary = f"{len(tried.entries)} candidates in {len(rounds)} rounds, {kept} kept"
    if best != UNCHANGED:
        summary += f"; the way to the fastest, {math.exp(tried.gain(best)):.2f}x, is drawn bold"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
            f'aria-label="{escape(title)}: {escape(summary)}">',
            _style(),
            f'<rect class="back" width="{WIDTH}" height="{height}" rx="8"/>',
            f'<text class="title" x="24" y="34">{escape(title)}</text>',
            f'<text class="soft" x="24" y="54">{escape(summary)}</text>',
            _legend(),
            *drawn,
            "</svg>\n",
        ]
    )


def _grown(tried: Tried) -> dict[int, _Node]:
    """Every candidate's node by its number, the unchanged code first, laid out depth first."""
    nodes = {UNCHANGED.number: _Node(candidate=UNCHANGED)}
    directives = {one.directive.round: one.directive for one in tried.rounds}
    for entry in tried.entries:
        directive = directives.get(entry.candidate.round)
        words = (directive.method, directive.phase) if directive else ()
        node = _Node(candidate=entry.candidate, entry=entry, made_by=" · ".join(filter(None, words)))
        began = directive.begins.number if directive else next(iter(entry.candidate.parents), UNCHANGED.number)
        nodes[entry.candidate.number] = node
        nodes[began].children.append(node)
    left = [nodes[UNCHANGED.number]]
    row = 0
    while left:
        node = left.pop()
        node.row, row = row, row + 1
        for child in reversed(node.children):
            child.depth = node.depth + 1
            left.append(child)
    return nodes


def _way_to(best: Candidate, tried: Tried) -> set[int]:
    """The candidates on the way from the unchanged code to one."""
    way: set[int] = set()
    while best.number != UNCHANGED.number:
        way.add(best.number)
        parent = best.parents[0] if best.parents else UNCHANGED.number
        best = tried.entry(parent).candidate if parent else UNCHANGED
    return way


def _edge(child: _Node, parent: _Node, way: set[int]) -> str:
    """Down from the parent, then round the corner to the child."""
    kind = "way" if child.candidate.number in way else "edge"
    return f'<path class="{kind}" d="M{parent.x} {parent.y} V{child.y - 8} q0 8 8 8 H{child.x}"/>'


def _node(node: _Node, tried: Tried, best: Candidate) -> str:
    """Its dot, its number and gain, what was changed, and who made it."""
    candidate, entry = node.candidate, node.entry
    dot, words, what = 'class="root" r="5"', "", "the unchanged code"
    if entry is not None:
        kind = next(kind for kind, outcomes in _KINDS.items() if entry.verdict.outcome in outcomes)
        gain = math.exp(tried.gain(candidate)) if entry.verdict.kept else 0.0
        words = f" {gain:.2f}x" if gain else ""
        dot = f'class="{kind.replace(" ", "-")}" r="{4 + min(4.0, 2 * math.log2(max(gain, 1))) if gain else 4:.1f}"'
        what = line(candidate.summary) if gain else f"{entry.verdict.outcome}: {line(candidate.summary)}"
    other = f"× #{candidate.parents[1]}" if len(candidate.parents) > 1 else ""
    second = f'<tspan class="cross" dx="6">{other}</tspan>' if other else ""
    head = f"#{candidate.number}{words}"
    x, y = node.x + 14, node.y + 4
    after = x + CHARACTER * len(head + other) + (24 if other else 16)
    room = int((METHOD_X - 12 - after) / CHARACTER)
    what = what if len(what) <= room else f"{what[: room - 1]}…"
    soft = "" if entry and entry.verdict.kept else ' class="soft"'
    back = f'<rect class="best" x="{node.x - 10}" y="{node.y - 12}" width="{WIDTH - 14 - node.x}" height="24" rx="6"/>'
    return (
        f'{back if entry and candidate == best else ""}<circle {dot} cx="{node.x}" cy="{node.y}"/>'
        f'<text class="number" x="{x}" y="{y}">{head}{second}</text>'
        f'<text{soft} x="{after:.0f}" y="{y}">{escape(what)}</text>'
        f'<text class="soft" x="{METHOD_X}" y="{y}">{escape(node.made_by)}</text>'
    )


def _style() -> str:
    """Colours for light and for dark, without variables: not every viewer knows those."""
    return (
        f"<style>{_FONT} {_SHAPES} {_colours(_LIGHT)} @media (prefers-color-scheme: dark) {{{_colours(_DARK)}}}</style>"
    )


def _colours(colour: Mapping[str, str]) -> str:
    hollow = " ".join(
        f".{name} {{ fill: {colour['back']}; stroke: {colour[name]}; }}" for name in ("no-gain", "wrong", "refused")
    )
    return (
        f"text {{ fill: {colour['ink']}; }} .soft {{ fill: {colour['soft']}; }} .back {{ fill: {colour['back']}; }} "
        f".best {{ fill: {colour['best']}; }} .root {{ fill: {colour['ink']}; }} .kept {{ fill: {colour['kept']}; }} "
        f"{hollow} path {{ stroke: {colour['rule']}; }} .way {{ stroke: {colour['kept']}; }} "
        f".cross {{ fill: {colour['cross']}; }}"
    )


def _legend() -> str:
    parts = []
    x = 24
    for kind in _KINDS:
        parts.append(f'<circle class="{kind.replace(" ", "-")}" r="4" cx="{x + 5}" cy="72"/>')
        parts.append(f'<text class="soft" x="{x + 16}" y="76">{kind}</text>')
        x += 34 + int(CHARACTER * len(kind))
    parts.append(f'<text class="soft" x="{x}" y="76"><tspan class="cross number">× #n</tspan> its second parent</text>')
    parts.append(f'<text class="soft" x="{METHOD_X}" y="76">method · phase</text>')
    return "".join(parts)
