"""All rules on one function, as a list of edits worth trying in their order."""

import ast
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import takewhile

from agent.proposers.rewrite.idle_imports import without_idle_imports
from agent.proposers.rewrite.module import ModuleUnderEdit, lines_of
from agent.proposers.rewrite.rule import COMPOSED, Edit, Rule
from agent.proposers.rewrite.rules import RULES

_MOST_STEPS = 12
"""Edits composed into one candidate at most."""


def rewrites(source: str, qualname: str, *, path: str, rules: Iterable[Rule] = RULES) -> list[Edit]:
    """Every edit the rules propose for the function `qualname` ("f", "Class.method", "outer.inner") of a file.

    Each edit stands alone, changes the syntax tree, and compiles. Where there are several, the first one composes all
    that go together. An unknown function, one that is nested too deep, or a file that does not parse gives no edits.
    """
    text = source.replace("\r\n", "\n")
    module = _parsed(text, path)
    if module is None or ("\r\n" in source and "\n" in source.replace("\r\n", "")):
        return []
    rules = sorted(rules, key=lambda rule: -rule.payoff)
    edits = _distinct(module, (edit for rule in rules for edit in _edits(rule, module, qualname)))
    if len(edits) > 1:
        fired = {edit.rule for edit in edits}
        together = _compose(text, edits[0], [rule for rule in rules if rule.name in fired], qualname, path)
        edits = _distinct(module, [*together, *edits])
    if "\r\n" not in source:
        return edits
    return [
        Edit(rule=edit.rule, summary=edit.summary, source=edit.source.replace("\n", "\r\n"), line=edit.line)
        for edit in edits
    ]


@lru_cache(maxsize=4)
def _parsed(source: str, path: str) -> ModuleUnderEdit | None:
    try:
        return ModuleUnderEdit(source, path)
    except (SyntaxError, ValueError, RecursionError):
        return None


def _edits(rule: Rule, module: ModuleUnderEdit, qualname: str) -> list[Edit]:
    """What a rule proposes; where the function is nested too deep for it to follow, no rule gets it any more."""
    try:
        return rule.rewrite(module, qualname)
    except RecursionError:
        module.leave_out(qualname)
        return []


def _distinct(module: ModuleUnderEdit, edits: Iterable[Edit]) -> list[Edit]:
    """The edits that compile and change the tree, each tree once."""
    found: dict[tuple[str, ...], Edit] = {}
    for edit in edits:
        change = _changed(module, edit.source)
        if change is not None:
            found.setdefault(change, edit)
    return list(found.values())


def _changed(module: ModuleUnderEdit, source: str) -> tuple[str, ...] | None:
    """The statements that an edit changes, normalised; None where it changes nothing or does not compile."""
    old, new = lines_of(module.source), lines_of(source)
    head = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))
    same = takewhile(lambda pair: pair[0] == pair[1], zip(reversed(old), reversed(new), strict=False))
    tail = min(sum(1 for _ in same), len(old) - head, len(new) - head)
    try:
        after = _between(ast.parse(source).body, head + 1, len(new) - tail)
        compile(ast.Module(body=after, type_ignores=[]), "<edit>", "exec", dont_inherit=True)
        dumped = tuple(ast.dump(statement) for statement in after)
        before = _between(module.tree.body, head + 1, len(old) - tail)
        return None if dumped == tuple(ast.dump(statement) for statement in before) else dumped
    except (SyntaxError, ValueError, RecursionError):
        return None


def _between(statements: Iterable[ast.stmt], first: int, last: int) -> list[ast.stmt]:
    """The statements of a module and of its classes that touch the lines from `first` to `last`.

    Where nothing stands there, the one that a line was put in front of.
    """
    found: list[ast.stmt] = []
    for node in statements:
        if _first_line(node) <= max(last, first) and (node.end_lineno or 0) >= first:
            inside_class = isinstance(node, ast.ClassDef) and node.lineno < first
            found += _between(node.body, first, last) if isinstance(node, ast.ClassDef) and inside_class else [node]
    return found


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def _compose(before: str, first: Edit, rules: list[Rule], qualname: str, path: str) -> list[Edit]:
    """One edit on top of the other, each found anew in what the one before left, so that none rests on stale facts."""
    steps, source = [first], first.source
    seen = {source}
    while len(steps) < _MOST_STEPS:
        module = _parsed(source, path)
        following = None if module is None else _next(module, rules, qualname, seen)
        if following is None:
            break
        steps.append(following)
        source = following.source
        seen.add(source)
    if len(steps) < 2:
        return []
    source = without_idle_imports(before, source)
    return [Edit(rule=COMPOSED, summary=_told(steps), source=source, line=first.line)]


def _told(steps: Iterable[Edit]) -> str:
    """What each rule does, once, in the order in which they began: `rule: this; that; rule, 2 times: ...`."""
    told: dict[str, Counter[str]] = {}
    for step in steps:
        told.setdefault(step.rule, Counter())[step.summary] += 1
    parts = []
    for rule, summaries in told.items():
        times = f", {summaries.total()} times" if summaries.total() > 1 and len(summaries) == 1 else ""
        parts.append(f"{rule}{times}: {'; '.join(summaries)}")
    return "; ".join(parts)


def _next(module: ModuleUnderEdit, rules: list[Rule], qualname: str, seen: set[str]) -> Edit | None:
    for rule in rules:
        for edit in _edits(rule, module, qualname):
            if edit.source not in seen and _changed(module, edit.source) is not None:
                return edit
    return None
