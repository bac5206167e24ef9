"""What rewriting could give: targets with something for the rules to do come before those without."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from agent.proposers.rewrite.rewriter import rewrites
from agent.proposers.rewrite.rules import RULES
from tools.errors import UserError
from tools.profile.targets import Target, worth

MOST_LOOKED_AT = 160
"""Targets that the rules look at, the most worth while first; a look takes some ten milliseconds."""
_PAYOFFS = {rule.name: rule.payoff for rule in RULES}
_BEST = max(_PAYOFFS.values())
NOTHING = (0, 0.0)


Payoffs = Mapping[str, tuple[int, float]]
"""By a target's name: findings, and what the best one is said to pay, 0 to 1."""


def payoffs_of(targets: Sequence[Target], read: Callable[[str], str]) -> Payoffs:
    """What the rules find in the most worthwhile of these targets."""
    return {target.name: _payoff(target, read) for target in targets[:MOST_LOOKED_AT]}


def by_promise(targets: Sequence[Target], payoffs: Payoffs) -> tuple[Target, ...]:
    """The same targets with their number of findings, ordered by worth times what the best finding is said to pay.

    Those without a finding stay behind in their order: other proposers may know more than the rules.
    """
    looked_at = [
        (replace(target, findings=payoffs.get(target.name, NOTHING)[0]), payoffs.get(target.name, NOTHING)[1])
        for target in targets[:MOST_LOOKED_AT]
    ]
    found = sorted((pair for pair in looked_at if pair[0].findings), key=lambda pair: -worth(pair[0]) * pair[1])
    without = [target for target, _ in looked_at if not target.findings]
    return (*(target for target, _ in found), *without, *targets[MOST_LOOKED_AT:])


def _payoff(target: Target, read: Callable[[str], str]) -> tuple[int, float]:
    try:
        edits = rewrites(read(target.path), target.qualname, path=target.path)
    except UserError:
        return NOTHING
    payoffs = [_PAYOFFS[edit.rule] for edit in edits if edit.rule in _PAYOFFS]
    return len(payoffs), max(payoffs, default=0) / _BEST
