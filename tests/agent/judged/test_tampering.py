"""Candidates that reach into the process that measures them: what the supervisor sees of it."""

import pytest
from parcels import MODULE, Court, open_court, write_project

from agent.bench import Bench
from agent.domain import UNCHANGED, Candidate, Origin
from agent.evidence import Timed
from agent.probes import equivalence, timing
from tools.git.patch import make_patch
from workers.settings import read_settings

LATE = """
import sys as _sys

def _take_over():
    serve = _sys.modules["_hast" + "en_driver.serve"]
    serve.digested = lambda outputs, encoded: (outputs, "0" * 32)
"""
TAKEN_OVER = LATE + MODULE.replace("    found = []\n", "    found = list()\n") + "\n_take_over()\n"
LAZY_ARGUMENTS = "        weights[index] = weights[index] + by\n    return len(weights)"


@pytest.fixture(scope="module")
def court(tmp_path_factory: pytest.TempPathFactory) -> Court:
    folder = tmp_path_factory.mktemp("tampering")
    index_env = dict(read_settings().index_environment())
    return open_court(write_project(folder / "project"), folder / "home", index_env)


def bench_of(court: Court, module: str) -> Bench:
    """Both sides, with the parcels module replaced on the candidate's."""
    patch = make_patch({"parcels.py": MODULE.encode()}, {"parcels.py": module.encode()})
    candidate = Candidate(
        number=next(court.numbers), patch=patch, parents=(0,), origin=Origin.PERSON, summary="a cheat"
    )
    return Bench(
        kit=court.kit, job=court.job, baseline=court.baseline, parent=UNCHANGED, candidate=candidate, plans=court.plans
    )


def screened(court: Court, module: str) -> Timed:
    return timing.screen(bench_of(court, module))


def test_results_made_up_in_the_window_and_computed_when_they_are_looked_at(court: Court) -> None:
    seen = screened(court, TAKEN_OVER)
    assert (seen.decision, seen.detail) == ("cheated", "returned other results than it showed afterwards")


def test_a_driver_taken_over_is_seen_in_the_state_of_the_process(court: Court) -> None:
    seen = equivalence.same_behaviour(bench_of(court, TAKEN_OVER))
    assert "_hasten_driver.serve.digested is replaced" in str(seen.cheat)


def test_arguments_left_alone_only_while_the_clock_runs(court: Court) -> None:
    new = (
        "        if __import__('sys')._getframe(1).f_code.co_name != 'run':\n            weights[index] += by\n"
        "    return len(weights)"
    )
    seen = screened(court, MODULE.replace(LAZY_ARGUMENTS, new))
    assert seen.decision == "different"
    assert "the arguments after the call" in seen.detail


def test_prints_left_out_only_while_the_clock_runs(court: Court) -> None:
    new = MODULE.replace(
        "    found = []\n",
        "    if __import__('sys')._getframe(1).f_code.co_name == 'run':\n        print('fast')\n    found = []\n",
    )
    assert "lines printed" in screened(court, new).detail
