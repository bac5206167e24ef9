"""The profile of what is delivered, to be laid beside the one of the unchanged code."""

from collections.abc import Callable

from agent.bench import Bench
from agent.domain import UNCHANGED, Candidate, Origin, StepKind
from agent.kit import Kit
from agent.result import Combined
from tools.errors import UserError
from tools.profile.profile import Profile
from tools.profile.source import SourceIndex
from tools.profile.workload import profile_workload
from tools.testsuite import SuiteOrder, run_suite

LONGEST_SUITE_S = 30.0
"""A suite that takes longer is not run once more for a picture."""


def profile_delivered(combined: Combined, bench: Callable[[Candidate, Candidate], Bench], kit: Kit) -> None:
    """Journal where the time goes now, as it was looked at on the unchanged code; nothing where that costs too much."""
    whole = Candidate(number=0, patch=combined.patch, origin=Origin.FINISH, summary="what is delivered")
    if kit.ledger.left_s <= 0:
        return
    kit.progress.phase("finish", "where the time goes now")
    try:
        profile = _profile(bench(UNCHANGED, whole))
    except UserError as error:
        kit.journal.append(StepKind.NOTE, f"what is delivered has no profile: {error}")
        return
    if profile is not None:
        data = {"folded": kit.blobs.put(profile.folded.encode()), "samples": profile.samples, "delivered": True}
        kit.journal.append(StepKind.PROFILE, f"profile of what is delivered: {profile.samples} samples", data)


def _profile(there: Bench) -> Profile | None:
    baseline, side = there.baseline, there.challenger
    sources = SourceIndex(side.tree, baseline.recipe.sources, baseline.snapshot.subdirectory)
    if baseline.named:
        return profile_workload(side, baseline.named[0], baseline.recipe, sources)
    if baseline.suite.seconds > LONGEST_SUITE_S:
        return None
    order = SuiteOrder(ids=tuple(baseline.suite.stable), mode="sample", hash_seed=1, limits=side.limits)
    return run_suite(side.sandbox, side.environment, side.tree, baseline.recipe, order).profile
