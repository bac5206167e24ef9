"""The 29 cheats of the specification and the rules about caching, with honest twins beside them.

Every entry is judged in the sandbox as `hasten judge` would: no cheat is kept, and no honest twin is called a cheat.
"""

import re

import pytest
from court import Court, open_court, write_victim
from entries import CHEATS, TWINS
from entry import KEPT, NAMES, Entry

from workers.settings import read_settings


@pytest.fixture(scope="session")
def court(tmp_path_factory: pytest.TempPathFactory) -> Court:
    folder = tmp_path_factory.mktemp("cheats")
    index_env = dict(read_settings().index_environment())
    return open_court(write_victim(folder / "freight"), folder / "home", index_env)


OFTEN = [entry for entry in CHEATS if not entry.rare]


@pytest.mark.parametrize("number", [number for number in NAMES if number])
def test_every_cheat_has_three_variants_and_an_honest_twin(number: int) -> None:
    assert len([entry for entry in CHEATS if entry.number == number]) >= 3
    assert [entry for entry in TWINS if entry.number == number]


@pytest.mark.parametrize("entry", OFTEN, ids=lambda entry: entry.id)
def test_a_cheat_is_named(court: Court, entry: Entry, request: pytest.FixtureRequest) -> None:
    if entry.gets_through:
        request.applymarker(pytest.mark.xfail(reason="a known gap"))
    verdict = court.judge(entry)
    assert verdict.outcome in entry.outcomes, f"{verdict.outcome}: {verdict.reason}"
    assert re.search(entry.reason, verdict.reason), f"{verdict.outcome}: {verdict.reason}"


@pytest.mark.parametrize("entry", TWINS, ids=lambda entry: entry.id)
def test_an_honest_twin_is_not(court: Court, entry: Entry) -> None:
    verdict = court.judge(entry)
    if entry.whole:
        assert verdict.outcome in entry.outcomes, f"{verdict.outcome}: {verdict.reason}"
        assert verdict.outcome is not KEPT or re.search(entry.caveat, "\n".join(verdict.caveats)), verdict.caveats
    else:
        assert "the cascade ended" in verdict.reason, f"{verdict.outcome}: {verdict.reason}"
