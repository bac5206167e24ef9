"""The whole of a job: prepare, try candidates until the policy or the budget ends it, finish. Read this file first."""

from agent.baseline import Baseline, prepare
from agent.bench import Bench, Plans
from agent.calibration import calibrate
from agent.domain import Directive, Job, Outcome
from agent.evaluate import CASCADE, Cascade, evaluate_and_remember
from agent.finish import finish
from agent.kit import Kit
from agent.numbering import is_text, numbered
from agent.policies.choose import make_policy
from agent.policies.search import search_of
from agent.proposers.choose import make_proposer
from agent.protocols import Policy
from agent.ranking import ranked
from agent.result import JobResult
from agent.rounds import begin, end, unfinished


def optimize(job: Job, kit: Kit) -> JobResult:
    """Make a repository faster; what is kept passed its tests, behaves as before and is faster for certain."""
    baseline = prepare(job, kit)  # install, build, tests, profile, targets, workloads
    plans: Plans = {}
    problem = calibrate(job, baseline, plans, kit)  # does this host see a gain where there is none?
    if not problem:
        search(job, baseline, make_policy(job.strategy, search_of(job, baseline)), plans, kit)
    return finish(job, baseline, plans, kit, problem)  # minimise, combine, confirm against candidate 0, sum up


def search(job: Job, baseline: Baseline, policy: Policy, plans: Plans, kit: Kit, cascade: Cascade = CASCADE) -> None:
    """Round by round, until the policy has no further directive."""
    while advance(job, baseline, policy, plans, kit, cascade):
        pass


def advance(job: Job, baseline: Baseline, policy: Policy, plans: Plans, kit: Kit, cascade: Cascade = CASCADE) -> bool:
    """One round, the next one or one that was killed and begins again; False where there is none left."""
    directive = unfinished(kit) or policy.next(kit.archive, kit.ledger)
    if directive:
        run_round(job, baseline, directive, plans, kit, cascade)
    return directive is not None


def run_round(
    job: Job, baseline: Baseline, directive: Directive, plans: Plans, kit: Kit, cascade: Cascade = CASCADE
) -> None:
    """One directive: its drafts become candidates, each judged against the directive's parent."""
    begin(directive, kit)
    proposer = make_proposer(directive.proposer, job, baseline, plans, kit)
    entries = [one for one in kit.archive.entries() if one.candidate.round == directive.round]
    judged = {one.candidate.patch: one.verdict for one in entries}  # before the round was killed
    drafts = proposer.propose(directive, kit.ledger)
    for draft in ranked(list(drafts), kit.ranker) if directive.every else drafts:
        if kit.ledger.exhausted:
            break
        if not is_text(draft.patch):  # it quotes lines that are not UTF-8
            continue
        if draft.patch not in judged:
            parents = tuple(one.number for one in (directive.parent, directive.partner) if one)
            candidate = numbered(draft, parents, kit, round_number=directive.round)
            bench = Bench(
                kit=kit, job=job, baseline=baseline, parent=directive.parent, candidate=candidate, plans=plans
            )
            judged[draft.patch] = evaluate_and_remember(bench, cascade=cascade, round_number=directive.round)
        verdict = judged[draft.patch]
        if verdict.kept and not directive.every:
            break  # the other drafts are tried again on top of it
        if draft.whole and verdict.outcome is Outcome.NOT_FASTER:
            break  # nor is a part of it, but for rare luck
    end(directive, kit)
