"""Draws the search tree of `docs/strategies.md`: `python -m benchmarks.search_tree docs/search-tree.svg`.

The strategy is the real one, `portfolio`; the models, their edits and the verdicts are simulated (`simulated.py`), so
that the picture needs no key and comes out the same everywhere.
"""

import random
import sys
from dataclasses import dataclass
from pathlib import Path

from agent.domain import Budget, Directive, Model, Outcome, Verdict
from agent.ledger import Ledger
from agent.policies.choose import make_policy
from agent.policies.search import Aim, Search
from api.tree import tree_svg
from benchmarks.simulated import Answer, draft_of, drive, kept
from storage.memory import MemoryArchive

SEED = 63
AIMS = (
    Aim(name="shop.stock:allocate", share=0.42),
    Aim(name="shop.orders:render", share=0.23),
    Aim(name="shop.queues:drain", share=0.12),
)
IDEAS = {
    "shop.stock:allocate": (
        ("index the free shelves by size instead of scanning them", 2.6),
        ("sort the requests once, outside of the loop", 1.4),
        ("a set of taken shelves for membership", 1.3),
        ("stop at the first shelf that fits", 1.15),
        ("count in an array instead of a dictionary", 1.06),
    ),
    "shop.orders:render": (
        ("join the lines once instead of adding to a text", 1.8),
        ("format whole columns at once", 1.25),
        ("look the currency up once for each order", 1.12),
    ),
    "shop.queues:drain": (
        ("a deque in place of pop(0)", 3.1),
        ("drain in blocks", 1.08),
    ),
}
LOSSES = (
    (Outcome.NOT_FASTER, "gains of 5% are ruled out"),
    (Outcome.NOT_FASTER, "gains of 5% are ruled out"),
    (Outcome.TESTS_FAILED, "tests/test_stock.py::test_empty fails"),
    (Outcome.NOT_EQUIVALENT, "allocate([]) gave [] before and None now"),
    (Outcome.DUPLICATE, "it is the same code as an earlier candidate"),
    (Outcome.INCONCLUSIVE, "the interval still holds 1"),
)


@dataclass
class Shop:
    """A world in which each target has a few things to find, each of which helps once on the way from the start."""

    def __post_init__(self) -> None:
        self._done: dict[str, set[str]] = {"": set()}

    def __call__(self, directive: Directive) -> Answer:
        """Each sample finds something that its parent does not have yet, or fails."""
        chance = random.Random(f"{SEED} {directive.round}")
        if directive.phase == "directions":
            return Answer(judged=(), note="\n".join(f"- {idea}" for idea, _ in IDEAS[directive.target][:2]))
        judged = []
        for _ in range(min(directive.samples, 2) if directive.proposer == "rewrite" else directive.samples):
            done = self._done[directive.parent.patch]
            idea, speedup = chance.choice(IDEAS[directive.target])
            draft = draft_of(directive, {directive.target.partition(":")[0]: f"{idea} {chance.random()}"}, idea)
            if idea not in done and chance.random() < 0.45:
                self._done[draft.patch] = done | {idea}
                judged.append((draft, kept(speedup)))
            else:
                outcome, reason = chance.choice(LOSSES)
                judged.append((draft, Verdict(outcome=outcome, reason=reason)))
        return Answer(judged=judged)


def main() -> None:
    """Search, and write the picture to the file that is named."""
    archive = MemoryArchive()
    models = (Model(name="openai:small", weight=3.0), Model(name="openai:large"))
    policy = make_policy("portfolio", Search(aims=AIMS, models=models, seed=SEED))
    drive(policy, archive, Ledger(Budget(candidates=34)), Shop(), on_step=lambda: None)
    text = tree_svg(archive.entries(), archive.rounds(), "A search by portfolio (simulated)")
    Path(sys.argv[1]).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
