"""What one side makes of calls that were made up, in words: for a model that says which of two results is right."""

from dataclasses import dataclass

from tools.equivalence.cases import choose_cases
from tools.equivalence.observe import Watch, observe
from tools.equivalence.render import render, render_call
from tools.workload.session import Side, TargetFailed
from tools.workload.workload import Workload

MOST_CHARACTERS = 600
BUDGET_S = 5.0


@dataclass(frozen=True, kw_only=True)
class Said:
    """One call and what came of it."""

    call: str
    outcome: str


def answers_of(side: Side, workload: Workload, *, hash_seed: int) -> dict[int, Said]:
    """Every call that came to an end, by its place; nothing where the workload does not open there."""
    try:
        with side.session(workload, hash_seed=hash_seed) as session:
            cases = choose_cases(workload, session.opened, hash_seed)
        watch = Watch(hash_seed=hash_seed, show=frozenset(range(len(cases))), budget_s=BUDGET_S)
        observed = observe(side, workload, cases, watch)
    except TargetFailed:
        return {}
    return {
        number: Said(
            call=render_call(answer["input"], MOST_CHARACTERS),
            outcome=render(answer["seen"][0]["returned"], MOST_CHARACTERS),
        )
        for number, answer in sorted(observed.answers.items())
        if "seen" in answer and "input" in answer
    }
