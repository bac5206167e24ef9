"""Sessions as a real model would have them, on the project of `parcels.py`; asked over a socket."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from parcels import Court
from pydantic import SecretStr
from silent import forgetful

from agent.domain import Budget, Job, Model
from agent.kit import Kit
from agent.ledger import Ledger
from agent.models.access import Access
from agent.models.chat import LangchainChat
from agent.models.endpoint import serving
from agent.models.player import Player
from agent.models.script import Entry, call, say
from agent.policies.search import Aim, Search

MODEL = Model(name="openai:scripted", input_usd_per_mtok=1.0, output_usd_per_mtok=4.0)
TARGET = "parcels:zone"
LOOP = """    total = 0
    for step in range(300):
        total += number * step % 7
    return total
"""
PERIOD = """    turn = [number * step % 7 for step in range(7)]
    return 42 * sum(turn) + sum(turn[:6])
"""
SHORT = """    turn = [number * step % 7 for step in range(7)]
    return 42 * sum(turn) + sum(turn[:5])
"""


def edit(old: str, new: str) -> Entry:
    """A reply that edits the module and runs its tests."""
    return say("Now the edit.", call("edit", path="parcels.py", old=old, new=new), call("run_tests"))


def submit(summary: str) -> Entry:
    return say("Done.", call("submit", summary=summary))


def give_up() -> Entry:
    return say("Nothing more to gain.", call("submit", summary="nothing is left to gain", give_up=True))


def good(summary: str = "the remainders repeat every seven steps: sum one turn") -> list[Entry]:
    """Looks, edits, tests, hands in: a gain that is real."""
    look = say("Let me look first.", call("view", path="parcels.py"), call("references", name="zone"))
    return [look, edit(LOOP, PERIOD), submit(summary)]


def broken() -> list[Entry]:
    """An idea that is right and off by one: it fails a test, which the model does not heed."""
    return [edit(LOOP, SHORT), submit("sum one turn of seven steps")]


def repaired() -> list[Entry]:
    """Begins at what `broken` left and mends it."""
    return [edit("turn[:5]", "turn[:6]"), submit("sum one turn of seven steps, all six that remain")]


@dataclass(frozen=True)
class Asked:
    """A job whose models are scripted."""

    job: Job
    kit: Kit
    search: Search
    player: Player


@contextmanager
def asked(
    court: Court, entries: Sequence[Entry], *, budget: Budget | None = None, target: str = TARGET
) -> Iterator[Asked]:
    """The court's project with an empty memory and a model that plays these entries; the search ends with them."""
    player = Player(entries, "the script")
    job = replace(court.job, models=(MODEL,), budget=budget or Budget(model_calls=len(entries)))
    with serving(player) as endpoint:
        chat = LangchainChat([MODEL], Access(openai_base_url=SecretStr(endpoint.url)))
        kit = replace(forgetful(court.kit, job), chat=chat, ledger=Ledger(job.budget))
        search = Search(aims=(Aim(name=target, share=0.5),), models=job.models, seed=job.seed)
        yield Asked(job=job, kit=kit, search=search, player=player)
