"""The whole of a job: prepare, try candidates until the policy or the budget ends it, finish. Read this file first."""

from agent.baseline import Baseline, prepare
from agent.bench import Bench, Plans
from agent.calibration import calibrate
from agent.domain import UNCHANGED, Directive, Job, StepKind
from agent.evaluate import evaluate_and_remember
from agent.finish import finish
from agent.kit import Kit
from agent.numbering import is_text, numbered
from agent.policies.rewrite import RewritePolicy, ended_rounds
from agent.result import JobResult
from agent.workspace import ParentWorkspace


def optimize(job: Job, kit: Kit) -> JobResult:
    """Make a repository faster; what is kept passed its tests, behaves as before and is faster for certain."""
    baseline = prepare(job, kit)  # install, build, tests, profile, targets, workloads
    plans: Plans = {}
    problem = calibrate(job, baseline, plans, kit)  # does this host see a gain where there is none?
    policy = RewritePolicy(UNCHANGED, [target.name for target in baseline.targets], lambda: ended_rounds(kit.journal))
    while not problem and (directive := policy.next(kit.archive, kit.ledger)):
        run_round(job, baseline, directive, plans, kit)
    return finish(job, baseline, plans, kit, problem)  # minimise, combine, confirm against candidate 0, sum up


def run_round(job: Job, baseline: Baseline, directive: Directive, plans: Plans, kit: Kit) -> None:
    """One directive: its drafts become candidates, each judged against the directive's parent, until one is kept."""
    parent = directive.parent
    kit.progress.phase("search", f"{directive.target} on candidate {parent.number}")
    workspace = ParentWorkspace(baseline, parent)
    judged = {entry.candidate.patch for entry in kit.archive.entries() if parent.number in entry.candidate.parents}
    for draft in kit.proposers[directive.proposer].propose(directive, workspace, kit.ledger):
        if kit.ledger.exhausted:
            return
        if draft.patch in judged or not is_text(draft.patch):  # judged before the job was resumed, or not UTF-8
            continue
        candidate = numbered(draft, (parent.number,), kit, round_number=directive.round)
        bench = Bench(kit=kit, job=job, baseline=baseline, parent=parent, candidate=candidate, plans=plans)
        if evaluate_and_remember(bench, round_number=directive.round).kept:
            break  # the other drafts are tried again on top of it
    ended = {"parent": parent.number, "target": directive.target, "ended": True}
    kit.journal.append(
        StepKind.DIRECTIVE, f"{directive.target} on candidate {parent.number}", ended, round=directive.round
    )
