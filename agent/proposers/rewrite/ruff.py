"""ruff's fixes that make code faster, kept to one function."""

import ast
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from agent.proposers.rewrite.function import Function, Piece
from agent.proposers.rewrite.module import ModuleUnderEdit
from agent.proposers.rewrite.rule import Edit
from tools.errors import InfrastructureError

_SELECTED = (
    "PERF,C4,FURB118,FURB122,FURB129,FURB132,FURB140,FURB142,FURB145,FURB148,FURB161,FURB163,FURB168,FURB169,"
    "FURB171,FURB187,FURB188,SIM101,SIM109,SIM118,SIM401,SIM905,SIM910,SIM911,"
    "RUF007,RUF010,RUF017,RUF019,RUF046,RUF051,RUF055,RUF057,RUF058,UP012,UP018,UP028,UP032"
)
"""Fixes that save work at run time; those of `SIM` and `UP` that only please the eye are left out.

Left out too, for they change results: FURB192 (takes the first of equal maxima where sorting gave the last, and
ValueError for IndexError), RUF015 (StopIteration for IndexError), RUF005 (mixes lists and tuples), UP031 (tuples).
FURB136 (`min` for a conditional expression) and SIM110 (a generator for a loop) are slower than what they replace.
"""
_IGNORED = "C408,C419,PERF203"
_ONLY_SAFE = ("C413", "C414", "C417")
"""Codes whose unsafe fixes change the order of equal items or the type of the result."""
_TIMEOUT_S = 20.0
_SAFE_WHEN = (
    "Each of ruff's fixes has conditions of its own; unsafe ones are taken too. Only fixes are kept whose edits lie "
    "within the function (imports they add at the top aside), and each is a candidate like any other: judged by the "
    "tests and by fresh inputs, never trusted."
)


class RuffRule:
    """Does what one of ruff's performance fixes does better; one edit for each of its codes."""

    name = "ruff"
    payoff = 30
    safe_when = _SAFE_WHEN

    def rewrite(self, module: ModuleUnderEdit, function: str) -> list[Edit]:
        """An edit for each code with fixes in the function; raises InfrastructureError where ruff cannot be run."""
        edits = []
        for definition in module.functions(function):
            first = module.line_starts.index(definition.start) + 1
            last = definition.definition.end_lineno or first
            raising = _raising_lines(definition.definition)
            by_code: dict[str, list[Mapping[str, Any]]] = {}
            for finding in _findings(module.source):
                row = int(finding["location"]["row"])
                if first <= row <= last and row not in raising:
                    by_code.setdefault(str(finding["code"]), []).append(finding)
            edits += [edit for found in by_code.values() if (edit := _edit(definition, found, first, last)) is not None]
        return edits


def _edit(definition: Function, found: Sequence[Mapping[str, Any]], first: int, last: int) -> Edit | None:
    """One edit with all fixes of a code that stand apart, None where none can be taken."""
    module, pieces = definition.module, list[Piece]()
    for finding in found:
        more = _pieces(module, finding, first, last)
        if any(definition.shows(piece) for piece in more):
            continue
        apart = all(new in pieces or _is_apart(new, old) for new in more for old in pieces)
        pieces += more if apart else []
    if not pieces:
        return None
    summary = f"{found[0]['code']}: {_sentence(str(found[0]['message']))}"
    return Edit(rule=RuffRule.name, summary=summary, source=module.apply(pieces), line=found[0]["location"]["row"])


def _is_apart(one: Piece, other: Piece) -> bool:
    return one.end < other.start or other.end < one.start


def _raising_lines(definition: ast.AST) -> set[int]:
    """The lines of `raise` statements, which no fix can make worth running faster."""
    raising = [node for node in ast.walk(definition) if isinstance(node, ast.Raise)]
    return {line for node in raising for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)}


@lru_cache(maxsize=8)
def _findings(source: str) -> Sequence[Mapping[str, Any]]:
    """What ruff reports for a file, with its fixes; each file is looked at once."""
    options = "--isolated --no-cache --exit-zero --preview --unsafe-fixes --output-format json --target-version py38"
    choice = ["--select", _SELECTED, "--ignore", _IGNORED, "--stdin-filename", "module.py", "-"]
    command = [_binary(), "check", *options.split(), *choice]
    try:
        done = subprocess.run(command, input=source.encode(), capture_output=True, timeout=_TIMEOUT_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise InfrastructureError(f"ruff could not be run: {error}", retryable=True) from error
    if done.returncode != 0:
        raise InfrastructureError(
            f"ruff ended with code {done.returncode}: {done.stderr.decode(errors='replace')[-300:]}"
        )
    return [finding for finding in json.loads(done.stdout) if finding.get("fix") and _is_wanted(finding)]


def _is_wanted(finding: Mapping[str, Any]) -> bool:
    return finding["code"] not in _ONLY_SAFE or finding["fix"]["applicability"] == "safe"


def _binary() -> str:
    """The ruff that was installed with this Python, or the one on the path."""
    beside = Path(sys.executable).parent / "ruff"
    found = str(beside) if beside.exists() else shutil.which("ruff")
    if found is None:
        raise InfrastructureError("ruff is not installed: install Hasten with its dependencies")
    return found


def _pieces(module: ModuleUnderEdit, finding: Mapping[str, Any], first: int, last: int) -> list[Piece]:
    """A finding's edits, where all lie within the lines of the function but for imports; else none."""
    pieces, touches = [], False
    for edit in finding["fix"]["edits"]:
        begin, end = edit["location"], edit["end_location"]
        within = first <= begin["row"] and (end["row"] <= last or (end["row"] == last + 1 and end["column"] == 1))
        if not within and not _is_import(str(edit["content"])):
            return []
        touches = touches or within
        pieces.append(Piece(start=_offset(module, begin), end=_offset(module, end), text=str(edit["content"])))
    return pieces if touches else []


def _is_import(text: str) -> bool:
    try:
        statements = ast.parse(text.strip().removeprefix(",").strip() or "0").body
    except SyntaxError:
        return False
    return all(isinstance(statement, (ast.Import, ast.ImportFrom)) for statement in statements)


def _offset(module: ModuleUnderEdit, place: Mapping[str, int]) -> int:
    """ruff counts rows and columns from 1, columns in characters."""
    if place["row"] > len(module.line_starts):
        return len(module.source)
    return min(module.line_starts[place["row"] - 1] + place["column"] - 1, len(module.source))


def _sentence(message: str) -> str:
    return re.sub(r"\s+", " ", message).rstrip(".")
