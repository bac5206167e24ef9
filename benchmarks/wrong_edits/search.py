"""A much longer look for a difference, for mutants that the judge let through: what it finds should have been found."""

from typing import Any

from agent.bench import Bench
from tools.equivalence.cases import Case, choose_cases
from tools.equivalence.compare import difference
from tools.equivalence.observe import Watch, observe
from tools.equivalence.render import render_call
from tools.workload.session import TargetFailed
from tools.workload.workload import Workload

SEEDS = 20
BUDGET_S = 40.0


def find_difference(bench: Bench, first_seed: int) -> str | None:
    """An input on which both sides differ, drawn from SEEDS times as many as the judge had; None where none does."""
    for workload in bench.compared:
        try:
            if found := _on(bench, workload, first_seed):
                return found
        except TargetFailed as error:
            return f"{workload.name} ends with: {error}"
    return None


def _on(bench: Bench, workload: Workload, first_seed: int) -> str | None:
    with bench.reference.session(workload, hash_seed=0) as session:
        opened = session.opened
    cases = [case for n in range(SEEDS) for case in choose_cases(workload, opened, first_seed + n)]
    cases = [*dict.fromkeys(cases)]
    watch = Watch(hash_seed=first_seed % (1 << 32), budget_s=BUDGET_S)
    before = observe(bench.reference, workload, cases, watch)
    again = observe(bench.reference, workload, cases, watch)
    after = observe(bench.challenger, workload, cases, watch)
    for number, answer in before.answers.items():
        was, now = answer.get("digest"), after.answers.get(number, {}).get("digest")
        if was and now and was != now and was == again.answers.get(number, {}).get("digest"):
            return _shown(bench, workload, cases[number], answer, after.answers[number])
    return None


def _shown(bench: Bench, workload: Workload, case: Case, before: dict[str, Any], after: dict[str, Any]) -> str | None:
    watch = Watch(hash_seed=0, show=frozenset({0}))
    shown = observe(bench.reference, workload, [case], watch)
    call = render_call(shown.answers[0]["input"]) if 0 in shown.answers else "?"
    if "seen" not in before or "seen" not in after:
        return f"for input ({call})"
    if before["seen"] == after["seen"]:
        return None
    found = difference(before["seen"][0]["returned"], after["seen"][0]["returned"])
    return f"for input ({call}): {found or 'its arguments, effects or a second call differ'}"
