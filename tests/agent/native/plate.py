"""A small project in C, prepared once; scripted sessions work on it and its candidates are judged as any other's."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path

from silent import silent_job

from agent.baseline import Baseline, prepare
from agent.bench import Bench, Plans
from agent.desk import Desk
from agent.domain import UNCHANGED, Directive, Job, Model, StepKind
from agent.kit import Kit
from agent.models.gateway import Gateway
from agent.models.player import Player, ScriptedChat
from agent.models.script import Entry
from agent.numbering import numbered
from agent.prompts.opening import opening
from agent.protocols import Draft
from agent.session.answers import Answerer
from agent.session.session import Ended, Session
from agent.toolbox.tools import TOOLS

HEAT = Path(__file__).with_name("heat")
TARGET = "src/grid.c:relax"
MODEL = Model(name="openai:scripted")


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """A session that is over."""

    desk: Desk
    ended: Ended
    task: str
    answers: list[str]
    """What the tools answered, call by call."""


@dataclass
class Plate:
    """The prepared project."""

    job: Job
    kit: Kit
    baseline: Baseline
    plans: Plans = field(default_factory=dict)
    rounds: int = 0

    def desk(self, target: str = TARGET) -> Desk:
        """A fresh desk."""
        directive = Directive(
            round=1, parent=UNCHANGED, proposer="session", target=target, method="test", model=MODEL.name
        )
        return Desk(job=self.job, baseline=self.baseline, directive=directive, kit=self.kit, plans=self.plans)

    def converse(self, *script: Entry) -> Conversation:
        """A whole session with a scripted model, whose script is played to its end."""
        desk, kit = self.desk(), self.kit
        self.rounds += 1  # what one round was answered is answered again in the same
        player = Player(script, "the script")
        gateway = Gateway(ScriptedChat(player), (MODEL,), kit.journal, kit.ledger, round=self.rounds)
        answerer = Answerer(tools=TOOLS, desk=desk, journal=kit.journal, round=self.rounds)
        told = opening(desk, ())
        ended = Session(desk=desk, gateway=gateway, answerer=answerer, tools=TOOLS, opening=told).run()
        assert player.problem() == ""
        results = kit.journal.steps(StepKind.RESULT, round=self.rounds)
        answers = [str(step.data["answer"]) for step in results]
        return Conversation(desk=desk, ended=ended, task=told[1].text, answers=answers)

    def bench(self, draft: Draft) -> Bench:
        """A draft beside the unchanged code."""
        candidate = numbered(draft, (0,), self.kit, round_number=1)
        return Bench(
            kit=self.kit, job=self.job, baseline=self.baseline, parent=UNCHANGED, candidate=candidate, plans=self.plans
        )

    def edited(self, old: str, new: str, path: str = "src/grid.c") -> Bench:
        """One replacement beside the unchanged code."""
        desk = self.desk()
        text = desk.read(path)
        assert text.count(old) == 1
        desk.write(path, text.replace(old, new))
        return self.bench(desk.draft("a test's edit"))


def open_plate(folder: Path) -> Plate:
    """Copy the project and prepare it; no package index is asked."""
    source = shutil.copytree(HEAT, folder / "project")
    job, kit = silent_job(source, folder / "home", {"UV_OFFLINE": "1"})
    job = replace(job, models=(MODEL,))
    return Plate(job=job, kit=kit, baseline=prepare(job, kit))
