"""A small project in C, prepared once; scripted sessions work on it and its candidates are judged as any other's."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import Field
from silent import silent_job

from agent.baseline import Baseline, prepare
from agent.bench import Bench, Plans
from agent.desk import Desk
from agent.domain import UNCHANGED, Directive, Job, Model
from agent.kit import Kit
from agent.models.gateway import Gateway
from agent.models.messages import Message, Reply, Request, ToolCall
from agent.numbering import numbered
from agent.prompts.opening import opening
from agent.protocols import Draft
from agent.session.answers import Answerer
from agent.session.session import Ended, Session
from agent.toolbox.tool import Arguments, Manner, Tool
from agent.toolbox.tools import TOOLS
from tools.errors import ToolError

HEAT = Path(__file__).with_name("heat")
TARGET = "src/grid.c:relax"
MODEL = Model(name="openai:scripted")


class ReplaceArguments(Arguments):
    """Arguments of `replace`."""

    path: str = Field(description="The file.")
    old: str = Field(description="Text that stands in it once.")
    new: str = Field(description="What takes its place.")


def _replace(desk: Desk, arguments: ReplaceArguments) -> str:
    text = desk.read(arguments.path)
    if text.count(arguments.old) != 1:
        raise ToolError("The old text must stand in the file once.")
    desk.write(arguments.path, text.replace(arguments.old, arguments.new))
    return "Replaced."


REPLACE = Tool(
    name="replace",
    description="Replaces a text in a file.",
    arguments=ReplaceArguments,
    run=_replace,
    manner=Manner.CHANGES,
)


@dataclass
class Script:
    """A model that answers with calls of tools, one reply after the other, and keeps what it was asked."""

    replies: Sequence[Sequence[tuple[str, dict[str, Any]]]]
    asked: list[Request] = field(default_factory=list)

    def reply(self, request: Request, *, timeout_s: float) -> Reply:  # noqa: ARG002
        """The next reply."""
        calls = self.replies[len(self.asked)]
        self.asked.append(request)
        return Reply(
            message=Message(
                role="assistant",
                calls=tuple(
                    ToolCall(id=f"{len(self.asked)}-{number}", name=name, arguments=json.dumps(arguments))
                    for number, (name, arguments) in enumerate(calls)
                ),
            ),
            finish="tool_calls",
        )

    def told(self, number: int) -> list[str]:
        """What the tools of its reply `number`, from 1, answered."""
        answers = self.asked[number].messages
        return [message.text for message in answers if message.answers.startswith(f"{number}-")]


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

    def converse(self, script: Script, target: str = TARGET) -> tuple[Desk, Ended]:
        """A whole session with a scripted model."""
        desk, kit, tools = self.desk(target), self.kit, (*TOOLS, REPLACE)
        self.rounds += 1  # what one round was answered is answered again in the same
        gateway = Gateway(script, (MODEL,), kit.journal, kit.ledger, round=self.rounds)
        answerer = Answerer(tools=tools, desk=desk, journal=kit.journal, round=self.rounds)
        session = Session(desk=desk, gateway=gateway, answerer=answerer, tools=tools, opening=opening(desk, ()))
        return desk, session.run()

    def bench(self, draft: Draft) -> Bench:
        """A draft beside the unchanged code."""
        candidate = numbered(draft, (0,), self.kit, round_number=1)
        return Bench(
            kit=self.kit, job=self.job, baseline=self.baseline, parent=UNCHANGED, candidate=candidate, plans=self.plans
        )

    def edited(self, old: str, new: str, path: str = "src/grid.c") -> Bench:
        """One replacement beside the unchanged code."""
        desk = self.desk()
        _replace(desk, ReplaceArguments(path=path, old=old, new=new))
        return self.bench(desk.draft("a test's edit"))


def open_plate(folder: Path) -> Plate:
    """Copy the project and prepare it; no package index is asked."""
    source = shutil.copytree(HEAT, folder / "project")
    job, kit = silent_job(source, folder / "home", {"UV_OFFLINE": "1"})
    job = replace(job, models=(MODEL,))
    return Plate(job=job, kit=kit, baseline=prepare(job, kit))
