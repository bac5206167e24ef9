"""What a job delivers is recalled by the next one, through a real finish and a home on disk."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from parcels import MODULE, Court
from silent import forgetful

from agent.desk import Desk
from agent.domain import UNCHANGED, Candidate, Directive, Origin, Outcome, Verdict
from agent.finish import finish
from agent.toolbox.recalling import NOTHING, RECALL
from storage.store import open_store
from tools.git.patch import make_patch
from tools.measure.estimate import Estimate

GAIN = Estimate(point=2.0, low=1.8, high=2.2, level=0.95, pairs=20)
OLD, NEW = "        if item in right:", "        if right.count(item):"


def test_the_next_job_is_told_what_this_one_delivered(court: Court, tmp_path: Path) -> None:
    patch = make_patch({"parcels.py": MODULE.encode()}, {"parcels.py": MODULE.replace(OLD, NEW).encode()})
    edit = Candidate(
        number=1, patch=patch, parents=(0,), origin=Origin.MODEL, summary="count", target="parcels:common", round=1
    )
    with open_store(tmp_path) as store:
        kit = replace(forgetful(court.kit, court.job), playbook=store.playbook)
        kit.archive.add(edit, Verdict(outcome=Outcome.KEPT, reason="taken to be", speedup=GAIN), ())
        result = finish(court.job, court.baseline, court.plans, kit, None)
        assert result.combined is not None
        assert result.combined.candidates == (1,)
        assert [one.play.candidate for one in store.playbook.plays()] == [1]

        later = replace(court.job, id="later", created=kit.journal.steps()[-1].at + timedelta(seconds=1))
        told = {}
        for job in (court.job, later):
            directive = Directive(
                round=1, parent=UNCHANGED, proposer="session", target="parcels:common", method="refine"
            )
            desk = Desk(job=job, baseline=court.baseline, directive=directive, kit=kit)
            told[job.id] = RECALL.run(desk, RECALL.parse("{}"))
    assert told[court.job.id] == NOTHING
    assert "2.00x [1.80, 2.20] where it was measured" in told["later"]
    assert NEW.strip() in told["later"].partition("After:")[2]
