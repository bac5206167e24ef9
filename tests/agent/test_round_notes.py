"""What sessions say reaches the rounds after them, also when the process dies in between."""

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from silent import silent_job

from agent.baseline import Baseline
from agent.domain import Budget, Goal, Model, Round
from agent.ledger import Ledger
from agent.models.messages import Message, Reply, Request, ToolCall, Usage
from agent.optimizer import search
from agent.policies.choose import make_policy
from agent.policies.search import Search
from agent.rounds import directions_of
from benchmarks.simulated import aims_of
from storage.memory import MemoryJournal
from tools.git.snapshot import Snapshot

MODEL = Model(name="openai:talker")


class Talker:
    """A model that edits nothing and says where one could go."""

    def __init__(self, deaths: int = 0) -> None:
        self.asked: list[Request] = []
        self._deaths = deaths

    def reply(self, request: Request, *, timeout_s: float) -> Reply:
        del timeout_s
        self.asked.append(request)
        if len(self.asked) == self._deaths:
            raise KeyboardInterrupt
        said = {"summary": "no gain\nin sight", "give_up": True, "directions": ["sort once", "  index\nit "]}
        call = ToolCall(id=f"call{len(self.asked)}", name="submit", arguments=json.dumps(said))
        return Reply(message=Message(role="assistant", calls=(call,)), usage=Usage(input_tokens=90, output_tokens=10))


def rounds_of(folder: Path, chat: Talker, *, resumed: bool = False) -> list[Round]:
    tree = folder / "tree"
    tree.mkdir(parents=True)
    (tree / "a.py").write_text("x = 1\n")
    job, kit = silent_job(tree, folder / "home", {})
    job = replace(job, models=(MODEL,))
    kit = replace(kit, chat=chat, ledger=Ledger(Budget()))
    baseline = SimpleNamespace(
        snapshot=Snapshot(source="x", commit="c" * 40, tree=tree),
        recipe=SimpleNamespace(sources=(".",), off_limits=()),
        suite=SimpleNamespace(stable=("t",), seconds=1.0),
        environment=SimpleNamespace(python_version="3.12"),
        targets=(),
        named=(),
        benchmarks=(),
        goal=Goal(),
    )
    policy = make_policy("best_of_n(n=3)", Search(aims=aims_of(["a:f", "a:g"]), models=job.models))
    if resumed:
        with pytest.raises(KeyboardInterrupt):
            search(job, cast(Baseline, baseline), policy, {}, kit)
        assert isinstance(kit.journal, MemoryJournal)
        kit.journal.attempt += 1
    search(job, cast(Baseline, baseline), policy, {}, kit)
    return list(kit.archive.rounds())


def test_directions_that_a_session_names_stand_in_the_rounds_note(tmp_path: Path) -> None:
    chat = Talker()
    first, second = rounds_of(tmp_path, chat)
    assert first.note.splitlines()[:3] == ["gave up: no gain in sight", "- sort once", "- index it"]
    assert directions_of(first.note) == ("sort once", "index it") * 3
    assert second.ended
    assert len(chat.asked) == 6
    assert "bold and right" in chat.asked[0].messages[1].text  # the strategy's own words


def test_a_round_that_was_killed_ends_with_the_same_note_and_cost(tmp_path: Path) -> None:
    whole = rounds_of(tmp_path / "whole", Talker())
    for deaths in range(1, 7):
        chat = Talker(deaths)
        assert rounds_of(tmp_path / f"killed{deaths}", chat, resumed=True) == whole
        assert len(chat.asked) == 7  # what was answered is not asked again
