"""A kept diff made as small as it can be: hunks that do not pay are dropped."""

from collections.abc import Callable

from agent.bench import Bench
from agent.domain import UNCHANGED, Candidate, Origin
from agent.evidence import Timed
from agent.kit import Kit
from agent.numbering import numbered
from agent.probes import code, equivalence, timing
from agent.protocols import Draft
from tools.git.patch import drop_hunk, parse_patch


def minimise(candidate: Candidate, bench: Callable[[Candidate, Candidate], Bench], kit: Kit) -> str:
    """The patch without the hunks that can go: the rest still works and what goes is not shown to pay.

    What remains is not judged here; a patch that became smaller must be, as a whole.
    """
    current = candidate
    index = len(parse_patch(candidate.patch).pieces) - 1
    while index >= 0 and len(parse_patch(current.patch).pieces) > 1 and kit.ledger.left_s > 0:
        summary = f"candidate {candidate.number} without hunk {index + 1}"
        patch = drop_hunk(parse_patch(current.patch), index).text
        smaller = numbered(Draft(patch=patch, summary=summary, origin=Origin.FINISH), (candidate.number,), kit)
        if _works(bench(UNCHANGED, smaller)) and not _pays(bench(smaller, current)):
            current = smaller
        index -= 1
    return current.patch


def _works(bench: Bench) -> bool:
    """Whether the smaller patch builds and behaves like the unchanged code."""
    if code.builds(bench).problem is not None:
        return False
    seen = equivalence.same_behaviour(bench)
    return seen.difference is None and seen.cheat is None


def _pays(bench: Bench) -> bool:
    """Whether what was dropped shows as time at a glance."""
    seen: Timed = timing.screen(bench)
    return seen.decision not in ("not faster", "undecided")
