"""The proposer drafts at most what it was asked for, in the rewriter's order."""

from collections.abc import Mapping
from typing import Any

import pytest
from corpus_cases import TWO_SLOW_SPOTS

from agent.domain import Budget, Candidate, Directive, Origin
from agent.ledger import Ledger
from agent.proposers.rewrite.proposer import RewriteProposer
from agent.protocols import Draft, Proposer
from tools.errors import UserError

BASELINE = Candidate(number=0, patch="", origin=Origin.BASELINE, summary="unchanged")


class OneFile:
    """A workspace of one file; a draft's patch is simply the new text."""

    def __init__(self, text: str) -> None:
        self.text = text

    def read(self, path: str) -> str:
        assert path == "src/shop.py"
        return self.text

    def locate(self, target: str) -> tuple[str, str]:
        module, _, qualname = target.partition(":")
        if module != "shop":
            raise UserError(f"there is no {target}")
        return "src/shop.py", qualname

    def draft(self, changes: Mapping[str, str], **facts: Any) -> Draft:
        return Draft(patch=changes["src/shop.py"], **facts)


def propose(target: str = "shop:target", samples: int = 8, budget: Budget | None = None) -> list[Draft]:
    proposer: Proposer = RewriteProposer(lambda _: OneFile(TWO_SLOW_SPOTS))
    directive = Directive(
        round=1, parent=BASELINE, proposer=proposer.name, target=target, method="rewrite", samples=samples
    )
    return list(proposer.propose(directive, Ledger(budget or Budget())))


def test_drafts_carry_target_origin_and_one_line() -> None:
    drafts = propose()
    assert [draft.whole for draft in drafts] == [True, False, False]
    for draft in drafts:
        assert draft.origin is Origin.REWRITE
        assert draft.target == "shop:target"
        assert "\n" not in draft.summary
        assert len(draft.summary) <= 300
    assert drafts[1].summary.startswith("membership: look things up in a set")


def test_gives_no_more_than_asked() -> None:
    assert propose(samples=1) == propose()[:1]


def test_nothing_is_proposed_beyond_the_budget() -> None:
    assert propose(budget=Budget(candidates=0)) == []


def test_unknown_target_is_the_users_error() -> None:
    with pytest.raises(UserError, match="there is no elsewhere:target"):
        propose("elsewhere:target")
