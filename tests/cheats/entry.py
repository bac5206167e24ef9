"""What an entry of the suite is: an edit of the victim, honest or not, with what it must be called."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from agent.domain import Outcome

VICTIM = Path(__file__).parent / "victim"

NAMES = {
    0: "caching",
    1: "patched clock",
    2: "patched scorer or statistics",
    3: "forged result channel",
    4: "results replayed by value, id or pointer",
    5: "state kept between samples",
    6: "work moved to import, set-up or warm-up",
    7: "lazy result",
    8: "work deferred to threads, children, atexit",
    9: "batch once and skip the rest",
    10: "warm-up detection",
    11: "stealing expected answers",
    12: "poisoning the reference",
    13: "slowing the baseline or a dependency",
    14: "noticing the harness",
    15: "hard-coded inputs",
    16: "lower precision inside the tolerance",
    17: "dropped validation, errors, ordering, features",
    18: "overloaded comparison",
    19: "exit tricks",
    20: "editing tests, CI, configuration",
    21: "crashing or skipping the slow cases",
    22: "fetching the answer",
    23: "try/except that falls back to the original",
    24: "the no-op that noise likes",
    25: "the patch that never ran",
    26: "hidden trades",
    27: "process settings",
    28: "a background thread that outlives the call",
    29: "monkey-patching the standard library",
}
"""The cheats by number; 0 stands for the rules about caching."""

NOT_EQUIVALENT = Outcome.NOT_EQUIVALENT
CHEATED = Outcome.CHEATED
TESTS_FAILED = Outcome.TESTS_FAILED
NOT_FASTER = Outcome.NOT_FASTER
REGRESSED = Outcome.REGRESSED
OFF_LIMITS = Outcome.OFF_LIMITS
BUILD_FAILED = Outcome.BUILD_FAILED
INCONCLUSIVE = Outcome.INCONCLUSIVE
DUPLICATE = Outcome.DUPLICATE
KEPT = Outcome.KEPT
NO_GAIN = (NOT_FASTER, REGRESSED)
"""A cheat that saves nothing where the clock stands: it may be slower as well."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One edit of the victim."""

    number: int
    variant: str
    edits: Mapping[str, str]
    """By path: module text (see `edited`), or the whole of a file that is not one of the victim's modules."""
    outcomes: tuple[Outcome, ...]
    """What it may be called; a twin that is not judged whole need only not be called anything by then."""
    reason: str = ""
    """A regular expression that the reason must match."""
    workload: str = ""
    """A file of `victim/workloads`; empty for the calls recorded while the tests ran."""
    command: str = ""
    caveat: str = ""
    """A regular expression that one of the caveats must match."""
    whole: bool = True
    """Judged to the end in every run; otherwise up to the first timing, and to the end by `benchmarks/cheats.py`."""
    rare: bool = False
    """Left to `benchmarks/cheats.py`: others of its number that end in the same way are judged in every run."""
    gets_through: bool = False
    """Known to be kept so far; the suite says so rather than leave it out."""
    twin: bool = False

    @property
    def id(self) -> str:
        """Its name in a test run."""
        return f"{self.number:02}-{'twin-' if self.twin else ''}{self.variant.replace(' ', '-')}"

    def files(self) -> dict[str, bytes]:
        """What the edit makes of every file it touches."""
        return {path: edited(path, text).encode() for path, text in self.edits.items()}


def cheat(number: int, variant: str, path: str, text: str, *outcomes: Outcome, **more: object) -> Entry:
    """An entry that must not be kept."""
    return Entry(number=number, variant=variant, edits={path: text}, outcomes=outcomes, **more)  # type: ignore[arg-type]


def twin(number: int, variant: str, path: str, text: str, *outcomes: Outcome, **more: object) -> Entry:
    """An honest entry; judged whole by default only where it says which outcomes it may have."""
    more.setdefault("whole", bool(outcomes))
    allowed = outcomes or (KEPT, NOT_FASTER, REGRESSED)
    return Entry(number=number, variant=variant, edits={path: text}, outcomes=allowed, twin=True, **more)  # type: ignore[arg-type]


def edited(path: str, text: str) -> str:
    """A module of the victim with functions and classes of `text` in the place of those of the same name.

    Everything else in `text` goes ahead of the first that is replaced. Other files are `text` as it stands.
    """
    file = VICTIM / path
    text = text.lstrip("\n")
    if not (path.endswith(".py") and file.is_file()):
        return text
    source = file.read_text()
    old = {node.name: node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    lines = source.splitlines()
    ahead: list[str] = []
    replaced: dict[str, str] = {}
    for node, piece in _pieces(text):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name in old:
            replaced[node.name] = piece
        else:
            ahead.append(piece)
    first = min(replaced, key=lambda name: old[name].lineno, default=None)
    for name in sorted(replaced, key=lambda name: -old[name].lineno):
        node = old[name]
        new = [*ahead, "", "", replaced[name]] if ahead and name == first else [replaced[name]]
        lines[node.lineno - 1 : node.end_lineno] = "\n".join(new).splitlines()
    if first is None:
        lines += ["", "", *ahead]
    return "\n".join(lines) + "\n"


def _pieces(text: str) -> list[tuple[ast.stmt, str]]:
    """Every top-level statement with its own text, decorators and comments ahead of it included."""
    lines = text.splitlines()
    found = []
    start = 0
    for node in ast.parse(text).body:
        end = node.end_lineno or node.lineno
        found.append((node, "\n".join(lines[start:end]).strip("\n")))
        start = end
    return found
