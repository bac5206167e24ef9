"""What rewriting could give: targets with something for the rules to do come before those without."""

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from agent.proposers.rewrite.rewriter import rewrites
from agent.proposers.rewrite.rule import Edit
from agent.proposers.rewrite.rules import RULES
from tools.errors import UserError
from tools.profile.targets import SMALLEST_SHARE, Target, worth

MOST_LOOKED_AT = 300
"""Targets that the rules look at, the most worth while first; a look takes some tens of milliseconds."""
UNSEEN = SMALLEST_SHARE / 4
"""Worth that every function has: of a suite that is over soon a sampler sees few, and each is measured by itself."""
TURNS = 8
"""How often a loop is taken to go round."""
_PAYOFFS = {rule.name: rule.payoff for rule in RULES}
_BEST = max(_PAYOFFS.values())
NOTHING = (0, 0.0)


Payoffs = Mapping[str, tuple[int, float]]
"""By a target's name: findings, and what the best one is said to give the function, 0 to 1."""


def payoffs_of(targets: Sequence[Target], read: Callable[[str], str]) -> Payoffs:
    """What the rules find in the most worthwhile of these targets."""
    return {target.name: _payoff(target, read) for target in targets[:MOST_LOOKED_AT]}


def by_promise(targets: Sequence[Target], payoffs: Payoffs) -> tuple[Target, ...]:
    """The same targets with their number of findings, ordered by worth times what the best finding is said to give.

    Those without a finding stay behind in their order: other proposers may know more than the rules.
    """
    looked_at = [
        (replace(target, findings=payoffs.get(target.name, NOTHING)[0]), payoffs.get(target.name, NOTHING)[1])
        for target in targets[:MOST_LOOKED_AT]
    ]
    with_some = (pair for pair in looked_at if pair[0].findings)
    found = sorted(with_some, key=lambda pair: -(worth(pair[0]) + UNSEEN) * pair[1])
    without = [target for target, _ in looked_at if not target.findings]
    return (*(target for target, _ in found), *without, *targets[MOST_LOOKED_AT:])


def _payoff(target: Target, read: Callable[[str], str]) -> tuple[int, float]:
    source = read(target.path)
    try:
        edits = [one for one in rewrites(source, target.qualname, path=target.path) if one.rule in _PAYOFFS]
    except UserError:
        return NOTHING
    if not edits:
        return NOTHING
    weights = _weights(source, target.qualname)
    return len(edits), max(_gives(edit, weights) for edit in edits)


def _gives(edit: Edit, weights: Mapping[int, float]) -> float:
    """What the rule pays where it applies, as far as the function's work is done there.

    The best rules pay many times more than the last ones, more than their order says: hence the square.
    """
    share = weights.get(edit.line, 1.0) / max(sum(weights.values()), 1.0)
    return float((_PAYOFFS[edit.rule] / _BEST) ** 2 * min(1.0, share))


@lru_cache(maxsize=4)
def _parsed(source: str) -> ast.Module:
    return ast.parse(source)


def _weights(source: str, qualname: str) -> dict[int, float]:
    """How often each line of a function may run in one call, by loops around it; a loop's first line stands for all."""
    node: ast.AST | None = _parsed(source)
    for name in qualname.replace("<locals>.", "").split("."):
        node = next((one for one in ast.walk(node) if getattr(one, "name", None) == name), None) if node else None
    weights: dict[int, float] = {}
    for line, weight in _lines(node) if node else ():
        weights[line] = weights.get(line, 0.0) + weight
    return weights


def _lines(function: ast.AST) -> Iterator[tuple[int, float]]:
    waiting = [(function, 1.0)]
    while waiting:
        node, turns = waiting.pop()
        for child in ast.iter_child_nodes(node):
            again = isinstance(child, ast.For | ast.While | ast.AsyncFor | ast.comprehension)
            if isinstance(child, ast.expr) and not isinstance(child, ast.Constant | ast.Name):
                yield child.lineno, turns
            waiting.append((child, turns * TURNS if again else turns))
