"""What rewriting could give: targets with something for the rules to do come before those without."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from agent.proposers.rewrite.rewriter import rewrites
from agent.proposers.rewrite.rules import RULES
from tools.errors import UserError
from tools.profile.targets import Target, worth

MOST_LOOKED_AT = 160
"""Targets that the rules look at, the most worth while first; a look takes some ten milliseconds."""
_PAYOFFS = {rule.name: rule.payoff for rule in RULES}
_BEST = max(_PAYOFFS.values())


def by_promise(targets: Sequence[Target], read: Callable[[str], str]) -> tuple[Target, ...]:
    """The same targets with their number of findings, ordered by worth times what the best finding is said to pay.

    Those without a finding stay behind in their order: other proposers may know more than the rules.
    """
    looked_at = [_looked_at(target, read) for target in targets[:MOST_LOOKED_AT]]
    found = sorted((pair for pair in looked_at if pair[0].findings), key=lambda pair: -worth(pair[0]) * pair[1])
    without = [target for target, _ in looked_at if not target.findings]
    return (*(target for target, _ in found), *without, *targets[MOST_LOOKED_AT:])


def _looked_at(target: Target, read: Callable[[str], str]) -> tuple[Target, float]:
    """The target with the number of its findings, and the best one's payoff, 0 to 1."""
    try:
        edits = rewrites(read(target.path), target.qualname, path=target.path)
    except UserError:
        return target, 0.0
    payoffs = [_PAYOFFS[edit.rule] for edit in edits if edit.rule in _PAYOFFS]
    return replace(target, findings=len(payoffs)), max(payoffs, default=0) / _BEST
