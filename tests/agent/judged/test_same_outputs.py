"""Code that does what other code did: its behaviour is not compared again at a desk, and its time always is taken."""

from dataclasses import replace

import pytest
from parcels import MODULE, Court
from silent import forgetful

from agent.desk import Desk
from agent.domain import UNCHANGED, Directive
from agent.probes.equivalence import glance, same_behaviour
from agent.probes.timing import screen

ZONE = "    total = 0\n    for step in range(300):\n        total += number * step % 7\n    return total\n"
BY_LIST = "    return sum([number * step % 7 for step in range(300)])\n"
BY_GENERATOR = "    return sum(number * step % 7 for step in range(300))\n"
WRONG = "    return 1 + sum([number * step % 7 for step in range(300)])\n"


def desk(court: Court) -> Desk:
    directive = Directive(round=1, parent=UNCHANGED, proposer="session", target="parcels:zone", method="refine")
    kit = forgetful(court.kit, court.job)
    return Desk(job=court.job, baseline=court.baseline, directive=directive, kit=kit, plans=court.plans)


def edit(at: Desk, body: str) -> None:
    assert ZONE in MODULE
    at.write("parcels.py", MODULE.replace(ZONE, body))


def test_the_same_output_by_another_algorithm_is_not_compared_again_but_is_timed(court: Court) -> None:
    at = desk(court)
    edit(at, BY_GENERATOR)
    assert glance(at.bench()).difference is None
    assert at.glances.reused == 0
    edit(at, BY_LIST)
    assert glance(at.bench()).difference is None
    assert at.glances.reused == 1
    timed = screen(at.bench())
    assert timed.speedup
    assert timed.speedup.pairs > 0
    edit(at, WRONG)
    assert glance(at.bench()).difference
    assert at.glances.reused == 1


def test_a_judgement_never_looks_anything_up(court: Court) -> None:
    at = desk(court)
    edit(at, BY_LIST)
    judged = replace(at.bench(), candidate=replace(at.bench().candidate, number=7), glances=None)
    assert glance(judged).difference is None
    assert judged.seed != at.bench().seed
    assert at.glances.outcomes == {}


@pytest.mark.parametrize(("body", "same"), [(BY_LIST, True), (WRONG, False)])
def test_candidates_that_compute_the_same_have_the_same_digest(court: Court, body: str, same: bool) -> None:
    at = desk(court)
    digests = []
    for number, text in ((41, ZONE.replace("total = 0", "total = 0  # from nothing")), (42, body)):
        edit(at, text)
        bench = replace(at.bench(), candidate=replace(at.bench().candidate, number=number), glances=None)
        digests.append(same_behaviour(bench).outputs)
    assert digests[0]
    assert (digests[0] == digests[1]) is same
