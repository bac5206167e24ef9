"""The trees between kept diffs, in a real sandbox: each is judged, and one that does not stand is no step."""

from dataclasses import replace

from parcels import MODULE, Court

from agent.bench import Bench
from agent.domain import Candidate, Origin, Outcome, Verdict
from agent.protocols import Entry
from agent.result import Stacked
from agent.stack import stack
from tools.git.patch import Conflict, combine, make_patch, parse_patch

Edits = tuple[tuple[str, str], ...]
EDITS: Edits = (
    ("total += number * step % 7", "total = total + number * step % 7"),
    ("weights[index] = weights[index] + by", "weights[index] += by"),
    ('STATES.get(number, "unknown")', 'STATES[number] if number in STATES else "unknown"'),
)
WRONG = ("weights[index] = weights[index] + by", "weights[index] -= by")


def stacked(court: Court, edits: Edits, *, wanted: bool = True) -> tuple[str, tuple[Stacked, ...]]:
    """The whole patch of edits that are taken to be kept, and the steps to it."""
    chosen = []
    for number, (old, new) in enumerate(edits, start=1):
        assert old in MODULE
        patch = make_patch({"parcels.py": MODULE.encode()}, {"parcels.py": MODULE.replace(old, new).encode()})
        candidate = Candidate(number=number, patch=patch, parents=(0,), origin=Origin.PERSON, summary="an edit")
        chosen.append(Entry(candidate=candidate, verdict=Verdict(outcome=Outcome.KEPT, reason="taken to be")))
    whole = combine(court.baseline.snapshot.tree, [parse_patch(entry.candidate.patch) for entry in chosen])
    assert not isinstance(whole, Conflict)

    def bench(parent: Candidate, candidate: Candidate) -> Bench:
        return Bench(
            kit=court.kit,
            job=court.job,
            baseline=court.baseline,
            parent=parent,
            candidate=candidate,
            plans=court.plans,
        )

    return whole.text, stack(chosen, whole, bench, replace(court.kit, stacked=wanted))


def test_every_tree_on_the_way_is_judged(court: Court) -> None:
    whole, steps = stacked(court, EDITS)
    assert [step.candidates for step in steps] == [(1,), (2,), (3,)]
    assert steps[-1].patch == whole
    between = steps[1]
    assert between.tested is not None
    assert between.compared is not None
    assert between.tested.passed > 0
    assert between.compared.cases > 0
    assert EDITS[1][1] in between.patch
    assert EDITS[2][1] not in between.patch


def test_a_tree_that_does_not_stand_is_no_step(court: Court) -> None:
    whole, steps = stacked(court, (EDITS[0], WRONG, EDITS[2]))
    assert [step.candidates for step in steps] == [(1,), (2, 3)]
    assert steps[-1].patch == whole


def test_nothing_between_is_judged_where_nobody_wants_commits(court: Court) -> None:
    before = len(court.kit.journal.steps())
    _, steps = stacked(court, EDITS, wanted=False)
    assert [step.candidates for step in steps] == [(1,), (2, 3)]
    assert len(court.kit.journal.steps()) == before
