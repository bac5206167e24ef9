"""Whether a command runs what changed in C or C++: the candidate is built once more with the compiler's counters."""

import difflib
from collections.abc import Mapping, Sequence
from enum import StrEnum

from agent.bench import Bench, texts
from tools.compiler.build import build
from tools.compiler.functions import is_native, read_native
from tools.git.workspace import lay_out_side
from tools.workload.workload import Workload


class Ran(StrEnum):
    """What the counters showed of a change."""

    YES = "it ran"
    NO = "it did not run"
    UNKNOWN = "they show nothing of it"


def ran(bench: Bench, commands: Sequence[Workload]) -> Ran:
    """Whether one of the commands runs a changed line of C or C++, on a fresh seed."""
    recipe, kit = bench.baseline.recipe, bench.kit
    edited = edits(texts(bench.before), texts(bench.after))
    if recipe.build is None or not commands or not any(edited.values()):
        return Ran.UNKNOWN
    tree = lay_out_side(bench.baseline.snapshot, bench.candidate.patch, None, kit.home)
    asked = [(one.command or "").replace("{seed}", str(bench.seed % (1 << 31))) for one in commands]
    built = build(kit.sandbox, bench.challenger.environment, tree, recipe.build, "lines", asked)
    return _ran(built.lines, edited, texts(bench.after))


def edits(before: Mapping[str, str | None], after: Mapping[str, str | None]) -> dict[str, set[int]]:
    """The changed lines of C and C++ that stand in a function, by path; where lines only went, those around them."""
    found: dict[str, set[int]] = {}
    for path, text in after.items():
        if not is_native(path) or text is None:
            continue
        lines: set[int] = set()
        matcher = difflib.SequenceMatcher(
            None, (before.get(path) or "").splitlines(), text.splitlines(), autojunk=False
        )
        for tag, _, _, first, last in matcher.get_opcodes():
            if tag != "equal":
                lines.update(range(first + 1, last + 1) if last > first else (max(1, first), first + 1))
        source = read_native(text, path)
        found[path] = {line for line in lines if source.function_at(line)}
    return found


def _ran(
    counted: Mapping[str, Mapping[int, int]], edited: Mapping[str, set[int]], after: Mapping[str, str | None]
) -> Ran:
    """The edited lines that have code decide; where none has (a declaration, a signature), their functions do."""
    seen = {path: counted[path] for path in edited if path in counted}
    direct = [counts[line] for path, counts in seen.items() for line in edited[path] if line in counts]
    if direct:
        return Ran.YES if any(direct) else Ran.NO
    around = [
        count
        for path, counts in seen.items()
        for line, count in counts.items()
        if _function(after, path, line) in {_function(after, path, one) for one in edited[path]}
    ]
    if not around:
        return Ran.UNKNOWN
    return Ran.YES if any(around) else Ran.NO


def _function(after: Mapping[str, str | None], path: str, line: int) -> str | None:
    found = read_native(after[path] or "", path).function_at(line)
    return found.name if found else None
