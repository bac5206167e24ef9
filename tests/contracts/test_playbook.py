"""The contract of Playbook, held by every memory."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.domain import Origin, Outcome
from agent.playbook.abstract import Abstraction, form_of
from agent.playbook.play import Play, Query
from agent.playbook.ranking import words_of
from agent.playbook.tags import tags_of
from agent.protocols import Playbook
from storage.memory import MemoryPlaybook
from storage.store import open_store
from tools.errors import UserError
from tools.measure.estimate import Estimate

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
GAIN = Estimate(point=3.0, low=2.8, high=3.2, level=0.95, pairs=20)
JOINING = (
    "def match(orders, customers):\n    out = []\n    for order in orders:\n        for one in customers:\n"
    "            if one.key == order.key:\n                out.append((order, one))\n    return out\n"
)
SEARCHING = "def common(left, right):\n    return [item for item in left if item in right]\n"
GLUING = 'def label(weights):\n    text = ""\n    for one in weights:\n        text = one + text\n    return text\n'


@pytest.fixture(params=["sqlite", "postgresql", "memory"])
def playbook(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Playbook]:
    if request.param == "memory":
        yield MemoryPlaybook()
        return
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else None
    with open_store(tmp_path, url) as store:
        yield store.playbook


def play(before: str, after: str = "def f(a):\n    return a\n", **values: object) -> Play:
    names = Abstraction()
    patterns = names.of(before), names.of(after)
    name = before.partition("(")[0].removeprefix("def ")
    made = Play(
        language="python",
        target=f"shop:{name}",
        summary="look it up",
        before=before,
        after=after,
        pattern_before=patterns[0],
        pattern_after=patterns[1],
        form=form_of("python", *patterns),
        words=words_of(name),
        tags=tags_of(before),
        gained=("set",),
        speedup=GAIN,
        source="https://example.org/shop",
        job="a1",
        candidate=4,
        origin=Origin.MODEL,
        author="openai:one",
        outcome=Outcome.KEPT,
        confirmed="2.9x [2.7, 3.1] on calls of match",
        at=NOON,
    )
    return replace(made, **values)  # type: ignore[arg-type]


def test_a_play_reads_back_as_it_was(playbook: Playbook) -> None:
    assert playbook.add(play(JOINING)) is True
    [one] = playbook.plays()
    assert one.play == play(JOINING)
    assert playbook.get(one.number) == one


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ({"outcome": Outcome.NOT_EQUIVALENT}, "only kept"),
        ({"outcome": Outcome.INCONCLUSIVE}, "only kept"),
        ({"confirmed": ""}, "no delivered tree"),
        ({"speedup": None}, "no speedup"),
        ({"speedup": replace(GAIN, low=0.99)}, "no speedup"),
    ],
)
def test_an_unvalidated_recipe_is_refused(playbook: Playbook, fault: dict[str, object], why: str) -> None:
    with pytest.raises(UserError, match=why):
        playbook.add(play(JOINING, **fault))
    assert list(playbook.plays()) == []


def test_the_same_form_under_other_names_is_one_play(playbook: Playbook) -> None:
    renamed = JOINING.replace("order", "line").replace("customers", "people").replace("out", "pairs")
    assert playbook.add(play(JOINING))
    assert playbook.add(play(renamed, job="b2")) is False
    assert playbook.add(play(JOINING, job="a1")) is False
    [one] = playbook.plays()
    assert (one.times, one.play.job) == (2, "a1")


def test_the_most_alike_is_found_first(playbook: Playbook) -> None:
    for code in (GLUING, JOINING, SEARCHING):
        playbook.add(play(code))
    asked = Query(code=JOINING.replace("order", "row").replace("customers", "columns").replace("match", "rows_of"))
    assert playbook.search(asked, 1)[0].play.before == JOINING
    assert [one.play.before for one in playbook.search(Query(code="", name="x:common_items"), 3)] == [SEARCHING]
    assert list(playbook.search(Query(code="x = 1", language="c"))) == []
    assert len(playbook.search(asked, 2)) <= 2


def test_a_job_finds_what_was_there_when_it_began(playbook: Playbook) -> None:
    playbook.add(play(SEARCHING, at=NOON + timedelta(hours=1)))
    asked = Query(code=SEARCHING, before=NOON)
    assert list(playbook.search(asked)) == []
    assert len(playbook.search(replace(asked, before=NOON + timedelta(hours=2)))) == 1


def test_plays_are_forgotten_one_by_one_or_all(playbook: Playbook) -> None:
    for code in (GLUING, JOINING, SEARCHING):
        playbook.add(play(code))
    newest, middle, _ = playbook.plays()
    assert newest.play.before == SEARCHING
    assert [one.number for one in playbook.plays(1)] == [newest.number]
    playbook.forget(middle.number)
    with pytest.raises(UserError, match="no play"):
        playbook.get(middle.number)
    with pytest.raises(UserError, match="no play"):
        playbook.forget(middle.number)
    assert playbook.clear() == 2
    assert list(playbook.plays()) == []
    assert playbook.add(play(JOINING))
    assert playbook.plays()[0].number > newest.number
